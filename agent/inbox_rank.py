"""Which waiting message goes first: by what it is, how long it has waited, and whose it is."""

from collections import OrderedDict
from enum import IntEnum

from agent.types import Source
from agent.understand import Kind, Understanding


class Tier(IntEnum):
    """Lower goes first."""

    OPERATOR = 0
    IDENTITY = 1
    """Whether the host is real; or someone may hurt themselves."""
    ORDER = 2
    """Trouble with an order, a complaint."""
    PINNED = 3
    """A question about the product on show."""
    GIVEN = 4
    """A gift or an order came in."""
    QUESTION = 5
    TALK = 6
    """Greetings, thanks, chatter; people who came in, liked or followed."""
    TRIED = 7
    """Whatever tries something on the host."""


AGE_S = 12.0
"""A message that has waited so long goes before younger ones of the tier above, and so on; but
not before questions about the product on show."""
FAIR_S = 60.0
"""Who was answered so lately lets others of the same tier go first."""
MANY = 3
"""Asked by so many, a question goes before others of its tier."""
_REMEMBERED = 1000
_ORDER = frozenset({"order_trouble", "complaint"})
_ASKED = frozenset({Kind.QUESTION, Kind.HEALTH})


def tier_of(source: Source, understanding: Understanding) -> Tier:
    """The tier of a message as it comes in."""
    if source is Source.OPERATOR:
        return Tier.OPERATOR
    if understanding.kind in (Kind.IDENTITY, Kind.DISTRESS):
        return Tier.IDENTITY
    if understanding.flag is not None:
        return Tier.TRIED
    if understanding.kind.value in _ORDER:
        return Tier.ORDER
    return Tier.QUESTION if understanding.kind in _ASKED else Tier.TALK


def aged(tier: Tier, waited_s: float) -> int:
    """*tier* after *waited_s*."""
    if not Tier.GIVEN <= tier <= Tier.TALK:
        return int(tier)
    return max(int(Tier.PINNED), tier - int(waited_s / AGE_S))


class Served:
    """Who was answered, and when; the last thousand."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, float] = OrderedDict()

    def note(self, viewer: str, now: float) -> None:
        self._at[viewer] = now
        self._at.move_to_end(viewer)
        if len(self._at) > _REMEMBERED:
            self._at.popitem(last=False)

    def lately(self, viewer: str, now: float) -> bool:
        return now - self._at.get(viewer, float("-inf")) < FAIR_S
