"""HLS: an independent client plays what the folder serves, from any segment on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import pytest

from agent.publish.encoder import Encoder, to_i420
from agent.publish.hls import KEPT, LISTED, PLAYLIST, Hls
from agent.publish.movie import marks
from agent.publish.packets import SinkError
from tests.agent.publish.synthetic import (
    CLICK,
    FPS,
    RATE,
    SMALL,
    clicks,
    decoded,
    luma,
    number_of,
    picture,
    sound,
)


def stream(
    folder: Path, numbers: range, *, end: bool = True, at: float = 1.8e9, segment_s: float = 1.0
) -> Hls:
    encoder, hls = Encoder(SMALL, marks("shop", "7")), Hls(folder, segment_s, clock=lambda: at)
    hls.header(encoder.header)
    for number in numbers:
        for packet in encoder.encode(number, to_i420(picture(number)), sound(number)):
            hls.packet(packet)
    if end:
        for packet in encoder.close():
            hls.packet(packet)
        hls.close()
    return hls


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{PLAYLIST}"
        server.shutdown()


def test_a_player_gets_every_picture_and_sound_on_its_time(tmp_path: Path) -> None:
    stream(tmp_path, range(160), segment_s=2.0)
    numbers, heard = decoded(tmp_path / PLAYLIST)
    assert list(numbers.values()) == list(range(160))
    with av.open(str(tmp_path / "init-1800000000.mp4")) as begins:
        assert begins.metadata["AIGC"] == marks("shop", "7")["AIGC"]
    assert numbers[round(100 / FPS, 4)] == 100
    assert [round((click - CLICK) / RATE, 2) for click in clicks(heard)] == list(range(7))


@pytest.mark.real
def test_who_comes_late_begins_at_a_key_frame_over_http(tmp_path: Path) -> None:
    stream(tmp_path, range(25 * 12))
    with served(tmp_path) as url, av.open(url) as movie:
        first = number_of(luma(next(movie.decode(video=0))))
    assert first == (12 - LISTED) * FPS


def test_the_folder_never_grows_beyond_what_players_need(tmp_path: Path) -> None:
    stream(tmp_path, range(25 * (KEPT + 3)), end=False)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len([name for name in names if name.endswith(".m4s")]) == KEPT
    listed = (tmp_path / PLAYLIST).read_text()
    assert listed.count("#EXTINF:1.000,") == LISTED
    assert "ENDLIST" not in listed
    assert all(name in names for name in listed.splitlines() if name and name[0] != "#")
    assert not [name for name in names if name.endswith(".part")]


def test_a_later_show_in_the_same_place_counts_on(tmp_path: Path) -> None:
    stream(tmp_path, range(25 * 4))
    before = {path.name for path in tmp_path.iterdir()} - {PLAYLIST}
    (tmp_path / "crossdomain.xml").write_text("the shop's own")
    stream(tmp_path, range(60), at=1.8e9 + 30)
    after = {path.name for path in tmp_path.iterdir()} - {PLAYLIST}
    assert before.isdisjoint(after)
    assert "crossdomain.xml" in after
    assert "#EXT-X-MEDIA-SEQUENCE:1800000030" in (tmp_path / PLAYLIST).read_text()


def test_a_folder_that_cannot_be_written_says_which() -> None:
    with pytest.raises(SinkError, match="/proc/no"):
        stream(Path("/proc/no/such"), range(1))
