"""How a host's head, shoulders, lids, gaze and brows move while she listens and speaks.

Slow sway, breathing, blinks and glances are functions of the frame's number and a seed alone;
nods and raised brows follow how much the mouth moves. Nothing starts or stops with a sentence, so
there is no seam between idling and speaking.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, pi, sin

import numpy as np

from agent.types import Mouth

BLINK = (0.35, 1.0, 1.0, 0.7, 0.35)
"""Lid closure, frame by frame at 25 fps: shut within two frames, open again in three."""
BLINK_EVERY_S = 3.4
"""Mean time between blinks: some 18 a minute, as people in conversation do."""
DOUBLE_BLINK = 0.12
"""Share of blinks that come as two."""
GLANCE_EVERY_S = 2.3
GLANCES = (0.0, 0.0, 0.0, 0.0, 0.0, -0.5, 0.5, -0.5, 0.5, -1.0, 1.0)
"""Where the eyes may go next: mostly to the viewer."""
SACCADE_FRAMES = 2


@dataclass(frozen=True, slots=True)
class Pose:
    """How the host stands in one frame; lengths in pixels of a head some 480 wide."""

    x: float
    """The head, to the right."""
    y: float
    """The head, down."""
    roll: float
    """The head, clockwise, in radians."""
    turn: float
    """The middle of the face against its rim, to the right: a turn of the head, hinted at."""
    breath: float
    """The shoulders, up."""
    blink: float
    """0 open to 1 shut."""
    gaze: float
    """-1 left to 1 right of the picture."""
    brow: float
    """0 to 1 raised."""
    look: float = 0.0
    """-1 up to 1 down."""
    smile: float = 0.0
    """0 to 1."""
    care: float = 0.0
    """0 to 1: the inner brows are raised, as one listens to someone in trouble."""


class Motion:
    """The host's movement, frame after frame. The same numbers and mouths give the same poses."""

    def __init__(self, fps: int, seed: int = 5) -> None:
        self._fps = fps
        self._seed = seed
        phases = np.random.default_rng(seed).random(12) * 2 * pi
        self._phases = [float(phase) for phase in phases]
        self._number = 0
        self._quick = 0.0
        self._slow = 0.0
        self._nod = 0.0
        self._brow = 0.0

    def pose(self, number: int, mouth: Mouth) -> Pose:
        """The pose in frame *number*, in which the mouth stands as *mouth*."""
        lively, nod = self._follow(number, mouth)
        t = number / self._fps
        breath = 0.5 - 0.5 * sin(2 * pi * 0.23 * t + self._phases[0])
        return Pose(
            x=self._sway(t, 0.11, 1) * (3.0 + 2.5 * lively),
            y=self._sway(t, 0.13, 4) * 1.6 - 0.8 * breath + 6.0 * nod,
            roll=self._sway(t, 0.09, 7) * (0.008 + 0.010 * lively),
            turn=self._sway(t, 0.10, 2) * (3.0 + 2.0 * lively),
            breath=2.4 * breath,
            blink=self._blink(number),
            gaze=self._gaze(number),
            brow=self._brow,
        )

    def _follow(self, number: int, mouth: Mouth) -> tuple[float, float]:
        """How lively the speech has been of late, and how deep the head nods now; both 0..1."""
        step = min(max(number - self._number, 0), 10 * self._fps) / self._fps
        self._number = number
        drive = min(1.0, 1.3 * mouth.open + 0.2 * abs(mouth.wide) + 0.15 * mouth.press)
        self._quick += (drive - self._quick) * (1 - exp(-step / 0.14))
        self._slow += (drive - self._slow) * (1 - exp(-step / 1.2))
        stress = max(0.0, self._quick - self._slow)
        self._nod += (stress - self._nod) * (1 - exp(-step / 0.09))
        wanted = min(1.0, max(0.0, stress - 0.12) * 3.0)
        self._brow += (wanted - self._brow) * (
            1 - exp(-step / (0.15 if wanted > self._brow else 0.5))
        )
        return min(1.0, 2 * self._slow), self._nod

    def _sway(self, t: float, hertz: float, phase: int) -> float:
        """A smooth wander in about -1..1 that never visibly repeats."""
        a, b, c = self._phases[phase : phase + 3]
        return (
            0.62 * sin(2 * pi * hertz * t + a)
            + 0.28 * sin(2 * pi * hertz * 1.73 * t + b)
            + 0.14 * sin(2 * pi * hertz * 3.11 * t + c)
        )

    def _blink(self, number: int) -> float:
        block = int(BLINK_EVERY_S * self._fps)
        shut = 0.0
        for index in (number // block - 1, number // block):
            for start in _blinks(self._seed, index, block, len(BLINK)):
                since = number - index * block - start
                if 0 <= since < len(BLINK):
                    shut = max(shut, BLINK[since])
        return shut

    def _gaze(self, number: int) -> float:
        block = int(GLANCE_EVERY_S * self._fps)
        index = number // block
        start, target = _glance(self._seed, index, block)
        _, before = _glance(self._seed, index - 1, block)
        done = min(max((number - index * block - start + 1) / SACCADE_FRAMES, 0.0), 1.0)
        return before + (target - before) * done


@lru_cache(maxsize=64)
def _blinks(seed: int, index: int, block: int, length: int) -> tuple[int, ...]:
    """At which frames of its block the lids begin to fall."""
    random = np.random.default_rng((seed, 1, index & 0xFFFFFFFF))
    start = int(random.integers(0, block - 2 * length))
    if random.random() < DOUBLE_BLINK:
        return start, start + length + 2
    return (start,)


@lru_cache(maxsize=64)
def _glance(seed: int, index: int, block: int) -> tuple[int, float]:
    """At which frame of its block the eyes move, and where to."""
    random = np.random.default_rng((seed, 2, index & 0xFFFFFFFF))
    return int(random.integers(0, block - SACCADE_FRAMES)), float(random.choice(GLANCES))
