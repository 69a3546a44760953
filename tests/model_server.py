"""The real model server, once for all tests that want it, and a fake one that misbehaves."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil
import pytest

from models.server import Phase, ServerSpec, ServerState, supervise


class ModelServer:
    """A supervised server on a thread of its own."""

    def __init__(self, spec: ServerSpec) -> None:
        from models.llm import LangChainWriter  # a second of imports that most tests do without

        self.states: list[ServerState] = []
        self._spec, self._changed = spec, threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._task: Future[None] = asyncio.run_coroutine_threadsafe(
            supervise(spec, self._told, LangChainWriter().probe()), self._loop
        )

    @property
    def state(self) -> ServerState:
        return self.states[-1] if self.states else ServerState(Phase.STARTING)

    def wait(self, phase: Phase, seconds: float = 200.0, after: int = 0) -> ServerState:
        """The first state of *phase* among those from *after* on."""

        def found() -> ServerState | None:
            return next((s for s in self.states[after:] if s.phase is phase), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None, seconds)
        state = found()
        assert state is not None, f"never {phase}: {self.states}"
        return state

    def processes(self) -> list[psutil.Process]:
        """The server's own, without the leash."""
        leashes = [c for c in psutil.Process().children() if "leash.py" in " ".join(c.cmdline())]
        return [child for leash in leashes for child in leash.children()]

    def stop(self) -> None:
        self._task.cancel()
        self._loop.call_soon_threadsafe(lambda: None)
        asyncio.run_coroutine_threadsafe(self._others(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _others(self) -> None:
        me = asyncio.current_task()
        await asyncio.gather(*(asyncio.all_tasks() - {me}), return_exceptions=True)

    def _told(self, state: ServerState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()


@pytest.fixture(scope="session")
def model_server() -> Iterator[ModelServer]:
    """vLLM with the packaged model, ready."""
    server = ModelServer(ServerSpec())
    try:
        server.wait(Phase.READY)
        yield server
    finally:
        server.stop()


@pytest.fixture
def llm_url(model_server: ModelServer) -> str:
    """Where it is, with its /v1; its key is ``model_server.state.key``."""
    return model_server.state.url


async def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for what happens in another process or on another loop."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # nobody here could set an event
            await asyncio.sleep(0.01)


# --- a fake ----------------------------------------------------------------------------------

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class FakeServer:
    """An OpenAI-compatible server in so far as a test wants it."""

    reply: Reply
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)
    hung_up: int = 0
    models: bytes = b'{"data": [{"id": "fake"}]}'
    alive: bool = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = [x for x in head.lower().splitlines() if x.startswith("content-length:")]
            body = await reader.readexactly(int(length[0].split(":")[1])) if length else b""
            if not self.alive:
                writer.transport.abort()
                return
            if "/models" in head.splitlines()[0]:
                await whole(writer, self.models)
                return
            self.asked.append(json.loads(body))
            if not self.asked[-1].get("stream"):
                await whole(writer, b'{"choices": [{"message": {"content": "Hi"}}]}')
                return
            watch = asyncio.create_task(reader.read(1))
            answer = asyncio.ensure_future(self.reply(writer))
            await asyncio.wait([watch, answer], return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                self.hung_up += 1
            answer.cancel()
            watch.cancel()
            await asyncio.gather(answer, watch, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def fake_server(reply: Reply) -> AsyncIterator[FakeServer]:
    fake = FakeServer(reply)
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()


async def whole(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK") -> None:
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    writer.write(head.encode() + b"\r\nconnection: close\r\n\r\n" + body)
    await writer.drain()


async def begin(writer: asyncio.StreamWriter) -> None:
    """The head of a stream that ends with the connection."""
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    await writer.drain()


async def event(writer: asyncio.StreamWriter, data: str) -> None:
    line = f"data: {data}\n\n".encode()
    writer.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
    await writer.drain()


async def finish(writer: asyncio.StreamWriter) -> None:
    await event(writer, "[DONE]")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


def delta(text: str, end: str | None = None) -> str:
    """One event of a streamed completion."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": end}
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "fake",
            "choices": [choice],
        }
    )


def saying(*pieces: str, end: str | None = "stop") -> Reply:
    """A reply of these pieces."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        await begin(writer)
        for piece in pieces:
            await event(writer, delta(piece))
        await event(writer, delta("", end))
        await finish(writer)

    return reply
