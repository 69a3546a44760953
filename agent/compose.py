"""The picture: backdrop, host, question, caption, product card, and the AI label, last."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import cv2
import numpy as np

from agent.attention import Attention, Target
from agent.backdrop import shop
from agent.budget import FPS
from agent.label import Label
from agent.lettering import Tile
from agent.overlay import Overlay
from agent.plate import Plate
from agent.types import Image, Language, Manner, Mouth, Product, Scene

BUFFERS = 3
"""An image is the caller's until two further calls."""
KEPT = 48
"""Tiles kept ready: all cards of a small shop, and the captions of a few turns."""
GAP = 16
"""Pixels between one tile and the next, on a picture 720 wide."""
SPEAKING_STEPS = 12
FACE_DOWN = 0.38
"""Where a host's face is, from her upper edge, as a share of her height."""


class Host(Protocol):
    """Who stands before the backdrop. ``models.face.Face`` is one."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height; no larger than the picture."""
        ...

    def draw(self, on: Image, mouth: Mouth, number: int, manner: Manner) -> None:
        """Draw the host in frame *number* over *on*, a part of the picture of her size."""
        ...


class Stage:
    """Draws a show's pictures; fits ``agent.ports.Stage``.

    The host stands on the lower edge, in the middle. The label's place is the label's alone:
    everything else is laid out below it or beside it, and it is drawn over whatever is there.
    """

    def __init__(
        self,
        host: Host,
        language: Language,
        size: tuple[int, int] = (720, 1280),
        backdrop: Image | None = None,
        also: Sequence[str] = (),
        fps: int = FPS,
    ) -> None:
        """*language*: of the label, which bears the lines of *also* besides. *backdrop*: BGR of
        *size*; a shop out of focus if None."""
        # OpenCV's own threads win nothing at this size, and take the other core from the voice.
        cv2.setNumThreads(1)
        self.label = Label(language, size, also)
        self._host = host
        self._width, self._height = size
        width, height = host.size
        if width > self._width or height > self._height:
            raise ValueError(f"a host of {width}x{height} is larger than the picture, {size}")
        self._backdrop = shop(size) if backdrop is None else backdrop
        if self._backdrop.shape != (self._height, self._width, 3):
            raise ValueError(f"the backdrop is {self._backdrop.shape}, not of {size}")
        x, y = (self._width - width) // 2, self._height - height
        self._place = (slice(y, y + height), slice(x, x + width))
        self._face = (self._width / 2, y + height * FACE_DOWN)
        self._attention = Attention(fps)
        self._images = deque(self._backdrop.copy() for _ in range(BUFFERS))
        self._overlay = Overlay(self._width)
        self._tiles: OrderedDict[Hashable, Plate] = OrderedDict()

    def prepare(self, product: Product, language: Language) -> None:
        """Draw the product's card ahead of the show: some 15 ms that no frame then waits for.
        To be called by whoever calls *draw*, not beside it."""
        self._tile((product, language), lambda: self._overlay.card(product, language))

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        """The picture of frame *number*: BGR, (height, width, 3)."""
        self._images.rotate()
        image = self._images[0]
        np.copyto(image, self._backdrop)
        self._host.draw(image[self._place], mouth, number, self._manner(scene, number))
        self._draw_question(image, scene)
        self._draw_below(image, scene, number)
        self.label.draw(image)
        return image

    def _manner(self, scene: Scene, number: int) -> Manner:
        """How the host looks, and where to: at what has just come up on the picture."""
        target = self._attention.target(scene, number)
        if target is Target.VIEWER:
            return Manner(scene.mood)
        if target is Target.QUESTION:
            x, y = self.label.box[0] + self._width / 4, self.label.box[3] + self._overlay.px(60)
        else:
            x, y = self._width * 0.4, self._height - self._overlay.px(110)
        face_x, face_y = self._face
        across, down = (x - face_x) / (self._width / 2), (y - face_y) / (self._height / 2)
        return Manner(scene.mood, min(max(across, -1), 1), min(max(down, -1), 1))

    def _draw_question(self, image: Image, scene: Scene) -> None:
        """Below the label: who asked what, while it is being answered."""
        if not scene.question:
            return
        key = ("question", scene.asker, scene.question, scene.language)
        bubble = self._tile(
            key, lambda: self._overlay.question(scene.asker, scene.question, scene.language)
        )
        bubble.lay(image, self.label.box[0], self.label.box[3] + self._overlay.px(GAP))

    def _draw_below(self, image: Image, scene: Scene, number: int) -> None:
        """From the lower edge up: card, caption, and the mark that the host speaks."""
        px = self._overlay.px
        floor = self._height - px(22)
        if card := scene.card:
            tile = self._tile(
                (card, scene.language), lambda: self._overlay.card(card, scene.language)
            )
            floor -= tile.height
            tile.lay(image, px(22), floor)
            floor -= px(GAP)
        if scene.caption.strip():
            tile = self._tile(
                ("caption", scene.caption), lambda: self._overlay.caption(scene.caption)
            )
            floor -= tile.height
            tile.lay(image, (self._width - tile.width) // 2, floor)
            floor -= px(10)
        if scene.speaking:
            step = number % SPEAKING_STEPS
            tile = self._tile(("speaking", step), lambda: self._overlay.speaking(step))
            tile.lay(image, px(22), floor - tile.height)

    def _tile(self, key: Hashable, draw: Callable[[], Tile]) -> Plate:
        """The tile known as *key*, ready to be laid; drawn only when it is new."""
        found = self._tiles.get(key)
        if found is None:
            found = self._tiles[key] = Plate(draw())
            if len(self._tiles) > KEPT:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end(key)
        return found
