import asyncio
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.publish.film import Film, film
from agent.publish.packets import Packet, SinkError, Track
from agent.types import Frame, Stream
from tests.agent.publish.synthetic import (
    CLICK,
    FPS,
    RATE,
    SIZE,
    SMALL,
    clicks,
    decoded,
    frame,
    picture,
    sound,
)


async def frames(numbers: list[int]) -> Stream[Frame]:
    for number in numbers:
        yield frame(number)


def make(path: Path, numbers: list[int]) -> None:
    asyncio.run(film(frames(numbers), path, "Lantern & Co", "show-7", SMALL))


def test_picture_and_sound_come_back_on_their_own_times(tmp_path: Path) -> None:
    make(tmp_path / "show.mp4", list(range(60)))
    numbers, heard = decoded(tmp_path / "show.mp4")
    assert numbers == {round(n / FPS, 4): n for n in range(60)}
    assert len(clicks(heard)) == 3
    for second, click in enumerate(clicks(heard)):
        assert abs(click - CLICK - second * RATE) < 48  # 1 ms, which is what the codec smears


def test_skipped_frames_are_a_gap_in_the_picture_and_silence_of_that_length(
    tmp_path: Path,
) -> None:
    numbers = [n for n in range(70) if not 27 <= n < 45]
    make(tmp_path / "show.mp4", numbers)
    seen, heard = decoded(tmp_path / "show.mp4")
    assert seen == {round(n / FPS, 4): n for n in numbers}
    assert [round((click - CLICK) / RATE, 2) for click in clicks(heard)] == [0, 1, 2]
    assert len(heard) >= 70 * SIZE


def test_a_picture_left_out_keeps_its_sound() -> None:
    encoder = Encoder(SMALL)
    packets: list[Packet] = []
    for number in range(25):
        shown = None if 5 <= number < 9 else to_i420(picture(number))
        packets += encoder.encode(number, shown, sound(number))
    packets += encoder.close()
    pictures = [p.at for p in packets if p.track is Track.PICTURE]
    assert pictures == [n for n in range(25) if not 5 <= n < 9]
    sounds = [p.at for p in packets if p.track is Track.SOUND]
    assert sounds == list(range(-1024, sounds[-1] + 1, 1024))
    assert sounds[-1] + 1024 >= 25 * SIZE


def test_a_reader_can_start_each_second_and_where_the_show_says_so() -> None:
    encoder = Encoder(SMALL)
    packets: list[Packet] = []
    for number in range(60):
        packets += encoder.encode(number, to_i420(picture(number)), sound(number), number == 40)
    keys = [p.at for p in packets if p.track is Track.PICTURE and p.key]
    assert keys[:3] == [0, 25, 40]
    assert all(b - a <= FPS for a, b in pairwise(keys))


def test_browsers_are_told_baseline_and_aac() -> None:
    encoder = Encoder(Encoding())
    assert encoder.header.mime == 'video/mp4; codecs="avc1.42c01f,mp4a.40.2"'
    assert encoder.close() == []


def test_colours_come_back_as_they_were_drawn(tmp_path: Path) -> None:
    red = np.zeros((SMALL.height, SMALL.width, 3), np.uint8)
    red[:] = (40, 50, 200)

    async def reds() -> Stream[Frame]:
        for number in range(5):
            yield Frame(number, red, sound(1), None)

    asyncio.run(film(reds(), tmp_path / "red.mp4", "shop", "1", SMALL))
    with av.open(str(tmp_path / "red.mp4")) as movie:
        context = movie.streams.video[0].codec_context
        assert (context.colorspace, context.color_range, context.color_primaries) == (6, 1, 6)
        shown = next(movie.decode(video=0)).to_ndarray(format="bgr24")
    assert np.abs(shown.astype(int).mean((0, 1)) - (40, 50, 200)).max() < 4


def test_the_movie_says_of_itself_that_it_is_generated(tmp_path: Path) -> None:
    make(tmp_path / "show.mp4", [0, 1])
    with av.open(str(tmp_path / "show.mp4")) as movie:
        tag = json.loads(movie.metadata["AIGC"])
    assert tag["Label"] == "1"
    assert (tag["ContentProducer"], tag["ProduceID"]) == ("Lantern & Co", "show-7")


def test_frames_of_the_past_and_of_another_shape_are_refused() -> None:
    encoder = Encoder(SMALL)
    encoder.encode(3, to_i420(picture(3)), sound(3))
    with pytest.raises(ValueError, match="frame 3 comes after frame 3"):
        encoder.encode(3, to_i420(picture(3)), sound(3))
    with pytest.raises(ValueError, match="picture of shape"):
        encoder.encode(4, to_i420(picture(4, 160, 256)), sound(4))
    with pytest.raises(ValueError, match="sound of shape"):
        encoder.encode(9, None, sound(9)[:-1])
    encoder.close()
    with pytest.raises(ValueError, match="does not divide"):
        Encoding(rate=44_101)


def test_a_film_that_cannot_be_written_says_where() -> None:
    async def write() -> None:
        async with Film(Path("/proc/no/such.mp4"), "shop", "1", SMALL):
            pass

    with pytest.raises(SinkError, match="/proc/no"):
        asyncio.run(write())


def test_without_a_graphics_card_x264_encodes_and_says_so() -> None:
    encoder = Encoder(replace(SMALL, engine="nvenc"))
    if not encoder.fell_back:
        pytest.skip("there is a graphics card with an encoder here")
    assert "x264 encodes instead" in encoder.fell_back
    assert len(encoder.fell_back) < 250
    packets = encoder.encode(0, to_i420(picture(0)), sound(0))
    assert packets[0].track is Track.PICTURE
    assert packets[0].key
    encoder.close()
    assert Encoder(SMALL).fell_back == ""
