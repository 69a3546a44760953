from pathlib import Path

import pytest

from models.lexicon import pronounceable, read, shop_words


def test_only_whole_words_in_their_case_are_said_otherwise() -> None:
    words = {"US": "U S", "Nïke": "Nykee", "C++": "C plus plus"}
    assert pronounceable("US, us, USB, Nïke, C++!", words) == "U S, us, USB, Nykee, C plus plus!"


def test_the_built_in_lexicon_reads() -> None:
    assert all(word and spoken for word, spoken in shop_words().items())


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# names\nVelora = Veh-lora\nKestrel\n")
    with pytest.raises(ValueError, match=r"words\.txt:3"):
        read(file)
