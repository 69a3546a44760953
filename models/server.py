"""The model server: started here and kept alive, or someone else's and only watched."""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import httpx

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".candor"
PYTHON = ROOT / ".venv-vllm" / "bin" / "python"
PACKAGED_WEIGHTS = DATA / "models" / "smollm2-135m-instruct"
PACKAGED_NAME = "smollm2-135m-instruct"

_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",  # GiB: 46,592 tokens of SmolLM2-135M
    "VLLM_CPU_OMP_THREADS_BIND": "auto",  # one core here; OpenMP waits busily and starves the rest
}
_LOG_LIMIT = 5_000_000
"""Bytes of log kept from earlier starts."""


class Phase(StrEnum):
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ServerState:
    """How things stand with the model server."""

    phase: Phase
    url: str = ""
    """With its /v1."""
    model: str = ""
    """Its name there."""
    key: str = field(default="", repr=False)
    detail: str = ""
    """For the operator: what is amiss, and what mends it."""

    @property
    def ready(self) -> bool:
        return self.phase is Phase.READY


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """Which server. With *url* none is started."""

    url: str | None = None
    """An OpenAI-compatible server, with its /v1: "http://gpu-box:8000/v1"."""
    model: str | None = None
    """The model's name at *url*; by default the first it lists."""
    key: str | None = field(default=None, repr=False)
    """For *url*; a server started here gets a new one at each start."""
    python: Path = PYTHON
    weights: Path = PACKAGED_WEIGHTS
    name: str = PACKAGED_NAME
    log: Path = DATA / "logs" / "model-server.log"
    context_tokens: int = 2048
    start_within_s: float = 600.0
    """40 s on an idle core; compiling for the first time on a busy one takes minutes."""
    look_every_s: float = 2.0
    answer_within_s: float = 60.0
    """For the probe: the first request compiles."""


class _UnwellError(Exception):
    """The server does not answer as it should; the text says how."""


class _ServerError(Exception):
    """The server could not be started or has ended; the text is for the operator."""


OnChange = Callable[[ServerState], None]
Probe = Mapping[str, object]
"""The body of a chat completion: the server is ready once it has answered it."""

_LOOKS_LOST = 3
"""Health checks in a row that a server may miss before it counts as gone."""
_HEALTHY_S = 60.0
"""A server that lived so long is started again at once."""


async def supervise(spec: ServerSpec, on_change: OnChange, probe: Probe | None = None) -> None:
    """Keep the server of *spec* answering until cancelled; tell each change of state.

    A server started here has died, or stopped answering: it is started anew, after 1 s, 2 s, and
    so on up to 60 s. It never outlives this call, however the process ends. Nothing is raised
    but the cancellation: a show goes on without a model.
    """
    said: ServerState | None = None

    def tell(state: ServerState) -> None:
        nonlocal said
        if state != said:
            said = state
            level = logging.WARNING if state.phase is Phase.DOWN else logging.INFO
            log.log(level, "model server", extra={"phase": state.phase, "detail": state.detail})
            on_change(state)

    if spec.url is not None:
        await _watch(spec, tell, probe)
        return
    clock, wait = asyncio.get_running_loop().time, 1.0
    while True:
        began = clock()
        try:
            await _serve(spec, tell, probe)
        except _ServerError as error:
            tell(ServerState(Phase.DOWN, detail=f"{error}; see {spec.log}"))
        if clock() - began > _HEALTHY_S:
            wait = 1.0
        await asyncio.sleep(wait)
        wait = min(wait * 2, 60.0)


async def _watch(spec: ServerSpec, tell: OnChange, probe: Probe | None) -> None:
    """Follow a server that others run."""
    assert spec.url is not None
    key, url = spec.key or "", spec.url.rstrip("/")
    ready: ServerState | None = None
    missed = 0
    tell(ServerState(Phase.STARTING, url, spec.model or "", key))
    try:
        client = _client(url, key)
    except httpx.InvalidURL as error:
        detail = f"{url} is no address ({error}); check [writer] url"
        tell(ServerState(Phase.DOWN, url, spec.model or "", key, detail))
        await asyncio.Event().wait()
        return
    async with client:
        while True:
            try:
                model = await _model(client, url, spec.model)
                if ready is None or ready.model != model:
                    await _answers(client, url, model, probe, spec.answer_within_s)
                    ready = ServerState(Phase.READY, url, model, key)
                missed = 0
                tell(ready)
            except _UnwellError as error:
                missed += 1
                if ready is None or missed >= _LOOKS_LOST:
                    ready = None
                    detail = f"{url}: {error}; check [writer] url and that server's log"
                    tell(ServerState(Phase.DOWN, url, spec.model or "", key, detail))
            await asyncio.sleep(spec.look_every_s)


async def _serve(spec: ServerSpec, tell: OnChange, probe: Probe | None) -> None:
    """Start a server and follow it to its end, which raises _ServerError."""
    for needed in (spec.python, spec.weights / "config.json"):
        if not needed.exists():
            raise _ServerError(f"{needed} is missing: run `make setup`")
    key, port = secrets.token_urlsafe(24), _free_port()
    url = f"http://127.0.0.1:{port}/v1"
    tell(ServerState(Phase.STARTING, url, spec.name, key))
    async with _running(spec, port, key) as process, _client(url, key) as client:
        gone = asyncio.ensure_future(process.wait())
        try:
            async with asyncio.timeout(spec.start_within_s):
                while not await _well(client, url):
                    await _pause(gone, 0.25)
                await _answers(client, url, spec.name, probe, spec.start_within_s)
            tell(ServerState(Phase.READY, url, spec.name, key))
            missed = 0
            while missed < _LOOKS_LOST:
                await _pause(gone, spec.look_every_s)
                missed = 0 if await _well(client, url) else missed + 1
            raise _ServerError("the model server no longer answers")
        except TimeoutError:
            raise _ServerError(f"no answer in {spec.start_within_s:.0f} s") from None
        except _UnwellError as error:
            raise _ServerError(str(error)) from error
        finally:
            gone.cancel()


async def _pause(gone: asyncio.Future[int], seconds: float) -> None:
    """Wait, unless the process ends meanwhile, which raises _ServerError."""
    done, _ = await asyncio.wait([gone], timeout=seconds)
    if done:
        raise _ServerError(f"the model server ended with status {gone.result()}")


@asynccontextmanager
async def _running(
    spec: ServerSpec, port: int, key: str
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """The server's process, leashed; stopped with all it started on the way out."""
    command = [
        *(sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py"))),
        *(str(spec.python), "-m", "vllm.entrypoints.launchers.api_server.entry"),
        *("--model", str(spec.weights), "--served-model-name", spec.name),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--max-model-len", str(spec.context_tokens), "--dtype", "bfloat16", "--enforce-eager"),
        # Masks are computed as they are needed: a grammar's first use costs milliseconds.
        *("--structured-outputs-config", json.dumps({"backend": "guidance"})),
        *("--max-num-seqs", "4", "--disable-uvicorn-access-log"),
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CANDOR_", "PYTHON"))}
    environment |= _ENVIRONMENT | {"VLLM_API_KEY": key}
    try:
        with _log_file(spec.log) as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=ROOT,
                start_new_session=True,
            )
    except OSError as error:
        raise _ServerError(f"the model server cannot be started: {error}") from error
    try:
        yield process
    finally:
        await asyncio.shield(_stop(process))


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End the leash and everyone on it: asked at first, then killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(8.0):
            await process.wait()
    except TimeoutError:
        pass
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _log_file(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    keep = path.exists() and path.stat().st_size < _LOG_LIMIT
    return path.open("ab") if keep else path.open("wb")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_local(url: str) -> bool:
    """Whether *url* is on this machine: no proxy of the environment stands in between."""
    return httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}


def _client(url: str, key: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(timeout=5.0, headers=headers, trust_env=not is_local(url))


async def _well(client: httpx.AsyncClient, url: str) -> bool:
    try:
        answer = await client.get(f"{url.removesuffix('/v1')}/health")
    except httpx.HTTPError:
        return False
    return answer.is_success


async def _model(client: httpx.AsyncClient, url: str, wanted: str | None) -> str:
    """The name of the model to ask for. Raises _UnwellError."""
    try:
        answer = await client.get(f"{url}/models")
        answer.raise_for_status()
        names = [str(entry["id"]) for entry in answer.json()["data"]]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _UnwellError(str(error) or type(error).__name__) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _UnwellError("it lists no models: not an OpenAI-compatible server") from error
    if wanted is None and names:
        return names[0]
    if wanted is None or wanted not in names:
        raise _UnwellError(f"it has no model {wanted or ''}; it has {', '.join(names) or 'none'}")
    return wanted


async def _answers(
    client: httpx.AsyncClient, url: str, model: str, probe: Probe | None, within_s: float
) -> None:
    """Ask for one completion, which also warms up what the first request would wait for. Raises
    _UnwellError."""
    body = {
        "messages": [{"role": "user", "content": "Hello"}],
        "max_tokens": 4,
        **(probe or {}),
        "model": model,
    }
    try:
        answer = await client.post(f"{url}/chat/completions", json=body, timeout=within_s)
        if not answer.is_success:
            raise _UnwellError(f"it answers no question: {answer.status_code} {answer.text[:200]}")
        text = answer.json()["choices"][0]["message"]["content"]
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
        raise _UnwellError(f"it answers no question: {error or type(error).__name__}") from error
    if not isinstance(text, str):
        raise _UnwellError("it answers no question: no text came")
