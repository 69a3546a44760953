"""One message on its way to being answered."""

from agent import tally
from agent.inbox import Waiting
from agent.several import Asked
from agent.showplan_run import Beat
from agent.trace import Trace
from agent.types import Facts, Language, Source
from agent.understand import Kind


class Turn:
    """One message on its way to being answered."""

    def __init__(self, waiting: Waiting) -> None:
        self.message = waiting.message
        self.kind = waiting.understanding.kind
        self.text = waiting.understanding.text
        self.asked_by = waiting.asked_by
        self.languages = waiting.languages
        """Others that the same was asked in."""
        self.event = waiting.event
        """What a viewer did, where nobody wrote."""
        self.trace = Trace(waiting.message.at)
        self.facts: Facts | None = None
        """What the catalog said; None until it has."""
        self.more: list[Asked] = []
        """The further questions of the line, and what the catalog said to each."""
        self.language: Language = waiting.message.language or "en"
        self.beat: Beat | None = None
        """What the run of show has to say; None where someone asked."""
        self._first_at = 0.0
        self._seconds = 0.0

    @property
    def viewer(self) -> str:
        """Who asked first, as the inbox tells viewers apart."""
        return self.asked_by[0] if self.asked_by else self.message.author

    @property
    def by_viewer(self) -> bool:
        return self.message.source in (Source.VIEWER, Source.VOICE)

    @property
    def left_open(self) -> bool:
        """Whether a viewer asked, and nothing of the catalog was said to it."""
        return (
            self.kind is Kind.QUESTION
            and self.by_viewer
            and self.facts is not None
            and not self.facts.asked
            and bool(self.trace.said)
            and not any(said.evidence and not tally.counts(said) for said, _ in self.trace.said)
        )

    @property
    def open_questions(self) -> list[str]:
        """What was asked and is left open, in the viewer's words."""
        if self.left_open:
            return [self.text]
        told = bool(self.trace.said) and self.kind is Kind.QUESTION and self.by_viewer
        return [one.text for one in self.more if told and not one.facts.asked]

    @property
    def began(self) -> bool:
        """Whether any sound of the answer has been made."""
        return self._seconds > 0

    def produced(self, seconds: float, now: float) -> None:
        """Note *seconds* more of sound."""
        if not self._seconds:
            self._first_at = now
        self._seconds += seconds

    def left(self, now: float) -> float:
        """Seconds of sound made and not yet played, about."""
        return max(0.0, self._first_at + self._seconds - now)
