"""Which column is read as which field: by the mapping file, the form's own headings, or the names
that shops give columns in five languages (columns.toml)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from agent.types import LANGUAGES
from catalog.load import values
from catalog.load.forms.fields import FIELDS
from catalog.load.forms.mapping import ShopMap
from catalog.load.units import unit_named

_LANGUAGE_NAMES = {
    "en": "en", "english": "en", "anglais": "en", "英文": "en", "fr": "fr", "french": "fr",
    "francais": "fr", "法文": "fr", "zh": "zh", "chinese": "zh", "chinois": "zh", "中文": "zh",
    "cn": "zh", "de": "de", "german": "de", "deutsch": "de", "es": "es", "spanish": "es",
}  # fmt: skip
_BRACKETS = re.compile(r"[\(（\[【]([^()（）\[\]【】]*)[\)）\]】]")


@dataclass(slots=True)
class Plan:
    """How the columns of one file are read."""

    fields: dict[str, str] = field(default_factory=dict)
    """Field ("price", "title:fr", "detail:fit") by column."""
    units: dict[str, str] = field(default_factory=dict)
    """The unit or currency that a field's heading names: "Weight (g)"."""
    language: str = ""
    """Of the heading of the titles, where that is not English."""

    @property
    def columns(self) -> dict[str, str]:
        """Column by field; the first where several are details of one name."""
        return {meant: column for column, meant in reversed(list(self.fields.items()))}


def plain_name(heading: str) -> str:
    """A heading in small letters, without accents, signs and brackets: "Prix (TTC)", "prixTTC"."""
    text = _BRACKETS.sub(" ", heading)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", text))


@cache
def lexicon() -> Mapping[str, tuple[str, int, str]]:
    """Field, rank among its names, and language of the name, by plain name."""
    with (Path(__file__).parent / "columns.toml").open("rb") as file:
        found = tomllib.load(file)
    names: dict[str, tuple[str, int, str]] = {}
    for meant, languages in found.items():
        for language, texts in languages.items():
            for rank, text in enumerate(texts):
                names[text] = (meant, rank, language)
    return names


def plan(
    columns: Iterable[str],
    mapping: ShopMap,
    own: Mapping[str, str] | None = None,
    *,
    several: bool = False,
) -> tuple[Plan, list[str]]:
    """How *columns* are read, and those that nothing is read from. The mapping decides first;
    *own* are the form's headings by plain name; without it the names of columns.toml hold. Of two
    columns for one field the better named is read; where *several* may be, as in JSON whose items
    differ, both stay, the better named first."""
    found = Plan()
    ranked: dict[str, tuple[int, str]] = {}
    ranks: dict[str, int] = {}
    languages: dict[str, str] = {}
    unused: list[str] = []
    for column in columns:
        if column in mapping.ignore or not column:
            continue
        if (meant := mapping.columns.get(column)) is not None:
            name, _, more = meant.partition(":")
            if FIELDS.get(name) == "measure" and more:
                found.units[name], meant = more, name
            rank, language = -1, ""
        elif own is not None:
            meant, rank, language = own.get(plain_name(column), ""), 0, ""
        else:
            meant, rank, language, unit = recognised(column)
            if unit and meant:
                found.units.setdefault(meant, unit)
        if not meant:
            unused.append(column)
            continue
        before = ranked.get(meant)
        if before is not None and not several and not meant.startswith("detail:"):
            worse = column if before[0] <= rank else before[1]
            unused.append(worse)
            if worse == column:
                continue
            del found.fields[worse]
        ranked[meant] = (rank, column)
        ranks[column] = rank
        found.fields[column] = meant
        languages[meant] = language
    if several:
        by_rank = sorted(found.fields.items(), key=lambda item: ranks[item[0]])
        found.fields = dict(by_rank)
    heading = languages.get("title", "")
    found.language = heading if heading in LANGUAGES and heading != "en" else ""
    return found, unused


def recognised(column: str) -> tuple[str, int, str, str]:
    """Field, rank, language of the heading, and the unit or currency it names; "" for none."""
    names = lexicon()
    text, unit = plain_name(column), _named(column)
    if not text:
        return "", 0, "", ""
    for tail in ("", *_tails(text)):
        shorter = text.removesuffix(tail).strip()
        meant, rank, language = names.get(shorter, ("", 0, ""))
        if not meant:
            continue
        last = tail.removeprefix("in ")
        kind, said = FIELDS[meant], _LANGUAGE_NAMES.get(last)
        if not tail:
            bracketed = _LANGUAGE_NAMES.get(plain_name(_bracketed(column)))
            if kind == "words" and bracketed:
                return (f"{meant}:{bracketed}" if bracketed in LANGUAGES else ""), rank, "", ""
            return meant, rank, language, unit
        if kind == "words" and said:
            return (f"{meant}:{said}" if said in LANGUAGES else ""), rank, "", ""
        if kind == "price" and last.upper() in values.CODES:
            return meant, rank, language, last.upper()
        if kind == "measure" and unit_named(last) is not None:
            return meant, rank, language, last
    return "", 0, "", ""


def _tails(text: str) -> list[str]:
    """The last word, as what a heading's name may end in: "price eur", "weight in kg"."""
    *front, last = text.split()
    if not front:
        return []
    return [last, f"in {last}"] if front[-1] == "in" else [last]


def _bracketed(column: str) -> str:
    found = _BRACKETS.search(column)
    return found[1].strip() if found else ""


def _named(column: str) -> str:
    """The unit or the currency in a heading's brackets: "Weight (g)", "Prix TTC (€)"."""
    text = _bracketed(column)
    if not text:
        return ""
    if text.upper() in values.CODES or text.upper() in values.SYMBOLS:
        return text.upper()
    return text if unit_named(text) is not None else ""
