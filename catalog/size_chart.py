"""A merchant's size chart: which measures of a body each size is for.

A row of it lies at the variants of its size, as an English attribute "fits" of items such as
"height 166 177 cm": so it has a version and a place in a file like any other row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agent.types import Language, Span
from catalog.rows import AttributeRow, Held
from catalog.shelf import Shelf

FITS = "fits"
UNITS: Mapping[str, str] = {
    "height": "cm",
    "weight": "kg",
    "chest": "cm",
    "waist": "cm",
    "hips": "cm",
    "foot": "cm",
    "shoe": "",
}
"""The measures that a chart may have, and their units; "shoe" is the European shoe size."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size, and for whom it is."""

    size: str
    variant: str
    """The variant whose attribute it is."""
    spans: Mapping[str, Span]
    """By measure; both ends included."""
    held: Held[AttributeRow]

    def covers(self, worn: Mapping[str, Decimal]) -> bool:
        """Whether all of *worn* that the row speaks of are within it, and there are such."""
        told = [name for name in worn if name in self.spans]
        return bool(told) and all(
            self.spans[name].low <= worn[name] <= self.spans[name].high for name in told
        )


def item(measure: str, low: Decimal, high: Decimal) -> str:
    """One measure as it is kept. Raises ValueError with a remedy."""
    if measure not in UNITS:
        raise ValueError(f"is none of {', '.join(UNITS)}")
    if low > high:
        raise ValueError("write the smaller number first: 166-177")
    return f"{measure} {low:f} {high:f} {UNITS[measure]}".rstrip()


def chart(shelf: Shelf) -> tuple[SizeRow, ...]:
    """The rows that *shelf* has, in the order of its variants, each size once."""
    found: dict[str, SizeRow] = {}
    for variant in shelf.variants:
        size, name = variant.row.size, variant.row.variant_id
        held = shelf.attributes.get((f"variant:{name}", FITS, "en"))
        if size and size not in found and held is not None and held.row.words:
            found[size] = SizeRow(size, name, _spans(held.row.words), held)
    return tuple(found.values())


def _spans(items: Iterable[str]) -> dict[str, Span]:
    spans = {}
    for text in items:
        measure, low, high, *unit = text.split()
        spans[measure] = Span(Decimal(low), Decimal(high), unit[0] if unit else "")
    return spans


def shown(rows: Iterable[SizeRow], language: Language) -> str:
    """The chart for the eye: "M: height 166–177 cm, weight 58–72 kg; L: ..."."""
    comma, colon, semicolon = {"en": (", ", ": ", "; "), "fr": (", ", " : ", " ; ")}.get(
        language, ("，", "：", "；")
    )
    return semicolon.join(
        row.size
        + colon
        + comma.join(f"{LABELS[name][language]} {_range(span)}" for name, span in row.spans.items())
        for row in rows
    )


def _range(span: Span) -> str:
    ends = f"{span.low:f}" if span.low == span.high else f"{span.low:f}–{span.high:f}"
    return f"{ends} {span.unit}".rstrip()


LABELS: Mapping[str, Mapping[Language, str]] = {
    "height": {"en": "height", "fr": "stature", "zh": "身高"},
    "weight": {"en": "weight", "fr": "poids", "zh": "体重"},
    "chest": {"en": "chest", "fr": "poitrine", "zh": "胸围"},
    "waist": {"en": "waist", "fr": "tour de taille", "zh": "腰围"},
    "hips": {"en": "hips", "fr": "hanches", "zh": "臀围"},
    "foot": {"en": "foot", "fr": "pied", "zh": "脚长"},
    "shoe": {"en": "EU shoe size", "fr": "pointure", "zh": "鞋码"},
}
