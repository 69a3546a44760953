"""What is about to air: speech when there is some, nothing when the host rests."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from agent.types import Cue, Evidence, Stream, Utterance


class Playout:
    """A short run of cues between the turns, which burst, and the air, which is steady.

    *still_true* is asked as a sentence is about to air; if it names a fact that no longer holds,
    the sentence does not air, nor what follows it, and ``withdrawn`` tells the turn.
    """

    def __init__(
        self, fps: int, lead_s: float, still_true: Callable[[Utterance], Evidence | None]
    ) -> None:
        self._room = max(1, round(lead_s * fps))
        self._still_true = still_true
        self._cues: deque[Cue] = deque()
        self._taken = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self.withdrawn = asyncio.Event()
        self.untrue: tuple[Utterance, Evidence] | None = None
        """The sentence last withdrawn, and the fact that no longer held."""

    def __len__(self) -> int:
        return len(self._cues)

    def begin(self) -> None:
        """A new turn: what was withdrawn before is over."""
        self.withdrawn.clear()
        self.untrue = None

    async def play(self, cue: Cue) -> None:
        """Queue *cue*, waiting while speech is already ``lead_s`` ahead of the air."""
        while len(self._cues) >= self._room:
            self._taken.clear()
            await self._taken.wait()
        if self.withdrawn.is_set():
            return
        self._cues.append(cue)
        self._drained.clear()

    def drop(self) -> None:
        """Forget what has not aired yet; a notice stays."""
        self._keep([cue for cue in self._cues if cue.utterance.is_notice])

    def forget(self, utterance: Utterance) -> None:
        """Forget what has not aired yet of *utterance*, whose sound broke off."""
        self._keep([cue for cue in self._cues if cue.utterance is not utterance])

    def _keep(self, cues: list[Cue]) -> None:
        self._cues = deque(cues)
        self._taken.set()
        if not cues:
            self._drained.set()

    def next(self) -> Cue | None:
        """The cue to air now; None while the host rests."""
        if not self._cues:
            return None
        cue = self._cues.popleft()
        self._taken.set()
        if cue.first and (stale := self._still_true(cue.utterance)):
            self.untrue = (cue.utterance, stale)
            self.withdrawn.set()
            self.drop()
            return None
        return cue

    def sent(self) -> None:
        """The cue last taken is on the air."""
        if not self._cues:
            self._drained.set()

    async def drained(self) -> None:
        """Wait until everything queued has gone to air, or was dropped."""
        await self._drained.wait()


class Tick(NamedTuple):
    """One beat of the air's clock."""

    number: int
    """Of the frame to air now."""
    skipped: int
    """Frames before it that never air."""
    late: bool
    """Whether it airs more than a frame after its time."""


async def ticks(fps: int, late_frames: int) -> Stream[Tick]:
    """The clock of the air: one tick every 1/fps s, for ever.

    Deadlines are start + number / fps, so being late once does not drift. Later than
    *late_frames*, it goes on with the frame that is due now; the skipped ones never air.
    """
    clock = asyncio.get_running_loop().time
    start, number = clock(), 0
    while True:
        lag = int((clock() - start) * fps) - number
        skipped = lag if lag > late_frames else 0
        number += skipped
        await asyncio.sleep(max(0.0, start + number / fps - clock()))
        yield Tick(number, skipped, lag >= 1)
        number += 1
