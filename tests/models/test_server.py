"""The model server is kept alive, watched, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from models.server import Phase, ServerSpec, ServerState, supervise
from tests.model_server import FakeServer, eventually, fake_server, saying

LEASH = Path(__file__).parents[2] / "models" / "leash.py"

# Serves what supervise asks for, on the port it is given; a grandchild stands for the engine.
STAND_IN = """
import http.server, json, os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(os.environ["PIDS"], "a").write(f"{os.getpid()} {child.pid}\\n")
class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def do_POST(self):
        assert self.headers["Authorization"] == "Bearer " + os.environ["VLLM_API_KEY"]
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": "Hi"}}]}).encode())
    def log_message(self, *_): pass
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Server).serve_forever()
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerSpec:
    """A server of a few lines, started as the real one is."""
    (tmp_path / "server.py").write_text(STAND_IN, encoding="utf-8")
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/server.py" "$@"\n')
    program.chmod(0o755)
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    return ServerSpec(
        python=program,
        weights=tmp_path,
        log=tmp_path / "log" / "server.log",
        start_within_s=30,
        look_every_s=0.05,
    )


def pids(spec: ServerSpec) -> list[int]:
    return [int(pid) for pid in (spec.weights / "pids").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Told:
    """The states that a supervisor told."""

    def __init__(self) -> None:
        self.states: list[ServerState] = []

    async def until(self, phase: Phase, count: int = 1) -> ServerState:
        def found() -> list[ServerState]:
            return [state for state in self.states if state.phase is phase]

        await eventually(lambda: len(found()) >= count)
        return found()[count - 1]


def test_a_dead_server_is_started_anew_with_a_new_key(spec: ServerSpec) -> None:
    async def main() -> None:
        told = Told()
        task = asyncio.create_task(supervise(spec, told.states.append))
        first = await told.until(Phase.READY)
        os.kill(pids(spec)[0], signal.SIGKILL)
        down = await told.until(Phase.DOWN)
        assert "ended with status" in down.detail
        second = await told.until(Phase.READY, 2)
        assert (second.url, second.key) != (first.url, first.key)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    assert not [pid for pid in pids(spec) if alive(pid)]


def test_cancelling_stops_the_server_and_all_it_started(spec: ServerSpec) -> None:
    async def main() -> None:
        told = Told()
        task = asyncio.create_task(supervise(spec, told.states.append))
        await told.until(Phase.READY)
        assert all(alive(pid) for pid in pids(spec))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await eventually(lambda: not any(alive(pid) for pid in pids(spec)))

    asyncio.run(main())


def test_a_killed_show_leaves_no_server_behind(spec: ServerSpec) -> None:
    code = (
        "import asyncio, pathlib; from models.server import *\n"
        f"spec = ServerSpec(python=pathlib.Path({str(spec.python)!r}),"
        f" weights=pathlib.Path({str(spec.weights)!r}), log=pathlib.Path({str(spec.log)!r}))\n"
        "asyncio.run(supervise(spec, lambda state: print(state.phase, flush=True)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=LEASH.parents[1]
    ) as show:
        assert show.stdout is not None
        assert [next(show.stdout).strip() for _ in range(2)] == ["starting", "ready"]
        show.kill()
    asyncio.run(eventually(lambda: not any(alive(pid) for pid in pids(spec))))


def test_a_server_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, str(LEASH), sys.executable, "-c", stubborn],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as leash:
        assert leash.stdin is not None
        assert leash.stdout is not None
        assert leash.stdout.readline() == b"up\n"
        children = psutil.Process(leash.pid).children()
        leash.stdin.close()
        leash.wait(30)
    deadline = time.monotonic() + 10
    while any(alive(child.pid) for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(alive(child.pid) for child in children)


@pytest.mark.parametrize(
    ("python", "weights", "says"),
    [
        ("/nowhere/python", None, "make setup"),
        (None, "/nowhere", "make setup"),
        ("/bin/false", None, "ended with status 1"),
    ],
)
def test_a_server_that_never_starts_is_said_with_the_remedy(
    spec: ServerSpec, python: str | None, weights: str | None, says: str
) -> None:
    async def main() -> None:
        told = Told()
        wanted = replace(
            spec, python=Path(python or spec.python), weights=Path(weights or spec.weights)
        )
        task = asyncio.create_task(supervise(wanted, told.states.append))
        down = await told.until(Phase.DOWN)
        assert says in down.detail
        assert str(spec.log) in down.detail
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


async def _watch(fake: FakeServer, told: Told, model: str | None = None) -> "asyncio.Task[None]":
    spec = ServerSpec(url=fake.url, look_every_s=0.02, key="k", model=model)
    return asyncio.create_task(supervise(spec, told.states.append))


def test_a_given_server_is_watched_through_its_ups_and_downs() -> None:
    async def main() -> None:
        async with fake_server(saying("Hi.")) as fake:
            told = Told()
            task = await _watch(fake, told)
            ready = await told.until(Phase.READY)
            assert (ready.url, ready.model, ready.key) == (fake.url, "fake", "k")
            fake.alive = False
            await told.until(Phase.DOWN)
            fake.alive = True
            await told.until(Phase.READY, 2)
            fake.models = b"<html>"
            down = await told.until(Phase.DOWN, 2)
            assert "not an OpenAI-compatible server" in down.detail
            assert not told.states[-1].ready
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


def test_a_model_that_the_server_does_not_have_is_named_with_those_it_has() -> None:
    async def main() -> None:
        async with fake_server(saying("Hi.")) as fake:
            told = Told()
            task = await _watch(fake, told, model="big")
            assert "no model big; it has fake" in (await told.until(Phase.DOWN)).detail
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


@pytest.mark.parametrize("url", ["http://[::bad", "nonsense", "http://127.0.0.1:9/v1", "ftp://x"])
def test_an_address_that_cannot_be_is_down_and_ends_nothing(url: str) -> None:
    async def main() -> None:
        told = Told()
        task = asyncio.create_task(
            supervise(ServerSpec(url=url, look_every_s=0.02), told.states.append)
        )
        assert "[writer] url" in (await told.until(Phase.DOWN)).detail
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
