"""What is searched and what is asked: the same products and queries for every engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.types import Language

FIELDS = ("title", "names", "body")


@dataclass(frozen=True, slots=True)
class Item:
    """A product as all engines see it."""

    sku: str
    title: str
    category: str = ""
    brand: str = ""
    body: str = ""

    @property
    def names(self) -> str:
        """What it is called besides its title."""
        return "; ".join(part for part in (self.category, self.brand) if part)

    @property
    def text(self) -> str:
        return ". ".join(part for part in (self.title, self.names, self.body) if part)


@dataclass(frozen=True, slots=True)
class Query:
    name: str
    """Shared by the translations and forms of one query: decides its half (``metrics.is_dev``)."""
    text: str
    right: Mapping[str, float]
    """Gain by sku."""
    group: str = "en"
    """What the figures are told apart by: a language, a form."""
    language: Language = "en"
    """That the show would take it to be in."""


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    items: Sequence[Item]
    queries: Sequence[Query]
    about: str = ""
    """What was searched, for the report."""
    notes: Sequence[str] = field(default_factory=tuple)
