from importlib import resources

import pytest

import prompts
from agent.types import LANGUAGES
from prompts import Prompt, PromptError


def test_a_text_is_filled_with_its_variables_and_keeps_its_slots() -> None:
    prompt = Prompt("en/x.txt", "Sell $what at {price}, for $$5.")
    assert prompt.variables == {"what"}
    assert prompt.fill(what="lamps") == "Sell lamps at {price}, for $5."


def test_a_missing_or_unknown_variable_names_file_and_remedy() -> None:
    prompt = Prompt("prompts/en/x.txt", "One.\nSell $what.")
    with pytest.raises(PromptError, match=r"prompts/en/x.txt, line 2: \$what has no value"):
        prompt.fill()
    with pytest.raises(PromptError, match=r"prompts/en/x.txt: has no \$why"):
        prompt.fill(what="lamps", why="money")


def test_a_text_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(PromptError, match=r"prompts/en/nothing.txt"):
        prompts.load("nothing", "en")


def test_the_version_changes_with_the_text() -> None:
    assert Prompt("x", "a").version != Prompt("x", "b").version
    assert len(Prompt("x", "a").version) == 12


def test_every_text_is_well_formed() -> None:
    for language in ("en", "fr", "zh"):
        folder = resources.files("prompts").joinpath(language)
        names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".txt")]
        assert {"answers.txt", "notice.txt"} <= set(names)
    assert prompts.lines("notice", "fr")["start"]


def test_the_texts_of_a_language_have_one_version_for_the_record() -> None:
    versions = {prompts.version(language) for language in LANGUAGES}
    assert len(versions) == len(LANGUAGES)
    assert all(len(version) == 12 for version in versions)
