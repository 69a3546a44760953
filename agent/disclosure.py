"""The AI notice: when it is due, and what counts as given."""

from dataclasses import dataclass

from agent.budget import NOTICE_EVERY_S
from agent.ports import BackendError


class NoticeOverdueError(BackendError):
    """Nothing may be said before the notice has been played."""


@dataclass(slots=True)
class NoticeClock:
    """Counts from the last notice whose sound was played to its end, and from nothing else.

    There is no way to put it off but ``played``, and only the air calls that. A show that
    resumes after a crash makes a new clock: its first notice is due at once.
    """

    every_s: float
    grace_s: float
    _due_at: float | None = None
    """None until the first notice has been played: until then nothing else is said."""
    count: int = 0

    def __post_init__(self) -> None:
        low, high = NOTICE_EVERY_S
        if not low <= self.every_s <= high:
            raise ValueError(f"notice_every_s is {self.every_s:g}; it may be {low:g} to {high:g}")

    def played(self, now: float) -> None:
        """A notice has been played whole, its last sample at *now*."""
        self.count += 1
        self._due_at = now + self.every_s

    def repeat(self, now: float) -> None:
        """Have the notice given again at once, as when another face or voice takes over. It can
        only come sooner by this, never later."""
        if self._due_at is not None:
            self._due_at = min(self._due_at, now)

    def due_in(self, now: float) -> float:
        """Seconds until the next notice is due; 0 or less when it is."""
        return 0.0 if self._due_at is None else self._due_at - now

    def due(self, now: float) -> bool:
        return self.due_in(now) <= 0

    def silences(self, now: float) -> bool:
        """Whether nothing but the notice may be said: the last guard before the air. The loop
        begins nothing else from the moment that it is due."""
        return self._due_at is None or now - self._due_at > self.grace_s
