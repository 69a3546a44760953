"""How much may pass in a while."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """Lets *burst* through at once, and *per_s* a second in the long run."""

    per_s: float
    burst: float
    _level: float = field(init=False)
    _at: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self._level = self.burst

    def take(self, count: int = 1) -> bool:
        """Whether *count* more may pass now: all of them or none."""
        now = asyncio.get_running_loop().time()
        self._level = min(self.burst, self._level + max(0.0, now - self._at) * self.per_s)
        self._at = now
        if self._level < count:
            return False
        self._level -= count
        return True
