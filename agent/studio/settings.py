"""Where the pages are served, and who may do what there."""

import ipaddress
import re
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LEAST_TOKEN: Final = 16
"""Characters of a token that may guard an address other than this machine's own."""
_SITE: Final = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)
_STALLED_MS: Final = 20_000
"""After this long without a byte taken, the system ends a viewer's connection."""


class CannotServe(Exception):  # noqa: N818 - it says what is the matter, as agent.app's does
    """The pages cannot be served there; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """Raises CannotServe for an address other than loopback without a token of one's own."""

    host: str = "127.0.0.1"
    port: int = 8800
    """0: any free one."""
    token: str = field(default="", repr=False)
    """For who may change the show; made anew when empty."""
    made: bool = field(default=False, init=False)
    """Whether the token was made anew, and so is known to nobody yet."""
    merchant_token: str = field(default="", repr=False)
    """For who may change the catalog, and nothing else; "": nobody but the operator."""
    origins: tuple[str, ...] = ()
    """Other sites whose pages may open sockets here, as "https://shop.example"."""
    embed: tuple[str, ...] = ()
    """Other sites that may show the watch page in a frame, as "https://shop.example"."""
    hosts: tuple[str, ...] = ()
    """Names that this server is reached by, as "live.shop.example"; needed behind a proxy."""
    most_upload_bytes: int = 2 * 1024**3
    """Of one file that the staff upload."""
    spool: Path | None = None
    """A folder of its own where uploads lie until they are loaded; by default a temporary one."""
    most_sockets: int = 1000
    most_sockets_per_address: int = 64

    def __post_init__(self) -> None:
        if not self.is_loopback and len(self.token) < LEAST_TOKEN:
            raise CannotServe(
                f"{self.host} can be reached from other machines, so the studio needs a token of "
                f"at least {LEAST_TOKEN} characters: set CANDOR_STUDIO_TOKEN, or serve on 127.0.0.1"
            )
        for site in self.embed:
            if not _SITE.fullmatch(site):
                raise CannotServe(
                    f"embed: {site!r} is no site: write https:// and its name, as "
                    '"https://shop.example", and no path'
                )
        if self.merchant_token and len(self.merchant_token) < LEAST_TOKEN:
            raise CannotServe(
                f"CANDOR_MERCHANT_TOKEN is too short: at least {LEAST_TOKEN} characters"
            )
        if self.merchant_token and self.merchant_token == self.token:
            raise CannotServe("CANDOR_MERCHANT_TOKEN is the studio's: choose two that differ")
        if not self.token:
            object.__setattr__(self, "token", secrets.token_urlsafe(24))
            object.__setattr__(self, "made", True)

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def open_port(settings: StudioSettings) -> socket.socket:
    """The socket to serve on, bound. Raises CannotServe, naming the remedy."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CannotServe(f"{settings.host} is no address of this machine: {error}") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by what is accepted: a viewer who has stalled does not keep memory for hours.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED_MS)
    try:
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"port {settings.port} of {settings.host} cannot be had ({error.strerror}): end what "
            "listens there, or choose another with port in [server] of candor.toml (0: any free)"
        ) from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """``http://host:port`` of *listener*, as one types it on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def links(listener: socket.socket, settings: StudioSettings) -> tuple[str, str]:
    """The watch page, and the studio: a token made anew stands behind "#", which no server is ever
    sent; one that was set is not told again, as what a terminal shows often ends in a log."""
    base = address_of(listener)
    return f"{base}/", f"{base}/studio" + (f"#token={settings.token}" if settings.made else "")
