"""One reply: its sentences judged in turn, each beside what was said before it."""

from agent.rules.verdict import vet
from agent.types import Facts, Language, Line, Rung, Verdict


class Run:
    """Judges the sentences of one reply one after another."""

    def __init__(
        self, facts: Facts, *, rung: Rung, language: Language, voice_language: Language
    ) -> None:
        self.facts, self.rung = facts, rung
        self.language: Language = language
        self.voice_language: Language = voice_language

    def vet(self, line: Line) -> Verdict:
        """Judge *line* by itself, and by what this reply has said so far."""
        return vet(
            line,
            self.facts,
            rung=self.rung,
            language=self.language,
            voice_language=self.voice_language,
        )
