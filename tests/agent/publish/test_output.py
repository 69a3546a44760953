"""Out to platforms: a real server is killed, stalled and started again, and nobody else notices."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import psutil
import pytest

from agent.label import Label
from agent.publish.broadcast import Broadcast
from agent.publish.encoder import Encoding
from agent.publish.movie import marks
from agent.publish.output import Health, Output, State, pause
from agent.publish.packets import Sink, Track
from agent.publish.target import HIDDEN, Target
from agent.types import Frame
from tests import rtmp
from tests.agent.publish.synthetic import FPS, SMALL, Kept, frame
from tests.in_front import certificate, throttled, tls
from tests.rtmp import Player, Seen, wait

nginx = pytest.mark.skipif(bool(rtmp.why_not()), reason=rtmp.why_not() or "-")
KEY = "live_81-Sekrit/7?auth=p:w'|x"


@contextmanager
def on_air(
    *sinks: Sink, draw: Callable[[int], Frame] = frame, encoding: Encoding = SMALL
) -> Iterator[list[int]]:
    """A show at 25 pictures a second on a thread of its own; gives what was dropped at its end."""
    ending, dropped = threading.Event(), []

    async def show() -> None:
        async with Broadcast(sinks, lambda name, why: None, encoding, marks("shop", "7")) as air:
            began, number = time.monotonic(), 0
            while not ending.is_set():
                await air.send(draw(number))
                number += 1
                await asyncio.sleep(max(0.0, began + number / FPS - time.monotonic()))
            dropped.append(air.flow.dropped + air.flow.lost)

    thread = threading.Thread(target=lambda: asyncio.run(show()), daemon=True)
    thread.start()
    try:
        yield dropped
    finally:
        ending.set()
        thread.join(30)


def busy(number: int) -> Frame:
    """A picture that takes some 2 Mbit/s, so that no buffer holds many seconds of it."""
    one = frame(number)
    noise = np.random.default_rng(number).integers(0, 256, (80, SMALL.width, 1), np.uint8)
    one.image[-80:] = noise
    return one


def gap(two: tuple[Seen, Seen]) -> int:
    """Pictures from one to the next, by the stream's own time."""
    return round((two[1]["at"] - two[0]["at"]) * FPS)


@nginx
@pytest.mark.real
def test_one_platform_dies_hangs_and_returns_and_the_other_misses_no_picture(
    tmp_path: Path,
) -> None:
    kept = Kept()
    with rtmp.server(tmp_path / "a") as shaky, rtmp.server(tmp_path / "b") as steady:
        one, other = Output(Target("shaky", shaky.url, KEY)), Output(Target("b", steady.url, "s"))
        with (
            on_air(one, other, kept, draw=busy) as dropped,
            Player(shaky.url, "--key", KEY) as watched,
            Player(f"{steady.url}/s") as undisturbed,
        ):
            watched.wait_for(FPS)
            undisturbed.wait_for(1)
            shaky.kill()
            wait(lambda: one.health.state is State.WAITING, "its loss is noticed")
            shaky.start()
            watched.wait_for(FPS)
            shaky.stall()
            wait(lambda: one.health.state is not State.ON_AIR, "its silence is noticed")
            shaky.go_on()
            watched.wait_for(FPS)
            undisturbed.wait_for(FPS)
    assert dropped == [0]
    assert len({picture["stream"] for picture in watched.seen}) >= 3
    assert one.health.reconnects >= 2
    assert one.health.dropped > 0
    assert one.health.bytes > 0
    assert (other.health.reconnects, other.health.error) == (0, "")
    for before, after in pairwise(undisturbed.seen):
        assert after["number"] == (before["number"] + 1) % 256
        assert after["at"] - before["at"] == pytest.approx(1 / FPS, abs=0.0011)  # FLV counts ms
    pictures = [p.at for p in kept.packets if p.track is Track.PICTURE]
    assert pictures == list(range(len(pictures)))


@nginx
@pytest.mark.real
def test_a_line_too_thin_loses_pictures_up_to_a_key_frame_and_not_the_connection(
    tmp_path: Path,
) -> None:
    with rtmp.server(tmp_path) as server, throttled(server.port, 120_000) as port:
        output = Output(Target("thin", f"rtmp://127.0.0.1:{port}/live", "k"), most_waiting=60)
        with on_air(output, draw=busy), Player(f"{server.url}/k") as player:
            wait(lambda: output.health.state is State.ON_AIR, "a connection")
            before = output.health.dropped
            wait(lambda: output.health.dropped > before + 20, "drops")
            wait(lambda: any(gap(two) > 1 for two in pairwise(player.seen)), "a gap that is seen")
    assert (output.health.reconnects, output.health.error) == (0, "")
    for before_gap, after in pairwise(player.seen):
        if gap((before_gap, after)) > 1:  # the stamp is the frame's number modulo 256
            assert round(after["at"] * FPS) % FPS == round(player.seen[0]["at"] * FPS) % FPS


@nginx
@pytest.mark.real
def test_an_output_whose_process_dies_comes_back(tmp_path: Path) -> None:
    with rtmp.server(tmp_path) as server:
        output = Output(Target("a", server.url, "k"))
        with on_air(output):
            wait(lambda: output.health.bytes > 0, "a connection")
            for child in psutil.Process().children():
                if "agent.publish.sender" in child.cmdline():
                    child.kill()
            wait(lambda: output.health.reconnects == 1, "another connection")
    assert output.health.error == "its process ended"


@nginx
@pytest.mark.real
def test_every_picture_that_a_viewer_gets_is_labelled_for_eyes_and_for_machines(
    tmp_path: Path,
) -> None:
    encoding = Encoding(preset="ultrafast")
    label = Label("en")

    def labelled(number: int) -> Frame:
        one = frame(number, size=(encoding.width, encoding.height))
        label.draw(one.image)
        return one

    with (
        rtmp.server(tmp_path) as server,
        on_air(Output(Target("a", server.url, "key")), draw=labelled, encoding=encoding),
        Player(f"{server.url}/key", "--label", "en") as player,
    ):
        player.wait_for(10)
    assert all(picture["label"] for picture in player.seen)
    assert {picture["tag"] for picture in player.seen} == {marks("shop", "7")["AIGC"]}


@nginx
@pytest.mark.real
def test_a_certificate_is_checked_before_the_key_is_given(tmp_path: Path) -> None:
    right_root, right = certificate(tmp_path / "right", "127.0.0.1")
    wrong_root, wrong = certificate(tmp_path / "wrong", "evil.example")
    with (
        rtmp.server(tmp_path / "server") as server,
        tls(server.port, right) as here,
        tls(server.port, wrong) as there,
    ):
        good = Output(Target("good", f"rtmps://127.0.0.1:{here}/live", "good", right_root))
        stranger = Output(Target("stranger", f"rtmps://127.0.0.1:{here}/live", "stranger"))
        other = Output(Target("other", f"rtmps://127.0.0.1:{there}/live", "other", wrong_root))
        with on_air(good, stranger, other), Player(f"{server.url}/good") as player:
            player.wait_for(5)
            wait(lambda: all(one.health.error for one in (stranger, other)), "refusals")
        log = server.log
    assert "failed verification" in stranger.health.error
    assert "does not match hostname" in other.health.error
    assert "name='good'" in log
    assert "stranger" not in log
    assert "other" not in log


@nginx
@pytest.mark.real
def test_the_key_reaches_the_platform_whole_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    asked: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append(form["name"][0])
            self.send_response(200 if form["name"] == ["live_81-Sekrit/7"] else 403)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        hook = f"on_publish http://127.0.0.1:{door.server_port}/;"
        with rtmp.server(tmp_path, hook) as server:
            good, bad = Output(Target("a", server.url, KEY)), Output(Target("b", server.url, "no"))
            with on_air(good, bad):
                wait(lambda: bool(good.health.bytes and bad.health.error), "both answers")
        door.shutdown()
    assert set(asked) == {"live_81-Sekrit/7", "no"}
    assert "are the address and the stream key right?" in bad.health.error
    assert bad.health.bytes == 0


def test_nobody_sees_the_key_whatever_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    told: list[Health] = []
    nowhere = f"rtmp://127.0.0.1:{rtmp.free_port()}/hidden-app"
    output = Output(Target("shop", nowhere, KEY), told.append)
    with on_air(output):
        wait(lambda: bool(output.health.error), "a refusal")
    everything = repr(told) + caplog.text + repr(vars(caplog.records[0])) + repr(output.health)
    assert "Connection refused" in everything
    for secret in (KEY, "Sekrit", "hidden-app"):
        assert secret not in everything
    assert output.health.place == nowhere.removesuffix("/hidden-app")
    assert output.health.state is State.ENDED


def test_a_key_is_hidden_in_every_form() -> None:
    target = Target("a", "rtmps://live.example/app-9f2c", KEY)
    assert KEY not in repr(target)
    for text in (KEY, KEY.replace("?", "%3F"), "at rtmps://live.example/app-9f2c/live_81-Sekrit"):
        hidden = target.redacted(f"cannot open {text}")
        assert "Sekrit" not in hidden
        assert "app-9f2c" not in hidden
        assert HIDDEN in hidden


def test_what_is_no_secret_stays_readable() -> None:
    target = Target("a", "rtmps://live.example/live", "")
    said = "Connection to tcp://live.example:443 failed"
    assert target.redacted(said) == said


def test_attempts_come_sooner_at_first_and_never_stop() -> None:
    assert all(0.25 <= pause(0, 0) <= 0.5 for _ in range(50))
    assert all(1.0 <= pause(9, 60) <= 2.0 for _ in range(50))
    assert all(15 <= pause(10_000, 3600) <= 30 for _ in range(50))
    assert len({pause(3, 0) for _ in range(20)}) > 10
