"""A real show in a process of its own, as a person at a terminal starts it."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass
class Running:
    """A show that has printed its pages."""

    process: "subprocess.Popen[str]"
    watch: str
    studio: str
    folder: Path
    output: list[str] = field(default_factory=list)

    def end(self) -> int:
        """Ctrl-C; gives the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running(
    folder: Path, *options: str, wait_s: float = 180.0, verbose: bool = False
) -> Iterator[Running]:
    """``candor run`` with its data under *folder*; killed at the end if it still runs."""
    config = folder / "candor.toml"
    if not config.exists():
        config.write_text(
            f'[show]\ncatalog = "{folder / "shop.duckdb"}"\nfolder = "{folder / "shows"}"\n'
        )
    program = [sys.executable, "-m", "agent", *(["-v"] if verbose else [])]
    command = [*program, "run", "--config", str(config), "--port", "0"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    said: list[str] = []
    found = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                found.set()
        found.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        found.wait(wait_s)
        text = "".join(said)
        watch = re.search(r"Viewers\s+(\S+)", text)
        studio = re.search(r"Studio\s+(\S+)", text)
        record = re.search(r"Record\s+(\S+)", text)
        assert watch, text
        assert studio, text
        assert record, text
        yield Running(process, watch[1], studio[1], Path(record[1]), said)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        reader.join(10)
