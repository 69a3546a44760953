import asyncio
import io

import av
import pytest

from agent.publish import preview as module
from agent.publish.encoder import Encoder, to_i420
from agent.publish.fragments import Fragments, init_segment
from agent.publish.packets import Packet
from agent.publish.preview import Preview, SlowViewerError
from tests.agent.publish.synthetic import SMALL, luma, number_of, picture, sound


def encoded(numbers: list[int]) -> tuple[Encoder, list[Packet]]:
    encoder = Encoder(SMALL)
    return encoder, [
        packet for n in numbers for packet in encoder.encode(n, to_i420(picture(n)), sound(n))
    ]


def seen(data: bytes) -> list[tuple[float, int]]:
    """Time and number of each picture that a player finds in *data*."""
    with av.open(io.BytesIO(data), "r") as movie:
        return [
            (round(float(frame.time or 0), 3), number_of(luma(frame)))
            for frame in movie.decode(video=0)
        ]


def test_fragments_play_as_what_was_encoded() -> None:
    encoder, packets = encoded(list(range(30)))
    fragments = Fragments(encoder.header)
    data = init_segment(encoder.header) + b"".join(fragments.fragment(p) for p in packets)
    assert seen(data) == [(round(n / 25, 3), n) for n in range(30)]


def test_a_browser_never_meets_a_hole() -> None:
    encoder, packets = encoded([*range(10), *range(20, 30)])
    fragments = Fragments(encoder.header)
    data = init_segment(encoder.header) + b"".join(fragments.fragment(p) for p in packets)
    times = [at for at, _ in seen(data)]
    assert times[9:12] == [0.36, 0.4, 0.84]  # the picture of frame 20 stands in for 10 to 19


async def test_a_viewer_begins_at_a_key_frame() -> None:
    encoder, packets = encoded(list(range(40)))
    preview = Preview()
    preview.header(encoder.header)
    for packet in packets:
        preview.packet(packet)
    await asyncio.sleep(0)
    assert await preview.mime() == encoder.header.mime
    first = await anext(preview.watch())
    assert seen(first)[0] == (1.0, 25)


async def test_a_slow_viewer_is_dropped_and_the_others_miss_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BUFFERED", 4096)
    encoder, packets = encoded(list(range(40)))
    preview = Preview()
    preview.header(encoder.header)
    await asyncio.sleep(0)
    slow, got = preview.watch(), bytearray()
    await anext(slow)

    async def read() -> None:
        async for data in preview.watch():
            got.extend(data)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(read())
        for packet in packets:
            preview.packet(packet)
            await asyncio.sleep(0.001)
        preview.close()
    with pytest.raises(SlowViewerError):
        await anext(slow)
    assert (preview.dropped, preview.viewers) == (1, 0)
    assert [number for _, number in seen(bytes(got))] == list(range(40))
