"""A merchant's own rules: terms that are never said, and claims for which there is a document.

A TOML file, named by ``[rules] file`` in candor.toml::

    [[forbidden]]
    term = "bargain bin"          # and what the term is a part of; any language unless told
    language = "en"
    reason = "the brand does not use it"

    [[claim]]
    name = "award-2026"           # under which the record cites it
    text = "It was voted lamp of the year 2026."
    language = "en"
    sku = "LAMP-01"               # left out: of every product
    evidence = "documents/award-2026.pdf"
    source = "Lighting Association"
    from = 2026-01-15
    until = 2026-12-31

Own rules only add. A claim is said word for word, while its period lasts, with its document there;
and what no document makes sayable (a cure, a body, a guarantee) no claim may hold.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from agent.plaintext import fold
from agent.rules.lexicon import patterns
from agent.types import LANGUAGES, Evidence, Language

OWN = "own:"
"""How the evidence of a claim begins, in place of a product."""
PROVABLE = frozenset(
    {"absolute", "social_proof", "origin", "material", "certification", "green", "discount"}
    | {"was_price", "warranty"}
)
"""Classes of claims that a document can bear out."""


class OwnRulesError(ValueError):
    """The file cannot be used: says which file, entry and key, and what to do."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    term: str
    """Folded."""
    language: Language | None
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    name: str
    text: str
    """Folded, without the full stop."""
    language: Language
    sku: str
    """"" for every product."""
    evidence: Path
    source: str
    begins: date
    ends: date

    def holds(self, on: date) -> bool:
        """Whether it may be said on that day: in its period, and its document is there."""
        return self.begins <= on <= self.ends and self.evidence.is_file()


@dataclass(frozen=True, slots=True)
class OwnRules:
    forbidden: tuple[Forbidden, ...] = ()
    claims: Mapping[str, Claim] = field(default_factory=dict)
    """By name."""

    def objection(self, bare: str, language: Language) -> str | None:
        """The first forbidden term in *bare*, folded text, and why."""
        for entry in self.forbidden:
            if entry.language in (None, language) and _whole(entry.term, language).search(bare):
                return f"{entry.term!r} is not said here: {entry.reason}"
        return None

    def claimed(self, bare: str, sku: str, language: Language, on: date) -> Claim | None:
        """The claim that *bare* is word for word, if it may be said of *sku* on that day."""
        said = _bare(bare)
        for claim in self.claims.values():
            ours = claim.language == language and claim.sku in ("", sku)
            if ours and claim.text == said and claim.holds(on):
                return claim
        return None

    def stale(self, evidence: Evidence) -> bool:
        """Whether *evidence* is of a claim of these rules that may no longer be said."""
        claim = self.claims.get(evidence.fact.removeprefix(OWN))
        return claim is None or not claim.holds(today())


def today() -> date:
    """Where the shop is."""
    return datetime.now().astimezone().date()


_in_force = OwnRules()


def in_force() -> OwnRules:
    """The own rules of the shop that this process speaks for."""
    return _in_force


def put_in_force(rules: OwnRules) -> None:
    """From now on every sentence is held to *rules* as well."""
    global _in_force
    _in_force = rules


def load(path: Path) -> OwnRules:
    """The own rules in *path*. Raises OwnRulesError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OwnRulesError(f"{path}: no such file; [rules] file in candor.toml names it") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OwnRulesError(f"{path}: cannot be read: {error}") from error
    if unknown := sorted(content.keys() - {"forbidden", "claim"}):
        raise OwnRulesError(f"{path}: {unknown[0]} is no table; there are forbidden and claim")
    forbidden = tuple(
        _forbidden(row, f"{path}: [[forbidden]] {count}")
        for count, row in enumerate(_tables(content, "forbidden", path), 1)
    )
    claims: dict[str, Claim] = {}
    for count, row in enumerate(_tables(content, "claim", path), 1):
        where = f"{path}: [[claim]] {count}"
        claim = _claim(row, where, path.parent)
        if claim.name in claims:
            raise OwnRulesError(f"{where}: name {claim.name!r} is given twice; names are unique")
        claims[claim.name] = claim
    return OwnRules(forbidden, claims)


def _tables(content: Mapping[str, Any], name: str, path: Path) -> Sequence[Mapping[str, Any]]:
    rows = content.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OwnRulesError(f"{path}: write [[{name}]] with two brackets before each entry")
    return rows


def _forbidden(row: Mapping[str, Any], where: str) -> Forbidden:
    _keys(row, where, {"term", "reason"}, {"language"})
    term = fold(_text(row, "term", where))
    if len(term) < 2:
        raise OwnRulesError(f"{where}: term {row['term']!r} is too short; give two characters")
    language = _language(row, where) if "language" in row else None
    return Forbidden(term, language, _text(row, "reason", where))


def _claim(row: Mapping[str, Any], where: str, folder: Path) -> Claim:
    _keys(row, where, {"name", "text", "language", "evidence", "source", "from", "until"}, {"sku"})
    language = _language(row, where)
    text = _bare(fold(_text(row, "text", where)))
    for name, pattern in patterns("claims", language).items():
        if name not in PROVABLE and (found := pattern.search(text)):
            raise OwnRulesError(
                f"{where}: text says {found.group()!r} ({name}), which no document makes sayable;"
                " leave it out"
            )
    begins, ends = _day(row, "from", where), _day(row, "until", where)
    if ends < begins:
        raise OwnRulesError(f"{where}: until {ends} is before from {begins}")
    evidence = folder / _text(row, "evidence", where)
    if not evidence.is_file():
        raise OwnRulesError(f"{where}: evidence {evidence} is not there; put the document there")
    return Claim(
        _text(row, "name", where),
        text,
        language,
        _text(row, "sku", where) if "sku" in row else "",
        evidence,
        _text(row, "source", where),
        begins,
        ends,
    )


def _keys(row: Mapping[str, Any], where: str, needed: set[str], more: set[str]) -> None:
    if unknown := sorted(row.keys() - needed - more):
        known = ", ".join(sorted(needed | more))
        raise OwnRulesError(f"{where}: {unknown[0]} is not a key; known: {known}")
    if missing := sorted(needed - row.keys()):
        raise OwnRulesError(f"{where}: {missing[0]} is missing")


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise OwnRulesError(f"{where}: {key} is {value!r}; give a text")
    return value.strip()


def _language(row: Mapping[str, Any], where: str) -> Language:
    for language in LANGUAGES:
        if row["language"] == language:
            return language
    raise OwnRulesError(
        f"{where}: language is {row['language']!r}; give one of {', '.join(LANGUAGES)}"
    )


def _day(row: Mapping[str, Any], key: str, where: str) -> date:
    value = row[key]
    if isinstance(value, datetime) or not isinstance(value, date):
        raise OwnRulesError(f"{where}: {key} is {value!r}; give a day such as 2026-12-31")
    return value


def _bare(text: str) -> str:
    return " ".join(text.strip(" .!。！…").split())


def _whole(term: str, language: Language) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(re.escape(term))
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)")
