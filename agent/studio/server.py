"""Serves the pages of a running show, and brings its events to them."""

import asyncio
import contextlib
import logging
import socket
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from agent.feeds.hook import HookFeed
from agent.ports import Backroom, Catalog, Desk, PlanDesk
from agent.publish.preview import Preview
from agent.studio import told
from agent.studio.api import Api
from agent.studio.commands import VOICE_BYTES
from agent.studio.gate import Gate
from agent.studio.hook import Hook
from agent.studio.metrics import Metrics
from agent.studio.patience import Patient
from agent.studio.settings import StudioSettings
from agent.studio.sockets import Sockets
from agent.studio.uploads import Uploads
from agent.types import LANGUAGES, Event

log = logging.getLogger(__name__)

_PAGES: Final = Path(__file__).parent / "pages"
_BATCH_S: Final = 0.1
"""How long events for viewers are gathered into one message."""
_NOTHING: Final[Mapping[str, object]] = {}


async def serve(
    desk: Desk,
    preview: Preview,
    catalog: Catalog,
    settings: StudioSettings,
    listener: socket.socket,
    vitals: Callable[[], Mapping[str, object]] = lambda: _NOTHING,
    backroom: Backroom | None = None,
    plan: PlanDesk | None = None,
    hook: HookFeed | None = None,
) -> None:
    """Serve the pages on *listener* (see ``open_port``) until cancelled.

    *vitals* gives numbers of the outputs; they are added to each ``stats`` event and to the
    metrics. Product pictures come from *catalog*; the staff change it through *backroom*, and the
    run of show through *plan*. Bridges to other platforms post into *hook*.
    """
    sockets = Sockets(desk, preview, settings.token)
    spool = settings.spool or Path(tempfile.mkdtemp(prefix="candor-uploads-"))
    uploads = Uploads(backroom, spool, settings.most_upload_bytes) if backroom else None
    language = next(own for own in LANGUAGES if own == desk.snapshot().data["language"])
    api = None
    if backroom and uploads:
        api = Api(backroom, uploads, settings.token, language, plan, desk, settings.merchant_token)

    def numbers() -> Mapping[str, object]:
        return {
            "viewers": len(sockets.room_crowd),
            "watching": preview.viewers,
            "viewers_dropped": preview.dropped + sockets.room_crowd.dropped,
            **vitals(),
        }

    metrics = Metrics(numbers)
    app = Gate(Starlette(routes=routes(sockets, catalog, metrics, api, Hook(hook))), settings)
    server = _Server(
        uvicorn.Config(
            app,
            http=Patient,
            ws="websockets-sansio",
            ws_max_size=VOICE_BYTES,
            ws_per_message_deflate=False,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=1,
            limit_concurrency=settings.most_sockets + 200,
        )
    )
    # Nothing of it is worth an operator's line; refusals are logged by the gate.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    batch = told.Batch()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_listen(desk, sockets, batch, metrics, numbers))
        tasks.create_task(_send_batches(sockets, batch))
        if uploads:
            tasks.create_task(uploads.run())
        await server.until_cancelled(listener)


async def _listen(
    desk: Desk,
    sockets: Sockets,
    batch: told.Batch,
    metrics: Metrics,
    numbers: Callable[[], Mapping[str, object]],
) -> None:
    async with aclosing(desk.events()) as events:
        async for event in events:
            if event.kind == "stats":
                event = Event("stats", event.at, {**event.data, **numbers()})
            metrics.add(event)
            sockets.past.add(event)
            if len(sockets.studio_crowd):
                sockets.studio_crowd.tell(told.line([told.for_studio(event)]))
            batch.add(event)


async def _send_batches(sockets: Sockets, batch: told.Batch) -> None:
    while True:
        await asyncio.sleep(_BATCH_S)
        if text := batch.take():
            sockets.room_crowd.tell(text)


def routes(
    sockets: Sockets, catalog: Catalog, metrics: Metrics, api: Api | None, hook: Hook
) -> list[BaseRoute]:
    """All there is; tests/agent/studio/test_roles.py has who may do what there."""

    def page(name: str) -> Callable[[Request], Response]:
        def respond(_: Request) -> Response:
            return FileResponse(_PAGES / name)

        return respond

    async def picture(request: Request) -> Response:
        product = catalog.product(request.path_params["sku"])
        if product is None or product.image is None or not product.image.is_file():
            return PlainTextResponse("no such picture\n", 404)
        return FileResponse(product.image, headers={"Cache-Control": "max-age=300"})

    async def health(_: Request) -> Response:
        return JSONResponse({"ok": not sockets.over})

    async def numbers(request: Request) -> Response:
        if not sockets.knows(request.headers.get("authorization", "")):
            return PlainTextResponse("send the token: Authorization: Bearer ...\n", 401)
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return [
        Route("/", page("watch.html")),
        Route("/studio", page("studio.html")),
        Route("/product/{sku}.png", picture),
        Route("/health", health),
        Route("/metrics", numbers),
        hook.route(),
        *(api.routes() if api else ()),
        WebSocketRoute("/media", sockets.media),
        WebSocketRoute("/room", sockets.room),
        WebSocketRoute("/studio/socket", sockets.studio),
        Mount("/pages", StaticFiles(directory=_PAGES)),
    ]


class _Server(uvicorn.Server):
    """Uvicorn without its hold on the process's signals: the show ends it by cancelling."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def until_cancelled(self, listener: socket.socket) -> None:
        try:
            await self.serve(sockets=[listener])
        except asyncio.CancelledError:
            if self.started:
                await self.shutdown(sockets=[listener])
            raise
