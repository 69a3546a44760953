"""Judge lines of text by themselves, for merchants' scripts and for tests."""

from collections.abc import Iterable, Iterator

from agent.rules.verdict import vet
from agent.types import Facts, Language, Line, Rung, Sentence, Verdict


def vet_lines(
    lines: Iterable[str], facts: Facts, language: Language, rung: Rung = Rung.OPERATOR
) -> Iterator[Verdict]:
    """A verdict for each line that is not empty, as if the operator had typed it (or as *rung*)."""
    for line in lines:
        if sentence := line.strip():
            yield vet(
                Line(Sentence(sentence)),
                facts,
                rung=rung,
                language=language,
                voice_language=language,
            )
