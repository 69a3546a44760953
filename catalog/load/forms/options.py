"""What a version is chosen by: colour and size, and whatever else a shop lets one choose."""

from collections.abc import Iterable

from catalog.load.forms.columns import lexicon, plain_name
from catalog.load.forms.said import Cell

_NONE = ("default title", "default", "title")


def chosen(cells: dict[str, Cell], options: Iterable[tuple[str, str]]) -> list[str]:
    """Put the choices of a version (name and value) into its *cells*. What is neither colour nor
    size is told apart in the size, so that no two versions look the same; the names of such
    choices come back."""
    sizes: list[str] = []
    others: list[str] = []
    for name, value in options:
        value = value.strip()
        if not value or value.casefold() in _NONE:
            continue
        meant = lexicon().get(plain_name(name), ("", 0, ""))[0]
        if meant == "colour":
            cells["colour"] = value
        elif meant == "size":
            sizes.insert(0, value)
        else:
            sizes.append(value)
            others.append(name)
    if sizes:
        cells["size"] = ", ".join(sizes)
    return others


def slug(*words: str) -> str:
    """Words as the end of a version's name."""
    return "-".join("-".join(word.replace("/", " ").split()) for word in words if word)
