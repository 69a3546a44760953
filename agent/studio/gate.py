"""The door of the server: whose requests come in, how many at once, and what browsers are told."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.studio.settings import StudioSettings

log = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Gate:
    """Lets a request on to *app* if its Host is ours, its Origin is ours, and there is room.

    The Host is checked so that no page elsewhere can reach a loopback server by pointing its own
    name at it. A request without Origin is no browser's page, and comes in.
    """

    def __init__(self, app: ASGIApp, settings: StudioSettings) -> None:
        self._app = app
        self._settings = settings
        names = {settings.host, *settings.hosts, *(_LOOPBACK if settings.is_loopback else ())}
        # An address that others reach has names we cannot know, unless they are set.
        self._names = names if settings.is_loopback or settings.hosts else None
        self._sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        reason = self._refusal(headers)
        if reason:
            await self._refuse(scope, receive, send, reason)
        elif scope["type"] == "http":
            # Only the page for viewers goes into a frame: a click on the studio is never borrowed.
            sites = self._settings.embed if scope["path"] == "/" else ()
            await self._app(scope, receive, _with_headers(send, headers.get("host", ""), sites))
        else:
            await self._socket(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if self._names is not None and _name(f"//{host}") not in self._names:
            return "this server is not known by that name"
        origin = headers.get("origin")
        if origin is None or origin in self._settings.origins:
            return None
        if _place(origin) != host.lower():
            return "pages of another site may not do this"
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        if self._sockets.total() >= self._settings.most_sockets:
            await self._refuse(scope, receive, send, "the room is full")
            return
        if self._sockets[address] >= self._settings.most_sockets_per_address:
            await self._refuse(scope, receive, send, "too many connections from one address")
            return
        self._sockets[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, reason: str) -> None:
        log.info("request refused", extra={"path": scope["path"], "reason": reason})
        if scope["type"] == "websocket":
            # The handshake is answered with 403, whatever the reason.
            await receive()
            await send({"type": "websocket.close"})
        else:
            await PlainTextResponse(f"{reason}\n", 403)(scope, receive, send)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _place(url: str) -> str | None:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return None


def _with_headers(send: Send, host: str, sites: Sequence[str]) -> Send:
    policy = "; ".join(_policy(host, sites))

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", policy)  # or a stricter one of its own
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return wrapped


def _policy(host: str, sites: Sequence[str]) -> Iterable[str]:
    yield "default-src 'self'"
    yield "media-src 'self' blob:"
    # Older browsers do not count sockets among 'self'. The Host has been checked, or is quoted
    # back to the one who sent it.
    safe = all(char.isalnum() or char in ".-:[]" for char in host)
    yield f"connect-src 'self' ws://{host} wss://{host}" if safe and host else "connect-src 'self'"
    yield "object-src 'none'"
    yield "base-uri 'none'"
    yield "form-action 'none'"
    yield "frame-ancestors " + (" ".join(sites) or "'none'")
