"""Where bridges to other platforms post: ``POST /api/hook`` (docs/webhook.md)."""

import asyncio
from typing import Final

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from agent.feeds.hook import BODY_BYTES, SECRET, HookError, HookFeed
from agent.studio.limits import Bucket

BODY_S: Final = 10.0
"""How long a body may take to come."""
STRANGERS: Final = (2.0, 20.0)
"""Requests with a wrong signature, a second in the long run and at once; beyond, they are not even
looked at."""
AT_A_TIME: Final = 32
"""Requests whose bodies are being received."""


class Hook:
    """The route; *feed* is None where no secret is set."""

    def __init__(self, feed: HookFeed | None) -> None:
        self._feed = feed
        self._strangers = Bucket(*STRANGERS)
        self._receiving = 0

    def route(self) -> Route:
        return Route("/api/hook", self._post, methods=["POST"])

    async def _post(self, request: Request) -> Response:
        try:
            if self._feed is None:
                raise HookError(404, f"this show takes no posts: set {SECRET}, and start it again")
            headers = request.headers
            stamp = headers.get("candor-timestamp", "")
            signature = headers.get("candor-signature", "")
            if not stamp or not signature:
                raise HookError(401, "send Candor-Timestamp and Candor-Signature")
            taken = self._feed.take(stamp, signature, await self._body(request))
        except HookError as error:
            return self._error(error)
        except ClientDisconnect:
            return _json(400, {"error": "the request broke off"})
        return _json(200, {"taken": taken})

    def _error(self, error: HookError) -> Response:
        if error.status == 401 and not self._strangers.take():
            error = HookError(429, "too many requests that are not signed rightly")
        answer = _json(error.status, {"error": str(error)})
        if error.status == 429:
            answer.headers["Retry-After"] = "1"
        return answer

    async def _body(self, request: Request) -> bytes:
        """Raises HookError: too long (413), too slow (408), too many at a time (429)."""
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > BODY_BYTES:
            raise _too_long()
        if self._receiving >= AT_A_TIME:
            raise HookError(429, f"{AT_A_TIME} requests at a time: one after another is enough")
        self._receiving += 1
        data = bytearray()
        try:
            async with asyncio.timeout(BODY_S):
                async for chunk in request.stream():
                    data += chunk
                    if len(data) > BODY_BYTES:
                        raise _too_long()
        except TimeoutError:
            raise HookError(408, f"the body did not come within {BODY_S:.0f} s") from None
        finally:
            self._receiving -= 1
        return bytes(data)


def _too_long() -> HookError:
    return HookError(413, f"too long: at most {BODY_BYTES} bytes in one request")


def _json(status: int, data: dict[str, object]) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(
        msgspec.json.encode(data), status, media_type="application/json", headers=headers
    )
