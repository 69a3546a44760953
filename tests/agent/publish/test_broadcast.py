import asyncio
import threading
from pathlib import Path

import pytest

from agent.publish.apart import Apart
from agent.publish.broadcast import Broadcast
from agent.publish.packets import Packet, SinkError, Track
from agent.publish.record import Recording
from tests.agent.publish.synthetic import FPS, SMALL, Kept, decoded, frame

Troubles = list[tuple[str, str]]


class Breaks(Kept):
    """A sink that fails at its tenth packet, and again as it is closed."""

    def packet(self, packet: Packet) -> None:
        super().packet(packet)
        if len(self.packets) == 10:
            raise SinkError("the cable is out")

    def close(self) -> None:
        super().close()
        raise SinkError("still out")


def broadcast(count: int, *sinks: Kept | Apart | Recording) -> Troubles:
    troubles: Troubles = []

    async def show() -> None:
        async with Broadcast(sinks, lambda name, why: troubles.append((name, why)), SMALL) as air:
            for number in range(count):
                await air.send(frame(number))
                while air.flow.waiting > 5:  # noqa: ASYNC110 - the encoder is to keep up
                    await asyncio.sleep(0.001)
        await asyncio.sleep(0)

    asyncio.run(show())
    return troubles


def pictures(sink: Kept) -> list[int]:
    return [p.at for p in sink.packets if p.track is Track.PICTURE]


def test_every_sink_gets_every_packet_of_one_encoder() -> None:
    one, two = Kept("one"), Kept("two")
    assert broadcast(30, one, two) == []
    assert pictures(one) == list(range(30))
    assert one.packets == two.packets
    assert (len(one.headers), one.closed) == (1, 1)


def test_a_broken_sink_is_told_of_and_the_others_notice_nothing() -> None:
    broken, other = Breaks("rtmp"), Kept()
    assert broadcast(30, broken, other) == [("rtmp", "the cable is out")]
    assert len(broken.packets) == 10
    assert broken.closed == 1
    assert pictures(other) == list(range(30))


def test_a_picture_too_many_is_dropped_and_its_sound_is_not() -> None:
    sink = Kept()

    async def show() -> int:
        async with Broadcast([sink], print, SMALL) as air:
            for number in range(40):  # faster than any encoder, and the loop never yields
                await air.send(frame(number))
            return air.flow.dropped

    dropped = asyncio.run(show())
    assert 0 < dropped < 40
    assert len(pictures(sink)) == 40 - dropped
    sounds = [p.at for p in sink.packets if p.track is Track.SOUND]
    assert sounds == list(range(-1024, 40 * 1920, 1024))


def test_an_error_of_the_encoder_ends_the_show() -> None:
    async def show() -> None:
        async with Broadcast([], print, SMALL) as air:
            await air.send(frame(5))
            while True:
                await air.send(frame(5))
                await asyncio.sleep(0.001)

    with pytest.raises(ValueError, match="frame 5 comes after frame 5"):
        asyncio.run(show())


def test_a_show_is_recorded_in_parts_that_each_begin_with_a_picture(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "show", "shop", "7", part_s=1.0)
    assert broadcast(70, Apart(recording)) == []
    assert [p.name for p in recording.files] == [f"show-00{n}.mp4" for n in (1, 2, 3)]
    seen: list[int] = []
    sounds = 0
    for path in recording.files:
        numbers, heard = decoded(path)
        assert min(numbers) == 0.0
        assert abs(len(heard) / 48_000 - len(numbers) / FPS) < 0.043  # two packets of AAC
        sounds += len(heard) // 1024
        seen += numbers.values()
    assert seen == list(range(70))
    assert sounds >= 70 * 1920 // 1024


def test_a_recording_never_writes_over_another(tmp_path: Path) -> None:
    (tmp_path / "show-001.mp4").write_bytes(b"precious")
    recording = Recording(tmp_path, "shop", "7", least_free=0)
    assert broadcast(3, recording) == []
    assert recording.files == [tmp_path / "show-002.mp4"]
    assert (tmp_path / "show-001.mp4").read_bytes() == b"precious"


@pytest.mark.parametrize("apart", [True, False])
def test_a_folder_that_cannot_be_written_ends_the_recording_and_not_the_show(apart: bool) -> None:
    recording, other = Recording(Path("/proc/no/such"), "shop", "7"), Kept()
    sinks = [Apart(recording) if apart else recording, other]
    [(name, why)] = broadcast(40, *sinks)
    assert name == "recording"
    assert "/proc/no/such" in why
    assert pictures(other) == list(range(40))


def test_a_disk_nearly_full_ends_the_recording_and_not_the_show(tmp_path: Path) -> None:
    recording, other = Recording(tmp_path, "shop", "7", least_free=1 << 60), Kept()
    [(_, why)] = broadcast(40, Apart(recording), other)
    assert "MiB are kept for the show's record" in why
    assert pictures(other) == list(range(40))
    assert recording.files == []


def test_what_a_slow_disk_cannot_take_is_counted() -> None:
    class Slow(Kept):
        def packet(self, packet: Packet) -> None:
            release.wait(20)
            super().packet(packet)

    release, sink = threading.Event(), Slow()

    async def show() -> int:
        async with Broadcast([Apart(sink)], lambda name, why: None, SMALL) as air:
            number = 0
            while air.flow.left_out == 0:
                await air.send(frame(number))
                number += 1
                while air.flow.waiting > 5:  # noqa: ASYNC110 - the encoder is to keep up
                    await asyncio.sleep(0.001)
            release.set()
            return number

    sent = asyncio.run(show())
    assert 0 < len(pictures(sink)) < sent
    assert pictures(sink) == list(range(len(pictures(sink))))
