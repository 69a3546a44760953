"""What comes along is what the lock says, under licences that a shop can live with."""

import re
from importlib.metadata import Distribution, distributions
from typing import Final, cast

from tests.models.test_setup import locked, normal

FREE: Final = re.compile(
    r"apache|mit|bsd|isc|mpl|mozilla public|psf|python software foundation|zlib|cc0|unlicense|0bsd",
    re.IGNORECASE,
)
"""Licences under which a closed product may be built on the package; MPL binds its own files."""
BINDING: Final = re.compile(r"gpl|general public|commons clause|non-?commercial|proprietary", re.I)
LOOKED_AT: Final = {
    "soxr": "LGPL-2.1: a library of its own, used as it is and not linked into ours",
    "num2words": "LGPL: likewise",
    "torchcodec": "its metadata names none; BSD-3-Clause in its LICENSE file",
}


def licence(package: Distribution) -> str:
    said = package.metadata.json
    classifiers = cast("list[str]", said.get("classifier", []))
    classified = "; ".join(text for text in classifiers if text.startswith("License"))
    return str(said.get("license_expression") or classified or said.get("license", "")).strip()[
        :200
    ]


def installed() -> dict[str, Distribution]:
    """What the lock names, as it is here; what was installed by hand beside it is nobody's."""
    held = locked("requirements.lock")
    return {normal(one.name): one for one in distributions() if normal(one.name) in held}


def test_what_is_installed_is_what_the_lock_says() -> None:
    assert {name: one.version for name, one in installed().items()} == locked("requirements.lock")


def test_every_package_has_a_licence_that_binds_nobody_or_was_looked_at() -> None:
    found = {name: licence(one) for name, one in installed().items()}
    doubtful = {
        name: text for name, text in found.items() if not FREE.search(text) or BINDING.search(text)
    }
    unknown = {name: text for name, text in doubtful.items() if name not in LOOKED_AT}
    assert not unknown, "read its licence, then say under LOOKED_AT why it may come along"
    assert set(LOOKED_AT) == set(doubtful), "LOOKED_AT names what is no longer here"
