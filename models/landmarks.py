"""Where the parts of a face are in a picture: 478 points, by MediaPipe, on this machine only.

The one place that knows MediaPipe. Pinned to 0.10.14, the last version that carries its models,
runs beside NumPy 2 and opens no connection: later ones report their use to the maker.
"""

import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agent.types import Image

Points: TypeAlias = NDArray[np.float32]
"""x, y and depth in pixels of the picture, shape (478, 3); less depth is nearer to the viewer.
Numbered as MediaPipe's face mesh; "left" and "right" below are the picture's."""

LEFT_EYE, RIGHT_EYE = 33, 263
"""Outer corners."""
LEFT_CORNER, RIGHT_CORNER = 61, 291
"""Of the mouth."""
UPPER_INNER, LOWER_INNER = (82, 13, 312), (87, 14, 317)
"""Points on the inner rims of the lips, in pairs from left to right."""
CHIN, FOREHEAD, NOSE_TIP = 152, 10, 1

_NOISE = (
    b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.",
    b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    b"Feedback manager requires a model with a single signature inference.",
)
"""What MediaPipe says on stderr each time that it starts well."""
_STDERR = threading.Lock()


class Landmarks:
    """A finder of faces, each picture by itself. One call at a time; close it or use ``with``.

    Made in some 50 ms, after an import of about 0.7 s CPU; then 5 ms CPU for a face that fills its
    picture and 10 ms for one in 720x1280.
    """

    def __init__(self, faces: int = 1, confidence: float = 0.5) -> None:
        """Find at most *faces* faces, each at least this sure (0 to 1)."""
        with _hushed():
            warnings.filterwarnings("ignore", "SymbolDatabase.GetPrototype", UserWarning)
            from mediapipe.python.solutions.face_mesh import FaceMesh  # late: slow, and rarely used

            self._mesh: Any = FaceMesh(
                static_image_mode=True,  # tracking would smooth the lips and so delay them by 13 ms
                max_num_faces=faces,
                refine_landmarks=True,
                min_detection_confidence=confidence,
            )
            self._mesh.process(np.zeros((64, 64, 3), np.uint8))  # start its threads, hushed

    def find(self, picture: Image) -> list[Points]:
        """The faces in *picture* (BGR), the surest first; empty where there is none."""
        height, width = picture.shape[:2]
        found = self._mesh.process(np.ascontiguousarray(picture[..., ::-1])).multi_face_landmarks
        scale = np.array([width, height, width], np.float32)
        return [
            np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32) * scale
            for face in found or ()
        ]

    def close(self) -> None:
        """Stop its threads. Harmless when closed already."""
        if self._mesh is not None:
            self._mesh.close()
            self._mesh = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def person(picture: Image) -> NDArray[np.float32]:
    """How surely each pixel of *picture* (BGR) belongs to a person, 0 to 1; shape (height, width).

    For pictures taken from near, one at a time; 50 ms CPU. Works for drawings too."""
    with _hushed():
        from mediapipe.python.solutions.selfie_segmentation import SelfieSegmentation

        with SelfieSegmentation(model_selection=0) as model:
            mask = model.process(np.ascontiguousarray(picture[..., ::-1])).segmentation_mask
            return np.array(mask, np.float32)


@contextmanager
def _hushed() -> Generator[None, None, None]:
    """Take the known noise out of what is written to stderr meanwhile, by C++ too; all else is
    passed on, a little later."""
    with _STDERR, tempfile.TemporaryFile() as held:
        sys.stderr.flush()
        real = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(real, 2)
            held.seek(0)
            for line in held:
                if not any(noise in line for noise in _NOISE):
                    os.write(real, line)
            os.close(real)
