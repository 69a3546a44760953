"""What the host looks at: the viewer, and for a moment what has just come up on the picture.

A question that was picked is looked at as one reads a line of chat, a product that is put on show
as one points at it with the eyes. Between two such looks the eyes rest on the viewer for a while,
so that a busy chat does not make her restless.
"""

from enum import StrEnum

from agent.types import Scene

AFTER_S = 0.12
"""From what comes up to the eyes that turn to it: less than people take, who are surprised."""
QUESTION_S, CARD_S = 1.1, 0.9
"""How long each is looked at."""
REST_S = 1.6
"""On the viewer, between two looks."""
STALE_S = 3.5
"""What came up longer ago is not looked at any more."""


class Target(StrEnum):
    VIEWER = "viewer"
    QUESTION = "question"
    CARD = "card"


class Attention:
    """Follows a show's pictures, frame after frame."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._question = ("", "")
        self._card: str | None = None
        self._began = False
        self._wanted: dict[Target, int] = {}
        """What has come up, and in which frame."""
        self._looks: Target = Target.VIEWER
        self._until = 0
        """The frame in which the look ends."""
        self._rests_until = 0

    def target(self, scene: Scene, number: int) -> Target:
        """What the eyes are on in frame *number*."""
        self._note(scene, number)
        if self._looks is not Target.VIEWER and self._gone(scene):
            self._until = number
        if self._looks is not Target.VIEWER and number >= self._until:
            self._looks, self._rests_until = Target.VIEWER, number + self._frames(REST_S)
        if self._looks is Target.VIEWER and number >= self._rests_until:
            self._take_up(number)
        return self._looks

    def _note(self, scene: Scene, number: int) -> None:
        question = (scene.asker, scene.question)
        if scene.question and question != self._question:
            self._wanted[Target.QUESTION] = number
        card = scene.card.sku if scene.card else None
        if card and card != self._card and self._began:
            self._wanted[Target.CARD] = number
        self._question, self._card, self._began = question, card, True

    def _take_up(self, number: int) -> None:
        for target, lasts in ((Target.QUESTION, QUESTION_S), (Target.CARD, CARD_S)):
            since = number - self._wanted.get(target, number)
            if target in self._wanted and since >= self._frames(AFTER_S):
                del self._wanted[target]
                if since <= self._frames(STALE_S):
                    self._looks, self._until = target, number + self._frames(lasts)
                    return

    def _gone(self, scene: Scene) -> bool:
        """Whether what is looked at is no longer there."""
        shown = scene.question if self._looks is Target.QUESTION else scene.card
        return not shown

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._fps)
