"""A WebSocket to a platform, whose faults are the feed's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Origin

from agent.feeds.line import FeedError, FeedRefused

OPEN_S = 10.0
LARGEST = 256 * 1024
"""Bytes of one message; a platform's are a few thousand."""
_REFUSALS = (401, 403)


@asynccontextmanager
async def websocket(
    url: str, *, origin: str | None = None, ping_s: float | None = 20.0
) -> AsyncIterator[ClientConnection]:
    """Connected to *url*; a certificate that is not right is a fault, too. Raises FeedError, for
    what goes wrong inside it as well.

    *ping_s*: between two pings of the WebSocket, each answered within as long; None where the
    platform has a heartbeat of its own and takes none of ours.
    """
    try:
        async with connect(
            url,
            origin=Origin(origin) if origin else None,
            open_timeout=OPEN_S,
            close_timeout=2.0,
            ping_interval=ping_s,
            ping_timeout=ping_s,
            max_size=LARGEST,
        ) as connected:
            yield connected
    except InvalidStatus as error:
        status = error.response.status_code
        kind = FeedRefused if status in _REFUSALS else FeedError
        raise kind(f"the platform answered {status}") from error
    except InvalidURI as error:
        raise FeedRefused(f"{url} is no address of a WebSocket: {error}") from error
    except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError) as error:
        raise FeedError(_told(error)) from error


def _told(error: Exception) -> str:
    if isinstance(error, ConnectionClosed):
        closed = error.rcvd
        return f"closed ({closed.code} {closed.reason})" if closed else "the connection broke"
    return f"{type(error).__name__}: {error}".removesuffix(": ")
