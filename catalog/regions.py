"""Countries and regions: their names by language, and what belongs to what."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.types import EU, Language


@dataclass(frozen=True, slots=True)
class Regions:
    names: Mapping[str, Mapping[Language, str]]
    """By ISO code (or EU)."""
    aliases: Mapping[str, tuple[str, ...]]
    """All ways to write it, by code."""

    def name(self, code: str, language: Language) -> str:
        """As spoken; the code itself where it is not known."""
        return self.names.get(code, {}).get(language, code)

    def within(self, code: str) -> tuple[str, ...]:
        """The countries a policy for *code* holds for, itself first."""
        return (code, *sorted(EU)) if code == "EU" else (code,)


@cache
def regions() -> Regions:
    path = Path(__file__).parent / "lexicons" / "regions.toml"
    with path.open("rb") as file:
        found = tomllib.load(file)
    names: dict[str, dict[Language, str]] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for code, entry in found["names"].items():
        names[code] = {"en": entry["en"], "fr": entry["fr"], "zh": entry["zh"]}
        aliases[code] = (entry["en"], entry["fr"], entry["zh"], *entry["also"])
    return Regions(names, aliases)
