"""A recording says to machines that it is AI-made, and whether anybody changed it since."""

import stat
from pathlib import Path

import av
import numpy as np
import pytest

from agent.__main__ import main
from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.publish.movie import Movie
from agent.publish.provenance import Keys, ProvenanceError, own_keys, read, sign
from agent.publish.signing import Signing

SMALL = Encoding(width=64, height=64)
FRAMES = 50


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return own_keys(tmp_path_factory.mktemp("keys") / "own", "Thé & Brume")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    encoder = Encoder(SMALL)
    path = tmp_path / "show-001.mp4"
    movie = Movie(path, encoder.header, "shop", "7/001")
    sound = np.zeros(SMALL.rate // SMALL.fps, np.float32)
    for number in range(FRAMES):
        picture = to_i420(np.full((64, 64, 3), number, np.uint8))
        for packet in encoder.encode(number, picture, sound, number % 25 == 0):
            movie.write(packet)
    for packet in encoder.close():
        movie.write(packet)
    movie.close()
    return path


def test_a_signed_recording_bears_both_marks_and_plays_as_before(
    recording: Path, keys: Keys
) -> None:
    assert not read(recording).whole
    sign(recording, keys, "show 7")
    marks = read(recording, keys.root)
    assert marks.whole
    assert marks.c2pa == "trusted"
    assert marks.aigc is not None
    assert marks.aigc["ProduceID"] == "7/001"
    with av.open(str(recording)) as film:
        assert sum(1 for _ in film.decode(video=0)) == FRAMES
    assert [file.name for file in recording.parent.iterdir()] == [recording.name]


def test_a_film_that_never_got_a_picture_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "reply.mp4"
    movie = Movie(path, Encoder(SMALL).header, "shop", "7/001")
    movie.close()
    assert not path.exists()


def test_a_flipped_bit_is_found(recording: Path, keys: Keys) -> None:
    sign(recording, keys, "show 7")
    content = bytearray(recording.read_bytes())
    content[content.index(b"mdat") + 200] ^= 1
    recording.write_bytes(content)
    marks = read(recording, keys.root)
    assert marks.c2pa == "invalid"
    assert "hash" in marks.why
    assert not marks.whole


def test_whom_nobody_knows_is_not_trusted(recording: Path, keys: Keys, tmp_path: Path) -> None:
    stranger = own_keys(tmp_path / "stranger", "Someone")
    sign(recording, stranger, "show 7")
    assert read(recording, keys.root).c2pa == "valid"
    assert read(recording, stranger.root).c2pa == "trusted"


def test_the_key_is_for_its_owner_alone_and_made_once(keys: Keys) -> None:
    assert stat.S_IMODE(keys.key.stat().st_mode) == 0o600
    before = keys.key.read_bytes()
    assert own_keys(keys.key.parent, "Thé & Brume").key.read_bytes() == before


def test_what_cannot_be_signed_stays_as_it_was(tmp_path: Path, keys: Keys) -> None:
    text = tmp_path / "show-001.mp4"
    text.write_text("no film")
    with pytest.raises(ProvenanceError, match="show-001"):
        sign(text, keys, "show 7")
    assert text.read_text() == "no film"
    with pytest.raises(ProvenanceError, match="film"):
        read(text)


def test_a_finished_part_is_signed_behind_the_show(recording: Path, keys: Keys) -> None:
    with Signing(keys, "show 7") as signing:
        signing.take(recording)
        signing.take(recording.with_name("gone.mp4"))
    assert read(recording, keys.root).whole


def test_the_command_tells_which_film_is_marked(
    recording: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["marks", str(recording)]) == 1
    assert "not signed" in capsys.readouterr().out
    sign(recording, keys, "show 7")
    assert main(["marks", str(recording), "--root", str(keys.root)]) == 0
    assert "signed and unchanged; says that it was made by AI" in capsys.readouterr().out
