"""How long each part of a show may take: the only place that holds these numbers."""

from dataclasses import dataclass

FPS = 25
"""Pictures a second. 48,000 Hz divides into it without a rest, so sound never drifts."""
AIR_RATE = 48_000
"""Samples a second of what airs, in Hz."""
WIDTH, HEIGHT = 720, 1280
LATE_FRAMES = 3
"""Later than this many frames, the air skips to where it should be; it never catches up."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The patience of a show, in seconds. What happens when one runs out is the ladder:

    answer shortened -> grounded template -> prepared sound -> caption only -> slate.
    """

    stale_s: float = 45.0
    """A question older than this is dropped: a late answer is worse than none."""
    facts_s: float = 0.6
    """For the catalog; past it the turn falls to prepared sound."""
    first_sentence_s: float = 1.1
    """For the writer's first sentence when no fact answers by itself; past it a template does."""
    gap_s: float = 0.5
    """The longest silence inside an answer: the writer's next sentence must be ready this long
    after the sound before it has been played, or the answer ends there."""
    first_frame_s: float = 2.0
    """From picking a message to its first frame; past it a prepared line is spoken."""
    answer_s: float = 25.0
    """The longest answer; it ends at the end of a sentence."""
    lead_s: float = 0.4
    """How far speech may run ahead of the air."""
    notice_every_s: float = 600.0
    """Between two spoken notices (rules.md 1.5: every 10 min; allowed 5 to 15)."""
    notice_grace_s: float = 60.0
    """Overdue by this much, the host says nothing else."""
    rest_s: float = 40.0
    """Without chat this long, the host says something about the product on show."""
    caption_s: float = 1.2
    """How long a caption stays after its sentence."""


NOTICE_EVERY_S = (300.0, 900.0)
"""The bounds within which a show may set its notice clock (rules.md, decision 4)."""
