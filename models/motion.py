"""How a host's head, shoulders, lids, gaze and brows move while she listens and speaks.

Slow sway, breathing, blinks and glances are functions of the time and a seed alone; nods and raised
brows follow how much the mouth moves. Nothing starts or stops with a sentence, so there is no seam
between idling and speaking. Where she is to look somewhere, the eyes go first and at once, the head
comes after, slower and only part of the way; most such shifts come with a blink, as people's do.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, hypot, pi, sin

import numpy as np

from agent.types import REST, Manner, Mood, Mouth

BLINK = (0.35, 1.0, 1.0, 0.7, 0.35)
"""Lid closure every BLINK_STEP_S: shut within 80 ms, open again in 120."""
BLINK_STEP_S = 0.04
BLINK_EVERY_S = 3.4
"""Mean time between blinks: some 18 a minute, as people in conversation do."""
DOUBLE_BLINK = 0.12
"""Share of blinks that come as two."""
GLANCE_EVERY_S = 2.3
GLANCES = (0.0, 0.0, 0.0, 0.0, 0.0, -0.5, 0.5, -0.5, 0.5, -1.0, 1.0)
"""Where the eyes may go next: mostly to the viewer."""
SACCADE_S = 0.08
"""How long the eyes take to get there."""
HEAD_FOLLOWS = (5.0, 5.5, 0.022)
"""How far the head goes along with a look to the edge of the picture: pixels to the side (half of
it as a turn), pixels down, and radians of tilt."""
HEAD_S, SMILE_S, CALM_S = 0.28, 0.40, 0.7
"""Time constants: of the head that follows the eyes, of a smile, of becoming calm."""
SPOKEN_SMILE = 0.6
"""Of a smile stays while the mouth speaks."""
CALM_TILT = 0.016
"""Of the head, in radians, as one listens to someone."""
BLINK_WITH = 0.45
"""A look that goes further than this is likely to come with a blink."""
AT_EASE = Manner()


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
        self._head = (0.0, 0.0)
        """Where the head has followed the eyes to, as Manner has it."""
        self._smile = 0.0
        self._calm = 0.0
        self._target = (0.0, 0.0)
        self._shifted = -1_000_000
        """In which frame the eyes were last sent somewhere, and from where."""
        self._from = (0.0, 0.0)

    def pose(self, number: int, mouth: Mouth, manner: Manner = AT_EASE) -> Pose:
        """The pose in frame *number*, in which the mouth stands as *mouth*."""
        step = min(max(number - self._number, 0), 10 * self._fps) / self._fps
        self._number = number
        lively, nod = self._follow(step, mouth)
        self._feel(step, manner, mouth)
        gaze, look = self._look(number, manner)
        t = number / self._fps
        breath = 0.5 - 0.5 * sin(2 * pi * 0.23 * t + self._phases[0])
        still, (head_x, head_y) = 1 - 0.45 * self._calm, self._head
        side, down, tilt = HEAD_FOLLOWS
        return Pose(
            x=self._sway(t, 0.11, 1) * (3.0 + 2.5 * lively) * still + 0.5 * side * head_x,
            y=self._sway(t, 0.13, 4) * 1.6 - 0.8 * breath + 6.0 * nod * still + down * head_y,
            roll=self._sway(t, 0.09, 7) * (0.008 + 0.010 * lively) * still
            + tilt * head_x
            + CALM_TILT * self._calm,
            turn=self._sway(t, 0.10, 2) * (2.5 + 1.5 * lively) * still + 0.5 * side * head_x,
            breath=2.4 * breath,
            blink=self._blink(number),
            gaze=gaze,
            brow=min(1.0, self._brow * still + 0.5 * max(-look, 0.0) + 0.15 * self._smile),
            look=look,
            smile=self._smile,
            care=self._calm,
        )

    def _feel(self, step: float, manner: Manner, mouth: Mouth) -> None:
        """Ease the smile, the calm and the head to where they are to be."""
        smile = 0.0 if manner.mood is not Mood.WARM else 1.0 if mouth == REST else SPOKEN_SMILE
        self._smile += (smile - self._smile) * (1 - exp(-step / SMILE_S))
        calm = float(manner.mood is Mood.CALM)
        self._calm += (calm - self._calm) * (1 - exp(-step / CALM_S))
        follows = 1 - exp(-step / HEAD_S)
        x, y = self._head
        self._head = (x + (manner.x - x) * follows, y + (manner.y - y) * follows)

    def _follow(self, step: float, mouth: Mouth) -> tuple[float, float]:
        """How lively the speech has been of late, and how deep the head nods now; both 0..1."""
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
        block, length = int(BLINK_EVERY_S * self._fps), self._frames(len(BLINK) * BLINK_STEP_S)
        shut = self._lids(number - self._shifted) if self._blinks_with_look() else 0.0
        for index in (number // block - 1, number // block):
            for start in _blinks(self._seed, index, block, length):
                shut = max(shut, self._lids(number - index * block - start))
        return shut

    def _lids(self, since: int) -> float:
        """How far they are shut *since* frames after a blink began."""
        at = since / (self._fps * BLINK_STEP_S)
        if not 0 <= at < len(BLINK):
            return 0.0
        left = int(at)
        after = BLINK[left + 1] if left + 1 < len(BLINK) else 0.0
        return BLINK[left] + (after - BLINK[left]) * (at - left)

    def _blinks_with_look(self) -> bool:
        """Whether the last shift of the eyes came with a blink."""
        (x, y), (to_x, to_y) = self._from, self._target
        return hypot(to_x - x, to_y - y) > BLINK_WITH and self._shifted % 4 != 0

    def _look(self, number: int, manner: Manner) -> tuple[float, float]:
        """Where the eyes are: sideways and down, both -1..1."""
        idle = (self._glance(number), 0.0)
        target = (manner.x, manner.y)
        if target != self._target:
            self._from = self._target if self._target != (0.0, 0.0) else idle
            self._target, self._shifted = target, number
        goal = target if target != (0.0, 0.0) else idle
        done = min(max((number - self._shifted + 1) / self._frames(SACCADE_S), 0.0), 1.0)
        x, y = self._from
        return x + (goal[0] - x) * done, y + (goal[1] - y) * done

    def _glance(self, number: int) -> float:
        """Where the eyes wander to when nothing is to be looked at."""
        block, lasts = int(GLANCE_EVERY_S * self._fps), self._frames(SACCADE_S)
        index = number // block
        start, target = _glance(self._seed, index, block, lasts)
        _, before = _glance(self._seed, index - 1, block, lasts)
        done = min(max((number - index * block - start + 1) / lasts, 0.0), 1.0)
        return before + (target - before) * done

    def _frames(self, seconds: float) -> int:
        return max(1, round(seconds * self._fps))


@lru_cache(maxsize=64)
def _blinks(seed: int, index: int, block: int, length: int) -> tuple[int, ...]:
    """At which frames of its block the lids begin to fall."""
    random = np.random.default_rng((seed, 1, index & 0xFFFFFFFF))
    start = int(random.integers(0, block - 2 * length))
    if random.random() < DOUBLE_BLINK:
        return start, start + length + 2
    return (start,)


@lru_cache(maxsize=64)
def _glance(seed: int, index: int, block: int, lasts: int) -> tuple[int, float]:
    """At which frame of its block the eyes move, and where to."""
    random = np.random.default_rng((seed, 2, index & 0xFFFFFFFF))
    return int(random.integers(0, block - lasts)), float(random.choice(GLANCES))
