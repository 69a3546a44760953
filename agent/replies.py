"""The words that answer a turn, in view of what was said before and to whom."""

from collections.abc import Sequence

from agent import answers
from agent.answers import To
from agent.ellipsis import completed
from agent.memory import Memory
from agent.names import spoken_name
from agent.ports import Catalog
from agent.several import Ask
from agent.turns import Turn
from agent.types import (
    Evidence,
    Fact,
    Facts,
    Focus,
    Language,
    Line,
    Sentence,
    Source,
    Topic,
    Words,
)
from agent.understand import Kind, tongue_of

CONTACT = "shop/contact"
"""The fact of where one reaches a person at the shop, by its id."""
_BY_NAME = frozenset({Kind.QUESTION, Kind.THANKS, Kind.COMPLAINT, Kind.ORDER_TROUBLE})
"""What may be answered by name; a greeting always is."""


class Replies:
    """Of one show: it remembers."""

    def __init__(self, shop: str, catalog: Catalog, *, kept: bool) -> None:
        """*kept*: questions without an answer are kept for the staff."""
        self.memory = Memory()
        self._shop, self._catalog, self._kept = shop, catalog, kept

    def focus(self, turn: Turn, shown: Focus, now: float) -> Focus:
        """What the turn's line is about where it names nothing."""
        return self.memory.focus(turn.viewer, turn.text, shown, now)

    async def known(self, turn: Turn, text: str, about: Focus, ask: Ask, now: float) -> Facts:
        """What the catalog, asked by *ask*, knows of *text*, which may leave out what the viewer
        asked before. Raises what *ask* raises."""
        facts, before = await ask(text, about), self.memory.before(turn.viewer, now)
        return await completed(text, facts, before, about, turn.language, ask)

    def without_question(self, turn: Turn) -> Facts:
        """The facts of a line that asks nothing of the catalog: where one reaches a person, for
        who needs one."""
        if turn.kind in answers.TO_THE_SHOP and (contact := self._contact(turn.language)):
            return Facts(Topic.UNKNOWN, None, (), (contact,), self._catalog.version)
        return Facts(Topic.UNKNOWN, None)

    def opening(self, turn: Turn, facts: Facts, heard: Language, now: float) -> list[Line]:
        """The lines that answer *turn* at once, by template."""
        lines = answers.opening(
            turn.message,
            turn.kind,
            facts,
            turn.language,
            heard,
            variety=self.memory.wordings,
            to=self._to(turn, facts, heard, now),
        )
        served = turn.message.language is not None and turn.message.source is not Source.OPERATOR
        if served and heard != turn.language and self.memory.owes_voice_note(turn.language, now):
            lines += answers.no_voice(turn.language, heard, variety=self.memory.wordings)
        return lines

    def shown(self, turn: Turn, facts: Facts, language: Language) -> list[Line]:
        """The answer by template in *language*, to be read by whoever asked the same in it."""
        return answers.opening(
            turn.message, turn.kind, facts, language, language, variety=self.memory.wordings
        )

    def fallback(self, turn: Turn, facts: Facts, heard: Language) -> list[Line]:
        """The shortest true answer."""
        kept = To(kept=self._keeps(turn, facts))
        return answers.fallback(facts, turn.language, heard, variety=self.memory.wordings, to=kept)

    def named(self, facts: Facts, first: Sentence, language: Language) -> Sentence:
        """The writer's *first* sentence, with the name of a product that is not on show."""
        return Sentence(answers.named_first(first, facts, language, self.memory.wordings))

    def note(self, turn: Turn, pinned: str | None, now: float) -> None:
        """*turn* has been answered as its trace says."""
        if turn.by_viewer and turn.facts is not None and turn.trace.said:
            told: set[Evidence] = {one for said, _ in turn.trace.said for one in said.evidence}
            for facts in (*(more.facts for more in reversed(turn.more)), turn.facts):
                self.memory.note(turn.viewer, facts, turn.language, told, pinned, now)

    def _to(self, turn: Turn, facts: Facts, heard: Language, now: float) -> To:
        if not turn.by_viewer:
            return answers.NOBODY
        if turn.message.language is None:
            return To(tongue=tongue_of(turn.text))
        again = self.memory.again(turn.viewer, facts, turn.language, now)
        return To(self._name(turn, facts, heard, now), again, self._keeps(turn, facts))

    def _keeps(self, turn: Turn, facts: Facts) -> bool:
        return self._kept and turn.kind is Kind.QUESTION and turn.by_viewer and not facts.asked

    def _name(self, turn: Turn, facts: Facts, heard: Language, now: float) -> str | None:
        """The viewer's name, where it may be said and it is time to."""
        greeted = turn.kind is Kind.GREETING
        if not greeted and (turn.kind not in _BY_NAME or len(turn.asked_by) > 1):
            return None
        if heard != turn.language:
            return None
        name = spoken_name(turn.message.author, heard, self._taken(facts))
        if name is None:
            return None
        if greeted:
            self.memory.called(turn.viewer, now)
            return name
        return name if self.memory.calls(turn.viewer, now) else None

    def _taken(self, facts: Facts) -> Sequence[str]:
        """What the shop, and the thing in question, are called."""
        title = facts.product.title if facts.product else None
        called = title.value.items if title and isinstance(title.value, Words) else ()
        return (self._shop, *called)

    def _contact(self, language: Language) -> Fact | None:
        """In the viewer's language, else as the shop wrote it."""
        tails = (f"/{language}",) if language != "en" else ()
        for tail in (*tails, "", "/fr", "/zh"):
            if found := self._catalog.current(CONTACT + tail):
                return found
        return None
