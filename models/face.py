"""The host as a layer for the stage: mouth, eyes and head of one frame, from an atlas."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from agent.types import Image, Manner, Mouth
from models.atlas import Atlas, Bgra
from models.figure import Figure, Span
from models.motion import AT_EASE, Motion, Pose

BROW_STEPS = 48
"""Heights of the brows that are told apart: a still host is then really still."""
SMILE_WIDE = 0.3
"""What a smile adds to the width of a mouth at rest."""
DEFAULT_ATLAS = Path(__file__).parent / "assets" / "host" / "atlas"
"""The default host's atlas; her pictures' licence stands beside it."""


def default_host() -> Atlas:
    """The synthetic woman that needs nobody's consent. Takes some 1 s CPU and 60 MB."""
    return Atlas.load(DEFAULT_ATLAS)


class Face:
    """Draws the host of *atlas*, moving as *seed* has it.

    It holds no label: the stage draws that over whatever a face draws.
    """

    def __init__(self, atlas: Atlas, fps: int = 25, seed: int = 5) -> None:
        self._atlas = atlas
        self._motion = Motion(fps, seed)
        height, width = atlas.base.shape[:2]
        self.size = (width, height)
        """Width and height, in pixels."""
        self.still = atlas.base.copy()
        """The host upright, with this frame's mouth and eyes."""
        self._moved = np.empty_like(atlas.base)
        x0, y0, x1, y1 = atlas.mouth_box
        self._mouth_area = self.still[y0:y1, x0:x1]
        self._spare = np.empty((y1 - y0, x1 - x0, 4), np.uint8)
        x0, y0, x1, y1 = atlas.eye_box
        self._eye_area = self.still[y0:y1, x0:x1]
        self._drawn: tuple[object, object] = (None, None)
        self._figure = Figure(atlas)

    def draw(self, on: Image, mouth: Mouth, number: int, manner: Manner = AT_EASE) -> None:
        """Draw the host in frame *number* over *on*, a BGR picture of her size."""
        self.put(on, mouth, self._motion.pose(number, mouth, manner))

    def put(self, on: Image, mouth: Mouth, pose: Pose) -> None:
        """Draw the host in any pose; as *draw*."""
        self._figure.lay(self.still, pose, on, self.set(mouth, pose))

    def layer(self, mouth: Mouth, number: int) -> Bgra:
        """The host in frame *number* by herself: premultiplied BGRA; overwritten by the next
        call."""
        return self.posed(mouth, self._motion.pose(number, mouth))

    def posed(self, mouth: Mouth, pose: Pose) -> Bgra:
        """The host in any pose; as *layer*."""
        self.set(mouth, pose)
        self._figure.move(self.still, pose, self._moved)
        return self._moved

    def set(self, mouth: Mouth, pose: Pose) -> list[Span]:
        """Put this mouth and these eyes in *still*; gives the rows where it changed."""
        eyes = (pose.blink, pose.gaze, round(pose.brow * BROW_STEPS) / BROW_STEPS)
        if pose.smile:  # lips that smile are broader too, those that speak keep their shape
            broader = SMILE_WIDE * pose.smile * (1 - abs(mouth.wide)) * max(0, 1 - 3 * mouth.open)
            mouth = replace(mouth, wide=round(mouth.wide + broader, 3))
        changed: list[Span] = []
        if eyes != self._drawn[1]:
            self._atlas.pose_eyes(*eyes, self._eye_area)
            changed.append((self._atlas.eye_box[1], self._atlas.eye_box[3]))
        if changed or mouth != self._drawn[0]:  # where the boxes overlap the mouth is on top
            self._atlas.pose_mouth(mouth, self._mouth_area, self._spare)
            changed.append((self._atlas.mouth_box[1], self._atlas.mouth_box[3]))
        self._drawn = (mouth, eyes)
        return changed
