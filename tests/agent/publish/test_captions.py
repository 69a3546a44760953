"""What was said is beside the film, in the time of the film."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av

from agent.publish.apart import Apart
from agent.publish.broadcast import Broadcast
from agent.publish.captions import Caption, cue, moment
from agent.publish.film import Film
from agent.publish.record import Recording
from agent.types import Rung, Utterance
from tests.agent.publish.synthetic import FPS, SMALL, frame

LAMP = Utterance("twenty nine euros", "The lamp is €29 <today> & no more.", Rung.FACT)
FRENCH = Utterance("yes", "Oui.\n\nOui !", Rung.FACT, language="fr")


def record(folder: Path, said: Sequence[Utterance | None], part_s: float = 60.0) -> list[Path]:
    recording = Recording(folder, "Lantern & Co", "7", part_s=part_s, least_free=0)

    async def show() -> None:
        async with Broadcast([Apart(recording)], lambda name, why: None, SMALL) as air:
            for number, one in enumerate(said):
                await air.send(replace(frame(number), utterance=one))
                while air.flow.waiting > 5:  # noqa: ASYNC110 - the encoder is to keep up
                    await asyncio.sleep(0.001)

    asyncio.run(show())
    return [path.with_suffix(".vtt") for path in recording.files]


def cues(path: Path) -> list[tuple[float, float, str]]:
    """Start, end and text of each cue, as a player reads them."""
    with av.open(str(path)) as file:
        base = file.streams[0].time_base
        assert base is not None
        return [
            (float(p.pts * base), float((p.pts + (p.duration or 0)) * base), bytes(p).decode())
            for p in file.demux()
            if p.pts is not None
        ]


def test_each_sentence_is_a_cue_from_its_first_frame_to_its_last(tmp_path: Path) -> None:
    said = [None] * 10 + [LAMP] * 30 + [None] * 5 + [FRENCH] * 10
    [written] = record(tmp_path, said)
    assert cues(written) == [
        (0.4, 1.6, "The lamp is €29 &lt;today&gt; &amp; no more."),
        (1.8, 2.2, "<lang fr>Oui. Oui !</lang>"),
    ]
    assert written.read_text(encoding="utf-8").startswith("WEBVTT - Lantern & Co, AI-generated\n\n")


def test_a_sentence_over_the_end_of_a_part_is_in_both(tmp_path: Path) -> None:
    one, two = record(tmp_path, [None] * 40 + [LAMP] * 20 + [None] * 5, part_s=2.0)
    assert [(start, end) for start, end, _ in cues(one)] == [(1.6, 2.0)]
    assert [(start, end) for start, end, _ in cues(two)] == [(0.0, 0.4)]


def test_a_caption_is_on_the_disk_before_the_show_ends(tmp_path: Path) -> None:
    recording = Recording(tmp_path, "shop", "7", least_free=0)

    async def show() -> str:
        async with Broadcast([recording], lambda name, why: None, SMALL) as air:
            for number in range(30):
                await air.send(replace(frame(number), utterance=LAMP if number < 20 else None))
                while air.flow.waiting:  # noqa: ASYNC110 - the encoder is to keep up
                    await asyncio.sleep(0.001)
            await asyncio.sleep(0.05)
            return (tmp_path / "show-001.vtt").read_text(encoding="utf-8")

    assert "00:00:00.000 --> 00:00:00.800\nThe lamp" in asyncio.run(show())


def test_captions_that_cannot_be_written_end_the_recording(tmp_path: Path) -> None:
    recording = Recording(tmp_path, "shop", "7", least_free=0)
    told: list[str] = []

    async def show() -> None:
        async with Broadcast([recording], lambda name, why: told.append(why), SMALL) as air:
            for number in range(60):
                if number == 30:
                    (tmp_path / "show-001.vtt").unlink()
                    (tmp_path / "show-001.vtt").mkdir()
                await air.send(replace(frame(number), utterance=LAMP if number < 50 else None))
                while air.flow.waiting:  # noqa: ASYNC110 - the encoder is to keep up
                    await asyncio.sleep(0.001)
        await asyncio.sleep(0)

    asyncio.run(show())
    assert ["show-001.vtt cannot be written" in why for why in told] == [True]


def test_times_are_as_webvtt_writes_them() -> None:
    assert moment(0, FPS) == "00:00:00.000"
    assert moment(25 * 3725 + 1, FPS) == "01:02:05.040"
    caption = Caption("a --> b", "en", 30, 55)
    assert cue(caption, 25, 30, 55, FPS, "en") == "00:00:00.200 --> 00:00:01.200\na --&gt; b\n"


def test_a_film_has_its_captions_beside_it(tmp_path: Path) -> None:
    async def show() -> None:
        async with Film(tmp_path / "reply.mp4", "shop", "7", SMALL, "en") as film:
            for number in range(40):
                await film.send(replace(frame(number), utterance=LAMP if number >= 10 else None))

    for _ in range(2):  # the second is written over the first
        asyncio.run(show())
    assert [(start, end) for start, end, _ in cues(tmp_path / "reply.vtt")] == [(0.4, 1.6)]
