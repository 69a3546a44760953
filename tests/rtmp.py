"""A real RTMP server on loopback, nginx with its rtmp module, and a real player in a process of
its own."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

MODULE = "ngx_rtmp_module.so"
_CONF = """
load_module {module};
worker_processes 1; daemon off; master_process off;
pid {folder}/nginx.pid; error_log {folder}/error.log info;
events {{ worker_connections 64; }}
rtmp {{ access_log off; server {{
    listen 127.0.0.1:{port}; chunk_size 4096; ping 5s; ping_timeout 5s;
    application live {{ live on; wait_key on; interleave off; sync 10ms; meta copy; {more} }}
}} }}
"""


def why_not() -> str:
    """Why there can be no server here; empty where there can."""
    if not shutil.which("nginx"):
        return "nginx is missing: apt-get install nginx libnginx-mod-rtmp"
    return "" if _module() else "nginx has no rtmp module: apt-get install libnginx-mod-rtmp"


def _module() -> Path | None:
    places = (Path("/usr/lib/nginx/modules"), Path("/usr/share/nginx/modules"))
    return next((place / MODULE for place in places if (place / MODULE).exists()), None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """One server, that can be killed, stalled and started again on the same port."""

    def __init__(self, folder: Path, more: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"rtmp://127.0.0.1:{self.port}/live"
        self._folder = folder
        conf = _CONF.format(module=_module(), folder=folder, port=self.port, more=more)
        (folder / "nginx.conf").write_text(conf)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self._folder / "error.log").read_text(errors="replace")

    def start(self) -> None:
        command = ["nginx", "-p", str(self._folder), "-c", str(self._folder / "nginx.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait(self._listens, "nginx listens")

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """Ends at once, as in a crash."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stall(self) -> None:
        """Takes nothing and answers nothing; its connections stay."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def server(folder: Path, more: str = "") -> Iterator[Server]:
    one = Server(folder, more)
    one.start()
    try:
        yield one
    finally:
        one.kill()


class Seen(TypedDict):
    """One decoded picture."""

    wall: float
    """time.monotonic() when it was decoded."""
    at: float
    """Seconds, in the stream's own time."""
    number: int
    """As ``tests.agent.publish.synthetic`` wrote it."""
    label: bool | None
    """Whether the label can be read; None where nobody asked."""
    stream: int
    """Grows with each connection."""
    tag: str
    """The AIGC tag of the stream."""


class Player:
    """``python -m tests.player URL``: watches for as long as the block lasts, and comes back."""

    def __init__(self, url: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.player", url, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seen: list[Seen] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.seen.append(json.loads(line))

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(10)

    def wait_for(self, count: int) -> None:
        """Until so many further pictures were seen."""
        goal = len(self.seen) + count
        wait(lambda: len(self.seen) >= goal, f"{count} more pictures")


def wait(done: Callable[[], bool], what: str, patience_s: float = 40.0) -> None:
    until = time.monotonic() + patience_s
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)
