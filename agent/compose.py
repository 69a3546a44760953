"""The picture: backdrop, host, question, caption, product card, and the AI label, last."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.backdrop import shop
from agent.label import Label
from agent.lettering import Tile, lay
from agent.overlay import Overlay
from agent.types import Image, Language, Mouth, Product, Scene

BUFFERS = 3
"""An image is the caller's until two further calls."""
KEPT = 48
"""Tiles kept ready: all cards of a small shop, and the captions of a few turns."""
GAP = 16
"""Pixels between one tile and the next, on a picture 720 wide."""
SPEAKING_STEPS = 12


class Host(Protocol):
    """Who stands before the backdrop. ``models.face.Face`` is one."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the layer; no larger than the picture."""
        ...

    def layer(self, mouth: Mouth, number: int) -> NDArray[np.uint8]:
        """The host in frame *number*: premultiplied BGRA, good until the next call."""
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
        self._behind = np.ascontiguousarray(self._backdrop[self._place])
        self._through = np.empty((height, width), np.uint8)
        self._shade = np.empty((height, width, 3), np.uint8)
        self._colour = np.empty((height, width, 3), np.uint8)
        self._images = deque(self._backdrop.copy() for _ in range(BUFFERS))
        self._overlay = Overlay(self._width)
        self._tiles: OrderedDict[Hashable, Tile] = OrderedDict()

    def prepare(self, product: Product, language: Language) -> None:
        """Draw the product's card ahead of the show: some 15 ms that no frame then waits for.
        To be called by whoever calls *draw*, not beside it."""
        self._tile((product, language), lambda: self._overlay.card(product, language))

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        """The picture of frame *number*: BGR, (height, width, 3)."""
        self._images.rotate()
        image = self._images[0]
        np.copyto(image, self._backdrop)
        self._draw_host(image, mouth, number)
        self._draw_question(image, scene)
        self._draw_below(image, scene, number)
        self.label.draw(image)
        return image

    def _draw_host(self, image: Image, mouth: Mouth, number: int) -> None:
        layer = self._host.layer(mouth, number)
        cv2.extractChannel(layer, 3, self._through)
        cv2.bitwise_not(self._through, self._through)
        cv2.cvtColor(self._through, cv2.COLOR_GRAY2BGR, dst=self._shade)
        cv2.multiply(self._behind, self._shade, dst=self._shade, scale=1 / 255)
        cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR, dst=self._colour)
        cv2.add(self._shade, self._colour, dst=self._shade)
        image[self._place] = self._shade

    def _draw_question(self, image: Image, scene: Scene) -> None:
        """Below the label: who asked what, while it is being answered."""
        if not scene.question:
            return
        key = ("question", scene.asker, scene.question, scene.language)
        bubble = self._tile(
            key, lambda: self._overlay.question(scene.asker, scene.question, scene.language)
        )
        lay(bubble, image, self.label.box[0], self.label.box[3] + self._overlay.px(GAP))

    def _draw_below(self, image: Image, scene: Scene, number: int) -> None:
        """From the lower edge up: card, caption, and the mark that the host speaks."""
        px = self._overlay.px
        floor = self._height - px(22)
        if card := scene.card:
            tile = self._tile(
                (card, scene.language), lambda: self._overlay.card(card, scene.language)
            )
            floor -= tile.shape[0]
            lay(tile, image, px(22), floor)
            floor -= px(GAP)
        if scene.caption.strip():
            tile = self._tile(
                ("caption", scene.caption), lambda: self._overlay.caption(scene.caption)
            )
            floor -= tile.shape[0]
            lay(tile, image, (self._width - tile.shape[1]) // 2, floor)
            floor -= px(10)
        if scene.speaking:
            step = number % SPEAKING_STEPS
            tile = self._tile(("speaking", step), lambda: self._overlay.speaking(step))
            lay(tile, image, px(22), floor - tile.shape[0])

    def _tile(self, key: Hashable, draw: Callable[[], Tile]) -> Tile:
        """The tile known as *key*, drawn only when it is new."""
        found = self._tiles.get(key)
        if found is None:
            found = self._tiles[key] = draw()
            if len(self._tiles) > KEPT:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end(key)
        return found
