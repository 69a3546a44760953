"""What a show remembers: which wordings it used, what it told whom, and whom it called by name.

All of it is bounded, kept in memory only, and gone when the show ends. No fact is kept: what is
told again is looked up again, and counts as the same only in the version that was told.
"""

import itertools
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.ellipsis import Matter, matter
from agent.followups import bare, goes_on
from agent.types import Evidence, Facts, Focus, Language, Topic

WORDINGS = 4000
"""Wordings whose last use is known."""
VIEWERS = 2000
"""Viewers who are remembered; of more, those who were answered last."""
MATTERS = 24
"""Answers that are remembered of one viewer, and ten times as many of the room."""
SAME_VIEWER_S = 1800.0
"""So long a viewer who asks again knows that it was said."""
SAME_ROOM_S = 90.0
"""So long everybody in the room has just heard it."""
TALK_S = 120.0
"""So long "and in blue?" goes on from the viewer's last question."""
BREATH_S = 60.0
"""So long even "dishwasher safe?" does."""
NAMED_EVERY_S = 300.0
"""Between two times that a viewer is called by name."""
VOICE_NOTE_S = 900.0
"""Between two times that the host says which language it has no voice for."""


class Wordings:
    """Of several wordings the one that was used longest ago."""

    def __init__(self, size: int = WORDINGS) -> None:
        self._size = size
        self._clock = itertools.count(1)
        self._used: OrderedDict[str, int] = OrderedDict()

    def choose(self, wordings: Sequence[str]) -> int:
        """The index of the wording to use now. Raises ValueError where there is none."""
        best = min(range(len(wordings)), key=lambda n: self._used.get(wordings[n], 0))
        self._used[wordings[best]] = next(self._clock)
        self._used.move_to_end(wordings[best])
        while len(self._used) > self._size:
            self._used.popitem(last=False)
        return best


@dataclass(frozen=True, slots=True)
class _Matter:
    """What an answer was about."""

    language: Language
    topic: Topic
    sku: str
    facts: frozenset[str]


@dataclass(slots=True)
class _Viewer:
    """What one viewer was told."""

    matters: "OrderedDict[_Matter, _Told]" = field(default_factory=OrderedDict)
    sku: str | None = None
    """The product of the last answer, while nothing else has been put on show since."""
    pinned: str | None = None
    matter: Matter = field(default_factory=Matter)
    """Of the last answer."""
    at: float = float("-inf")
    named_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class _Told:
    at: float
    evidence: frozenset[Evidence]


class Memory:
    """Of one show. Times are of the event loop's clock, in seconds."""

    def __init__(self) -> None:
        self.wordings = Wordings()
        self._viewers: OrderedDict[str, _Viewer] = OrderedDict()
        self._room: OrderedDict[_Matter, _Told] = OrderedDict()
        self._named_last = False
        self._voice_notes: dict[Language, float] = {}

    def focus(self, viewer: str, text: str, focus: Focus, now: float) -> Focus:
        """What *text* is about where it names nothing: the viewer's own last product where it goes
        on from that ("and in blue?"), else what is on show."""
        known = self._viewers.get(viewer)
        if known is None or known.sku is None or now - known.at > TALK_S:
            return focus
        if known.pinned != focus.pinned or known.sku == focus.pinned:
            return focus
        if goes_on(text) or (now - known.at < BREATH_S and bare(text)):
            return Focus(known.sku, focus.pinned)
        return Focus(focus.pinned, known.sku)

    def before(self, viewer: str, now: float) -> Matter:
        """What this viewer was told last, a short while ago."""
        known = self._viewers.get(viewer)
        return known.matter if known and now - known.at <= TALK_S else Matter()

    def again(self, viewer: str, facts: Facts, language: Language, now: float) -> bool:
        """Whether the same facts, in the same versions, were told this viewer before, or the whole
        room a moment ago."""
        if not facts.asked or any(fact.field.startswith("fits_") for fact in facts.asked):
            return False  # a size is for one body
        matter, asked = (
            _matter(facts, language),
            {Evidence(fact.id, fact.version) for fact in facts.asked},
        )
        known = self._viewers.get(viewer)
        told = (
            (known.matters.get(matter) if known else None, SAME_VIEWER_S),
            (self._room.get(matter), SAME_ROOM_S),
        )
        return any(one and now - one.at <= most and asked <= one.evidence for one, most in told)

    def note(
        self,
        viewer: str,
        facts: Facts,
        language: Language,
        told: Iterable[Evidence],
        pinned: str | None,
        now: float,
    ) -> None:
        """An answer with *facts* in *language* has aired, resting on *told*."""
        known = self._viewers.setdefault(viewer, _Viewer())
        self._viewers.move_to_end(viewer)
        while len(self._viewers) > VIEWERS:
            self._viewers.popitem(last=False)
        known.at, known.pinned = now, pinned
        known.sku = facts.product.sku if facts.product else known.sku
        known.matter = matter(facts)
        if not facts.asked:
            return
        one = _Told(now, frozenset(told))
        for matters, most in ((known.matters, MATTERS), (self._room, 10 * MATTERS)):
            matters[_matter(facts, language)] = one
            matters.move_to_end(_matter(facts, language))
            while len(matters) > most:
                matters.popitem(last=False)

    def calls(self, viewer: str, now: float) -> bool:
        """Whether this answer may call the viewer by name: not every answer does, and no viewer
        hears it all the time. Counts as done."""
        known = self._viewers.get(viewer)
        if self._named_last or (known and now - known.named_at < NAMED_EVERY_S):
            self._named_last = False
            return False
        self.called(viewer, now)
        return True

    def called(self, viewer: str, now: float) -> None:
        """The viewer is called by name now."""
        known = self._viewers.setdefault(viewer, _Viewer())
        known.named_at, self._named_last = now, True

    def owes_voice_note(self, language: Language, now: float) -> bool:
        """Whether it is time to say that there is no voice for *language*. Counts as done."""
        if now - self._voice_notes.get(language, float("-inf")) < VOICE_NOTE_S:
            return False
        self._voice_notes[language] = now
        return True


def _matter(facts: Facts, language: Language) -> _Matter:
    sku = facts.product.sku if facts.product else ""
    return _Matter(language, facts.topic, sku, frozenset(fact.id for fact in facts.asked))
