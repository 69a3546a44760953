import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import av
import numpy as np
import pytest

from agent.articulate import mouths
from agent.types import Image
from evals.lipsync import main
from evals.video import read
from models.face import Face, default_host
from tests.spoken import spoken

RATE = 48_000


def film(file: Path, images: Iterable[Image], fps: int = 25) -> Path:
    """Write *images* with a beep that begins at 0.2 s."""
    with av.open(str(file), "w") as out:
        video = out.add_stream("libx264", rate=fps, options={"preset": "superfast", "crf": "23"})
        audio = out.add_stream("aac", rate=RATE, layout="mono")
        count = 0
        for image in images:
            if not count:
                video.height, video.width = image.shape[:2]
                video.pix_fmt = "yuv420p"
            out.mux(video.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
            count += 1
        beep = np.zeros((1, count * RATE // fps), np.float32)
        beep[0, RATE // 5 :] = 0.3 * np.sin(np.arange(beep.shape[1] - RATE // 5) / 10)
        for start in range(0, beep.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(beep[:, start : start + 1024], "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, start
            out.mux(audio.encode(frame))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return file


def test_a_film_is_read_back_with_sound_in_step(tmp_path: Path) -> None:
    grey = [np.full((64, 48, 3), 5 * n, np.uint8) for n in range(30)]
    clip = read(film(tmp_path / "grey.mp4", grey))
    assert (clip.fps, clip.frames) == (25, 30)
    seen = [float(image.mean()) for image in clip.images()]
    assert seen == pytest.approx([5 * n for n in range(30)], abs=4)
    assert clip.sound is not None
    begins = int(np.argmax(np.abs(clip.sound) > 0.05)) / clip.rate
    assert begins == pytest.approx(0.2, abs=0.005)


def test_what_is_no_film_is_said_to_be_none(tmp_path: Path) -> None:
    text = tmp_path / "reply.mp4"
    text.write_text("not a film")
    with pytest.raises(ValueError, match="is not a film"):
        read(text)


@pytest.mark.real
def test_the_lips_are_still_right_in_the_film_that_viewers_get(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phones, seconds = spoken()
    track = mouths(phones, seconds, 25)[:110]
    face = Face(default_host())

    def pictures() -> Iterable[Image]:
        for number, mouth in enumerate(track):
            layer = face.layer(mouth, number)
            behind = 200 * (255 - layer[..., 3:].astype(np.uint16)) // 255
            yield (layer[..., :3] + behind).astype(np.uint8)

    reply = film(tmp_path / "reply.mp4", pictures())
    said = [asdict(phone) for phone in phones if phone.end < 4.4]
    notes = tmp_path / "reply.json"
    notes.write_text(json.dumps({"phones": said, "mouths": [asdict(m) for m in track]}))
    assert main([str(reply), str(notes)]) == 0, capsys.readouterr().out
    late = [{**sound, "start": sound["start"] + 0.2, "end": sound["end"] + 0.2} for sound in said]
    notes.write_text(json.dumps({"phones": late}))
    assert main([str(reply), str(notes)]) == 1
    assert "FAILED lag: -0.2" in capsys.readouterr().out
