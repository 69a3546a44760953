"""Which variant of a product a viewer means by a colour and a size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from catalog.lexicon import colour_families
from catalog.rows import Held, VariantRow
from catalog.shelf import Shelf
from catalog.text import tokens


@dataclass(frozen=True, slots=True)
class Choice:
    variant: str
    """The one variant that is meant; "" if it is none or several."""
    variants: tuple[str, ...]
    """All that may be meant."""
    said: tuple[str, ...]
    """What was named: colour, size."""
    missing: tuple[str, ...]
    """Of what there is nothing like that: colours, sizes."""


def choose(shelf: Shelf, colours: Sequence[tuple[str, str]], sizes: Sequence[str]) -> Choice | None:
    """None where no colour or size is named that the product has a choice of."""
    held = list(shelf.variants)
    said: list[str] = []
    missing: list[str] = []
    if colours and any(variant.row.colour for variant in held):
        kept = [v for v in held if any(_coloured(shelf, v, c) for c in colours)]
        exact = [v for v in held if any(_named(shelf, v, text) for _, text in colours)]
        (said if kept else missing).append("colour" if kept else "colours")
        held = exact or kept
    if sizes and any(variant.row.size for variant in held):
        meant = _compared(shelf.variants, sizes)
        kept = [v for v in held if any(_sized(v, size) for size in meant)]
        (said if kept else missing).append("size" if kept else "sizes")
        held = kept
    if not said and not missing:
        return None
    names = tuple(variant.row.variant_id for variant in held)
    return Choice(
        names[0] if len(names) == 1 and not missing else "", names, tuple(said), tuple(missing)
    )


def variant_names(shelf: Shelf, variant: Held[VariantRow]) -> list[str]:
    """Its colour in each language, as tokens."""
    owner = f"variant:{variant.row.variant_id}"
    texts = [variant.row.colour]
    for (whose, name, _), held in shelf.attributes.items():
        if whose == owner and name == "colour" and held.row.words:
            texts.append(held.row.words[0])
    return [" ".join(tokens(text)) for text in texts]


def _named(shelf: Shelf, variant: Held[VariantRow], text: str) -> bool:
    return text in variant_names(shelf, variant)


def _coloured(shelf: Shelf, variant: Held[VariantRow], colour: tuple[str, str]) -> bool:
    family, text = colour
    return any(
        name == text or (family and colour_family(name) == family)
        for name in variant_names(shelf, variant)
    )


def colour_family(name: str) -> str:
    """Of a colour as tokens: "blue" of "sea blue"; "" where it has none."""
    families = colour_families()
    words = name.split()
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size, -1, -1):
            found = families.get(" ".join(words[start : start + size]))
            if found:
                return found
    return ""


def _compared(variants: Sequence[Held[VariantRow]], sizes: Sequence[str]) -> list[str]:
    """*sizes* with the largest of those in centimetres for "the big one", the smallest for "the
    small one"."""
    own = list(dict.fromkeys(v.row.size for v in variants if v.row.size))
    if len(own) < 2 or not all(_area(size) for size in own):
        return list(sizes)
    by_area = sorted(own, key=_area)
    ends = {"S": by_area[0], "L": by_area[-1]}
    return [ends.get(size, size) for size in sizes]


def _area(size: str) -> float:
    """Of "130 × 180 cm"; 0 where it is no measure."""
    found = [float(word.replace(",", ".")) for word in tokens(size) if word[0].isdigit()]
    return prod(found) if found else 0.0


def _sized(variant: Held[VariantRow], size: str) -> bool:
    if variant.row.size == size:
        return True
    own = [word for word in tokens(variant.row.size) if word not in ("x", "cm")]
    return " ".join(own) == " ".join(tokens(size))
