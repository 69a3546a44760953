"""What may be said of a load beside the files themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from agent.types import Language
from catalog.load.forms.mapping import ShopHint


@dataclass(frozen=True, slots=True)
class Options:
    partial: bool = False
    """Load what is good although something is refused."""
    add: bool = False
    """Stand beside what other sources said, rather than be the whole shop."""
    dry_run: bool = False
    """Report what would be, and store nothing."""
    mapping: Path | None = None
    """How columns are to be read (``catalog.load.forms.mapping``)."""
    sheet: str = ""
    """Of a workbook; the first one if none is named."""
    shop: ShopHint = field(default_factory=ShopHint)
    uri: str = ""
    """What the source is called, for an upload whose path says nothing: "upload/products.csv"."""


class Progress(NamedTuple):
    """How far a load is."""

    stage: str
    """reading, checking, comparing or storing."""
    done: int
    """Rows read; facts stored."""
    total: int | None
    """None where it is not known yet."""


Tell: TypeAlias = Callable[[Progress], None]
"""Called now and then, from the thread that loads."""
Judge: TypeAlias = Callable[[str, Language], str | None]
"""Why the host will never say a text; None where it may. Given by whoever knows the rules."""


def silent(progress: Progress) -> None:
    """Tells nobody."""
