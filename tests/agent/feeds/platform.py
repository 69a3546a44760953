"""A platform on loopback: the routes of a test, served by the server that serves our own pages."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from agent.feeds.line import Feed, Item


@asynccontextmanager
async def platform(routes: Sequence[BaseRoute]) -> AsyncIterator[int]:
    """Gives the port."""
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=list(routes)),
            port=0,
            log_config=None,
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it sets no event
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def first(feed: Feed, count: int) -> list[Item]:
    """The first *count* items. Raises what the feed raises."""
    found: list[Item] = []
    async with asyncio.timeout(15), aclosing(feed.items()) as items:
        async for item in items:
            found.append(item)
            if len(found) == count:
                break
    return found
