"""Which message is answered next: ranked, merged, bounded, and every loss counted.

    offered = answered + merged + each other loss + waiting

holds at every moment (``Inbox.adds_up``).
"""

import asyncio
import itertools
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from agent.alike import alike
from agent.askers import Askers
from agent.events import FRESH_S, GIVEN, Thanked
from agent.hostile import Flag, skeleton
from agent.inbox_rank import MANY, Served, Tier, aged, tier_of
from agent.ports import Fate
from agent.types import ChatMessage, Focus, Language, Meaning, RoomEvent, What
from agent.understand import Kind, Understanding

PER_VIEWER = 5
"""Questions of one viewer that may wait at once."""
REPEATS, REPEATS_S = 3, 60.0
"""How often the same is answered within how many seconds."""
FOLLOWERS = 50
"""Of one answer: viewers who are told what becomes of their line."""
SAID_S = 20.0
"""So long after it was said that the host is an AI, or where to write about an order, whoever asks
that waits their turn: or a crowd that asks without end would hear nothing else. Otherwise they go
before all viewers."""
_ANSWERED = 200
"""The last answers, for what is asked over and over."""
_FIXED = frozenset(
    {Kind.IDENTITY, Kind.DISTRESS, Kind.OFF_TOPIC, Kind.PERSONAL, Kind.RIVALS}
    | {Kind.ORDER_TROUBLE, Kind.COMPLAINT}
)
"""Kinds with one answer whatever the words: all who wait for it get it together."""
_FIRST = frozenset({Kind.IDENTITY, Kind.ORDER_TROUBLE, Kind.COMPLAINT})
"""Kinds that go before questions, but not over and over."""
_POLITE = frozenset({Kind.GREETING, Kind.THANKS})
"""One answer serves all who wait for it; but not over and over."""
_GOES_ON = re.compile(
    r"^\W*(?:and|n|also|et|what about|how about|or|ou|那|还有)\b|^那|^还有|呢\W*$"
    r"|\b(?:the (?:other|last|first|same) one|l'autre|l[ea] (?:dernier|derniere|meme))\b"
    r"|上一个|刚才",
    re.I,
)
"""Leans on what its own viewer said or heard before: the same words of another mean another
thing."""


_skeleton = lru_cache(maxsize=4096)(skeleton)


@dataclass(slots=True, eq=False)
class Waiting:
    """A message that waits for its answer, and how many asked the same."""

    message: ChatMessage
    understanding: Understanding
    asked_by: Askers = field(default_factory=Askers)
    tier: Tier = Tier.QUESTION
    meaning: Meaning | None = None
    """Of a question, once it is known."""
    languages: list[Language] = field(default_factory=list)
    """Others than the message's that the same was asked in: the answer is shown in them too."""
    focus: Focus | None = None
    """What the show was about as it was asked, where that tells what it means."""
    event: What | None = None
    """What a viewer did, where nobody wrote."""
    told: bool = True
    """Whether the show has been told of it."""
    fates: list[Fate] = field(default_factory=list)
    place: int = 0
    """By order of coming in."""
    key: tuple[object, ...] = ()
    """The same for messages that one answer serves beyond doubt."""

    def __post_init__(self) -> None:
        self.key = self._key()

    def _key(self) -> tuple[object, ...]:
        if self.event is not None:
            return ("event", self.event)
        told = self.understanding
        if told.kind in _FIXED or told.kind in _POLITE:
            return (told.kind, told.language)
        own = self.asked_by.first if _GOES_ON.search(told.text) and self.asked_by else ""
        return (told.kind, told.language, _skeleton(told.text) or told.text, own)


class Inbox:
    """Messages waiting for an answer. Offering never waits; the least wanted give way."""

    def __init__(
        self,
        size: int,
        stale_s: float,
        dropped: Callable[[ChatMessage, str], None],
    ) -> None:
        """*dropped* is told of each loss that the show had been told of."""
        self._size = size
        self._stale_s = stale_s
        self._dropped = dropped
        self.asked: Callable[[Waiting], None] = lambda item: None
        """Told of a message that is to be answered and that the show was not told of before."""
        self._tiers: dict[Tier, dict[int, Waiting]] = {tier: {} for tier in Tier}
        self._by_key: dict[tuple[object, ...], Waiting] = {}
        self._of: Counter[str] = Counter()
        """Messages that wait, by who asked first."""
        self._places = itertools.count(1)
        self._offered = asyncio.Event()
        self._to_learn: deque[Waiting] = deque(maxlen=size)
        self._learning = asyncio.Event()
        self._answers: OrderedDict[tuple[object, ...], deque[float]] = OrderedDict()
        self._meant: deque[tuple[float, Meaning]] = deque(maxlen=_ANSWERED)
        self._served = Served()
        self._said: dict[Kind, float] = {}
        """When the last of each kind that goes first was answered."""
        self._thanked = Thanked()
        self._now: Waiting | None = None
        """What is being answered."""
        self.offered = 0
        self.answered = 0
        self.untold = 0
        """Lines that the show was told of by number only, as there were too many."""
        self.losses: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        """How many lines tried what."""
        self.events: Counter[str] = Counter()
        """What viewers did without words."""

    def __len__(self) -> int:
        return sum(map(len, self._tiers.values()))

    def __iter__(self) -> Iterator[Waiting]:
        return itertools.chain.from_iterable(items.values() for items in self._tiers.values())

    @property
    def adds_up(self) -> bool:
        """Whether each message that was offered waits, was answered, or is counted as lost."""
        return self.offered == self.answered + self.losses.total() + len(self)

    @property
    def urgent(self) -> bool:
        """Whether someone waits who outranks what is being said: the operator, or a viewer who
        asks whether the host is real."""
        if self._tiers[Tier.OPERATOR]:
            return True
        now = asyncio.get_running_loop().time()
        return any(not self._just_said(item, now) for item in self._tiers[Tier.IDENTITY].values())

    # --- in ----------------------------------------------------------------------------------

    def offer(
        self,
        message: ChatMessage,
        understanding: Understanding,
        viewer: str = "",
        *,
        focus: Focus | None = None,
        fate: Fate | None = None,
        told: bool = True,
    ) -> None:
        """Take *message* of *viewer* (by default its author); one that asks the same as a waiting
        one joins it, and a flood of one viewer's or of the same words is kept out."""
        viewer = viewer or message.author
        tier = tier_of(message.source, understanding)
        item = Waiting(message, understanding, Askers(viewer), tier, focus=focus, told=told)
        if fate is not None:
            item.fates.append(fate)
        self._take(item)

    def offer_event(self, message: ChatMessage, event: RoomEvent) -> None:
        """Take what a viewer did; *message* is of Source.EVENT. One thanks stands for all that was
        done of its kind in a while."""
        self.events[event.what.value] += event.count
        understanding = Understanding(event.what.value, message.language, Kind.THANKS)
        tier = Tier.GIVEN if event.what in GIVEN else Tier.TALK
        asked_by = Askers(event.viewer)
        item = Waiting(message, understanding, asked_by, tier, event=event.what, told=False)
        if self._thanked.lately(event.what, asyncio.get_running_loop().time()):
            self.offered += 1
            self._lose(item, "thanked")
            return
        self._take(item)

    def refuse(
        self, message: ChatMessage, reason: str, *, told: bool = True, fate: Fate | None = None
    ) -> None:
        """Count and tell *message*, which is not to be answered."""
        self.offered += 1
        item = Waiting(message, Understanding("", None, Kind.CHATTER), told=told)
        if fate is not None:
            item.fates.append(fate)
        self._lose(item, reason)

    def count(self, reason: str) -> None:
        """Count a line that is lost and that nobody is told of."""
        self.offered += 1
        self.untold += 1
        self.losses[reason] += 1

    def _take(self, item: Waiting) -> None:
        self.offered += 1
        item.place = next(self._places)
        if item.tier is not Tier.OPERATOR:
            if (found := self._alike(item.key)) is not None:
                self._join(found, item)
                return
            if reason := self._kept_out(item):
                self._lose(item, reason)
                return
        self._put(item)
        while len(self) > self._size:
            self._lose(self._last(), "crowded_out")
        if item.understanding.kind is Kind.QUESTION and item.tier > Tier.IDENTITY:
            self._to_learn.append(item)
            self._learning.set()
        self._offered.set()

    def _alike(self, key: tuple[object, ...]) -> Waiting | None:
        """What waits, or is being answered, for *key*."""
        found = self._by_key.get(key)
        if found is None and self._now is not None and self._now.tier is not Tier.OPERATOR:
            found = self._now if self._now.key == key else None
        return found

    def _kept_out(self, item: Waiting) -> str | None:
        """Why a message is not taken, though it could be answered."""
        if item.understanding.kind in _FIXED or item.event is not None:
            return None
        if self._of[item.asked_by.first] >= PER_VIEWER:
            return "flooding"
        since = asyncio.get_running_loop().time() - REPEATS_S
        if sum(at >= since for at in self._answers.get(item.key, ())) >= REPEATS:
            return "repeated"
        return None

    def _join(self, found: Waiting, item: Waiting) -> None:
        """*item* gets the answer of *found*."""
        found.asked_by.join(item.asked_by)
        found.fates += item.fates[: max(0, FOLLOWERS - len(found.fates))]
        picked = found is self._now
        for fate in item.fates:
            what, others = "picked" if picked else "merged", len(found.asked_by) - 1
            fate({"what": what, "others": others, "into": found.message.id})
        item.fates.clear()
        self._lose(item, "merged")

    def _also_in(self, found: Waiting, languages: Iterable[Language | None]) -> None:
        for language in languages:
            if language and language not in (found.message.language, *found.languages):
                found.languages.append(language)

    # --- what questions mean -----------------------------------------------------------------

    async def to_learn(self) -> Waiting:
        """Wait for a question whose meaning is not known yet, the first that came first."""
        while True:
            while self._to_learn:
                item = self._to_learn.popleft()
                if self._here(item) and item.meaning is None:
                    return item
            self._learning.clear()
            await self._learning.wait()

    def learn(self, item: Waiting, meaning: Meaning, pinned: str | None) -> None:
        """*item* means *meaning*: where another one that came before it means the same they are
        answered together; a question about what is on show moves forward."""
        if not self._here(item):
            return
        item.meaning = meaning
        if item is self._now:
            self._meant.append((asyncio.get_running_loop().time(), meaning))
            return
        for other in (self._now, *self):
            if other is None or other is item or other.meaning is None:
                continue
            same_language = other.message.language == item.message.language
            if other is self._now and not same_language:
                continue  # what is shown of an answer has been settled as it began
            if other.tier is not Tier.OPERATOR and alike(other.meaning, meaning):
                self._also_in(other, [item.message.language, *item.languages])
                self._remove(item)
                self._join(other, item)
                return
        since = asyncio.get_running_loop().time() - REPEATS_S
        if sum(at >= since and alike(one, meaning) for at, one in self._meant) >= REPEATS:
            self._remove(item)
            self._lose(item, "repeated")
            return
        if meaning.sku and meaning.sku == pinned and item.tier is Tier.QUESTION:
            self._remove(item)
            item.tier = Tier.PINNED
            self._put(item)

    # --- out ---------------------------------------------------------------------------------

    async def next(self, wanted: Callable[[Waiting], bool] = lambda _: True) -> Waiting:
        """Wait for a message still worth answering and *wanted*; it is being answered until
        ``done``."""
        clock = asyncio.get_running_loop().time
        while True:
            self._expire(clock())
            if (item := self._first(wanted, clock())) is not None:
                self._pick(item, clock())
                return item
            self._offered.clear()
            await self._offered.wait()

    def _first(self, wanted: Callable[[Waiting], bool], now: float) -> Waiting | None:
        def rank(item: Waiting) -> tuple[int, bool, bool, float, int]:
            if self._just_said(item, now):
                return (int(Tier.PINNED), True, False, item.message.at, item.place)
            if item.tier <= Tier.IDENTITY:
                return (int(item.tier), False, False, item.message.at, item.place)
            return (
                aged(item.tier, now - item.message.at),
                len(item.asked_by) < MANY,
                self._served.lately(item.asked_by.first, now),
                item.message.at,
                item.place,
            )

        return min(filter(wanted, self), key=rank, default=None)

    def _just_said(self, item: Waiting, now: float) -> bool:
        """Whether *item* is of a kind that goes first, and one of it was answered lately."""
        return now - self._said.get(item.understanding.kind, float("-inf")) < SAID_S

    def _pick(self, item: Waiting, now: float) -> None:
        self._remove(item)
        self._now = item
        self.answered += 1
        self._served.note(item.asked_by.first, now)
        if item.understanding.kind in _FIRST:
            self._said[item.understanding.kind] = now
        if item.event is not None:
            self._thanked.note(item.event, now)
        times = self._answers.setdefault(item.key, deque(maxlen=REPEATS))
        times.append(now)
        self._answers.move_to_end(item.key)
        if len(self._answers) > _ANSWERED:
            self._answers.popitem(last=False)
        if item.meaning is not None:
            self._meant.append((now, item.meaning))
        if not item.told:
            item.told = True
            self.asked(item)
        for fate in item.fates:
            others = len(item.asked_by) - 1
            fate({"what": "picked", "others": others, "into": item.message.id})
        item.fates.clear()

    def done(self) -> None:
        """What was picked last has been answered: whoever asks the same from now on waits."""
        self._now = None

    def forget(self, ids: Collection[str]) -> None:
        """Take back the messages called *ids*, as whoever wrote them, or a moderator, did. Where
        others asked the same their answer stays."""
        for item in [item for item in self if item.message.id in ids]:
            if len(item.asked_by) < 2:
                self._remove(item)
                self._lose(item, "taken_back")

    def note(self, tried: Flag | None) -> None:
        """Count a line by what it tries on the host."""
        if tried is not None:
            self.flags[tried.value] += 1

    def wake(self) -> None:
        """Let a waiting reader look again, as what it wants has changed."""
        self._offered.set()

    def clear(self) -> None:
        """Forget everyone who waits."""
        for item in list(self):
            self._remove(item)
            self._lose(item, "cleared")

    # --- within ------------------------------------------------------------------------------

    def _here(self, item: Waiting) -> bool:
        return item is self._now or self._tiers[item.tier].get(item.place) is item

    def _put(self, item: Waiting) -> None:
        self._tiers[item.tier][item.place] = item
        if item.tier is not Tier.OPERATOR:
            self._by_key[item.key] = item
            self._of[item.asked_by.first] += item.event is None

    def _remove(self, item: Waiting) -> None:
        del self._tiers[item.tier][item.place]
        if item.tier is not Tier.OPERATOR:
            del self._by_key[item.key]
            self._of[item.asked_by.first] -= item.event is None
            if not self._of[item.asked_by.first]:
                del self._of[item.asked_by.first]

    def _last(self) -> Waiting:
        """The least wanted, taken out: of the last tier that has any, what came last."""
        tier = max(tier for tier, items in self._tiers.items() if items)
        item = next(reversed(self._tiers[tier].values()))
        self._remove(item)
        return item

    def _expire(self, now: float) -> None:
        for tier, items in self._tiers.items():
            if tier <= Tier.IDENTITY:
                continue
            for item in list(items.values()):
                most = FRESH_S if item.event is not None else self._stale_s
                if now - item.message.at > most:
                    self._remove(item)
                    self._lose(item, "expired")

    def _lose(self, item: Waiting, reason: str) -> None:
        self.losses[reason] += 1
        for fate in item.fates:
            fate({"what": "dropped", "reason": reason})
        item.fates.clear()
        if item.told:
            self._dropped(item.message, reason)
        elif item.event is None:
            self.untold += 1
