"""Which face goes with what is being said."""

from agent.types import Mood
from agent.understand import Kind

WARM = frozenset({Kind.GREETING, Kind.THANKS})
CALM = frozenset(
    {
        Kind.ORDER_TROUBLE,
        Kind.COMPLAINT,
        Kind.CONTACT,
        Kind.HEALTH,
        Kind.DISTRESS,
        Kind.HOSTILE,
    }
)
"""Nobody is smiled at who has something to complain of, or is unwell."""
GREETINGS = frozenset({"opening", "closing"})
"""The kinds of segments in which everybody is greeted."""


def mood_for(kind: Kind | None, *, greets: bool = False) -> Mood:
    """The mood while a message of *kind* is answered (None: nobody wrote). *greets*: the host
    welcomes everybody, or says goodbye."""
    if kind in CALM:
        return Mood.CALM
    return Mood.WARM if kind in WARM or greets else Mood.PLAIN
