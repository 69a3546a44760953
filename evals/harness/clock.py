"""An event loop that leaps over the time in which everyone only waits.

Of a show of ten minutes, nine and more are waiting: for the sound to be played out, for the next
question. Its timers come at once here, while what works outside the loop, in a thread or on
another machine, takes the time that it takes. With *timed* false, work takes no time either: then
a slow machine changes nothing, and no times are measured.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future
from contextlib import aclosing, contextmanager
from functools import partial
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar, TypeVarTuple, Unpack

from agent.ports import BackendError, Writer
from agent.types import ChatMessage, Facts, Stream

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_LOOK_S = 0.2
"""Between two looks at whether the model has become ready."""


class StuckError(RuntimeError):
    """Everyone waits for something that can no longer happen."""


class _Leap(selectors.DefaultSelector):
    def __init__(self, loop: "LeapingLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if (ready := super().select(0)) or timeout == 0:
            return ready
        if self._loop.outside:
            return super().select(timeout if self._loop.timed else None)
        if timeout is None:
            raise StuckError("every task waits and no timer is set: the show would hang")
        self._loop.leapt += timeout
        return []


class LeapingLoop(asyncio.SelectorEventLoop):
    """``time()`` is the time worked plus the time leapt over, in seconds from its making."""

    def __init__(self, *, timed: bool = True) -> None:
        self.timed = timed
        self.leapt = 0.0
        self.outside = 0
        """How much is being done outside this loop."""
        self._began = time.monotonic()
        super().__init__(_Leap(self))

    def time(self) -> float:
        return self.leapt + (time.monotonic() - self._began if self.timed else 0.0)

    @contextmanager
    def working(self) -> Iterator[None]:
        """While what is waited for is done elsewhere."""
        self.outside += 1
        try:
            yield
        finally:
            self.outside -= 1

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        future = super().run_in_executor(executor, func, *args)
        if not future.done():
            self.outside += 1
            future.add_done_callback(self._back)
        return future

    def _back(self, future: "asyncio.Future[Any]") -> None:
        self.outside -= 1


def run_leaping(work: Coroutine[Any, Any, T], *, timed: bool = True) -> T:
    with asyncio.Runner(loop_factory=partial(LeapingLoop, timed=timed)) as runner:
        try:
            return runner.run(work)
        finally:
            loop = runner.get_loop()
            assert isinstance(loop, LeapingLoop)
            loop.outside += 1  # closing waits for threads


class Here(Executor):
    """A pool that works where it is called: drawing nothing needs no thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            future.set_exception(error)
        return future


class Afar:
    """A writer on an event loop of its own, in a thread whose clock is the world's: connections
    and their time limits cannot live where time leaps. Implements ``agent.ports.Writer``."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        """*opened* gives the asynchronous context manager that the writer comes from."""
        self._opened = opened
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="writer", daemon=True)
        self._writer: Writer | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._ending = asyncio.Event()
        opening: Future[None] = Future()
        self._kept = asyncio.run_coroutine_threadsafe(self._keep(opening), self._loop)
        opening.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._kept.result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _keep(self, opening: "Future[None]") -> None:
        """One task opens and closes: a task group asks for that."""
        try:
            async with self._opened() as writer:
                self._writer = writer
                opening.set_result(None)
                await self._ending.wait()
        except BaseException as error:
            if not opening.done():
                opening.set_exception(error)
            raise

    @property
    def inner(self) -> Writer:
        assert self._writer is not None
        return self._writer

    @property
    def ready(self) -> bool:
        return self.inner.ready

    def wait_ready(self, within_s: float) -> bool:
        """Wait for the model, blocking; whether it answers."""
        until = time.monotonic() + within_s
        while not self.ready and time.monotonic() < until:
            time.sleep(_LOOK_S)
        return self.ready

    async def write(self, message: ChatMessage, facts: Facts) -> Stream[str]:
        here = asyncio.get_running_loop()
        pieces: asyncio.Queue[str | BackendError | None] = asyncio.Queue(4096)

        async def pump() -> None:
            told: str | BackendError | None = None
            try:
                async with aclosing(self.inner.write(message, facts)) as text:
                    async for piece in text:
                        here.call_soon_threadsafe(pieces.put_nowait, piece)
            except BackendError as error:
                told = error
            here.call_soon_threadsafe(pieces.put_nowait, told)

        pumping = asyncio.run_coroutine_threadsafe(pump(), self._loop)
        try:
            while (piece := await self._next(here, pieces)) is not None:
                if isinstance(piece, BackendError):
                    raise piece
                yield piece
        finally:
            pumping.cancel()

    async def _next(
        self, here: asyncio.AbstractEventLoop, pieces: "asyncio.Queue[str | BackendError | None]"
    ) -> str | BackendError | None:
        if not isinstance(here, LeapingLoop):
            return await pieces.get()
        with here.working():
            return await pieces.get()
