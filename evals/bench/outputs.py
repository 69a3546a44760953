"""A show on two platforms, one of which is killed, stalled and started again:
``python -m evals.bench.outputs [--seconds S] [--every S] [--out FILE.json]``.

A real show (``candor run``, templates only), two real RTMP servers on loopback (nginx with its
rtmp module), two players in processes of their own that decode every picture and read the label in
it. Measured: how long after a server is back its viewers have a picture again; what the other
platform's viewers missed meanwhile; how late the show's own pictures were.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, pairwise
from pathlib import Path

import psutil

from agent.budget import FPS
from agent.config import KEY_PREFIX
from catalog import sample
from tests import rtmp
from tests.rtmp import Player, Seen, Server, wait
from tests.running import Running, running

KEY = "a-key-for-the-bench"
STALL_S = 15.0
DOWN_S = 3.4


def restart(server: Server) -> None:
    server.kill()
    server.start()


def kill(server: Server) -> None:
    server.kill()
    time.sleep(DOWN_S)
    server.start()


def stall(server: Server) -> None:
    server.stall()
    time.sleep(STALL_S)
    server.go_on()


FAULTS: Sequence[tuple[str, Callable[[Server], None]]] = (
    (f"killed, back after {DOWN_S:g} s", kill),
    (f"stalled for {STALL_S:g} s", stall),
    ("killed and started at once", restart),
)


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    back_s: float
    """From its end to the next picture that a viewer of that server decoded."""
    frames: int
    """Of the show, from its beginning to that picture."""
    late: int
    """Of those."""


def disturb(
    show: Running, server: Server, watched: Player, until: float, every: float
) -> list[Fault]:
    """Do a fault every so many seconds."""
    found: list[Fault] = []
    for name, fault in cycle(FAULTS):
        if time.monotonic() + every > until:
            time.sleep(max(0.0, until - time.monotonic()))
            return found
        time.sleep(every)
        before = numbers(show)
        fault(server)
        back = time.monotonic()
        seen = len(watched.seen)
        _until_more(watched, seen)
        after = numbers(show)
        took = watched.seen[seen]["wall"] - back
        frames, late = (int(after[n] - before[n]) for n in ("candor_frame", "candor_late"))
        found.append(Fault(name, round(took, 2), frames, late))
    return found


def _until_more(watched: Player, seen: int) -> None:
    wait(lambda: len(watched.seen) > seen, "a picture after the fault", 120)


def missed(seen: Sequence[Seen]) -> int:
    """Pictures that are not there, by the stream's own time."""
    gaps = [
        round((after["at"] - before["at"]) * FPS) - 1
        for before, after in pairwise(seen)
        if after["stream"] == before["stream"]
    ]
    return sum(gap for gap in gaps if gap > 0)


def numbers(show: Running) -> dict[str, float]:
    token = show.studio.partition("token=")[2]
    asking = urllib.request.Request(
        show.watch + "metrics", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asking) as answer:
        text = answer.read().decode()
    return {
        name: float(value)
        for name, value in re.findall(r"^(candor_[a-z_]+(?:\{[^}]*\})?) (\S+)$", text, re.M)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--every", type=float, default=20.0)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if why := rtmp.why_not():
        print(why, file=sys.stderr)
        return 2
    for name in ("SHAKY", "STEADY"):
        os.environ[KEY_PREFIX + name] = KEY
    with tempfile.TemporaryDirectory(prefix="candor-outputs-") as scratch:
        found = bench(Path(scratch), arguments.seconds, arguments.every)
    print(json.dumps(found, indent=2))
    if arguments.out:
        arguments.out.write_text(json.dumps(found, indent=2))
    return 0


def bench(folder: Path, seconds: float, every: float) -> dict[str, object]:
    with rtmp.server(folder / "shaky") as shaky, rtmp.server(folder / "steady") as steady:
        sample.build(folder / "shop.duckdb")
        (folder / "candor.toml").write_text(
            f'[show]\ncatalog = "{folder / "shop.duckdb"}"\nfolder = "{folder / "shows"}"\n'
            f'[[output]]\nname = "shaky"\nplatform = "own-site"\nurl = "{shaky.url}"\n'
            f'[[output]]\nname = "steady"\nplatform = "own-site"\nurl = "{steady.url}"\n'
        )
        with (
            running(folder, "--no-model") as show,
            Player(f"{shaky.url}/{KEY}", "--label", "en") as watched,
            Player(f"{steady.url}/{KEY}", "--label", "en") as undisturbed,
        ):
            watched.wait_for(2 * FPS)
            before, began = numbers(show), time.monotonic()
            backs = disturb(show, shaky, watched, began + seconds, every)
            after = numbers(show)
            children = psutil.Process(show.process.pid).children()
            senders = [round(one.memory_info().rss / 2**20) for one in children]
            took = time.monotonic() - began
            status = show.end()
            files = {path.name: path.stat().st_size for path in sorted(show.folder.iterdir())}
            text = "".join(show.output) + (show.folder / "show.jsonl").read_text()
        frames = after["candor_frame"] - before["candor_frame"]
        return {
            "seconds": round(took),
            "frames": int(frames),
            "frames_late": int(after["candor_late"] - before["candor_late"]),
            "frames_skipped": int(after["candor_skipped"] - before["candor_skipped"]),
            "pictures_dropped_by_encoder": int(after["candor_pictures_dropped"]),
            "faults": [asdict(one) for one in backs],
            "back_s_worst": max((one.back_s for one in backs), default=0.0),
            "frames_in_faults": sum(one.frames for one in backs),
            "late_in_faults": sum(one.late for one in backs),
            "not_encoded_since_the_start": int(
                after["candor_skipped"] + after["candor_pictures_dropped"]
            ),
            "steady_pictures": len(undisturbed.seen),
            "steady_missed": missed(undisturbed.seen),
            "steady_streams": len({one["stream"] for one in undisturbed.seen}),
            "unlabelled": sum(not one["label"] for one in [*watched.seen, *undisturbed.seen]),
            "labels_read": len(watched.seen) + len(undisturbed.seen),
            "outputs": {name: value for name, value in after.items() if "output" in name},
            "sender_rss_mib": senders,
            "key_seen": KEY in text,
            "exit": status,
            "files": files,
        }


if __name__ == "__main__":
    sys.exit(main())
