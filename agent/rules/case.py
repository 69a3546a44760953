"""A sentence made ready for the rules: cleaned, its slots and the facts it names standing out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.plaintext import clean, fold
from agent.rules.lexicon import safe
from agent.rules.numbers import backed, called
from agent.slots import SLOT, slot_names
from agent.types import Fact, Facts, Language, Rung, Topic, Words

FREE_TEXT = re.compile(r"answer|care|point_\d+|age|description")
"""Fields that hold a merchant's whole sentences."""
MARK = re.compile(r"<([a-z0-9_]+)>")


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence, in one language, and what it may rest on."""

    text: str
    """Cleaned; slots stand as ``{price}``."""
    bare: str
    """Folded for matching; slots, and words of facts, stand as ``<price>``."""
    slots: tuple[str, ...]
    named: frozenset[str]
    """Fields of facts that the sentence names in its own words."""
    facts: Mapping[str, Fact]
    language: Language
    rung: Rung
    topic: Topic

    @property
    def strict(self) -> bool:
        """Whether the words are somebody's, and not a template's."""
        return self.rung in (Rung.MODEL, Rung.OPERATOR)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the sentence speaks of, by slot or in words."""
        return frozenset(MARK.findall(self.bare))


def read(sentence: str, known: Facts, language: Language, rung: Rung) -> Case:
    """*sentence* as a case for the rules."""
    facts = known.slots()
    text = clean(sentence)
    bare = fold(SLOT.sub(r"<\1>", text))
    bare, named = _name_facts(safe(language).sub(" ", bare), facts, language)
    if rung is Rung.OPERATOR:
        if known.product is not None:
            bare = called(known.product.number, language).sub(" ", bare)
        bare, numbered = backed(bare, facts, language)
        named |= numbered
    return Case(
        text, bare, tuple(slot_names(text)), frozenset(named), facts, language, rung, known.topic
    )


def _name_facts(bare: str, facts: Mapping[str, Fact], language: Language) -> tuple[str, set[str]]:
    """Words of a fact become its mark: "made in Portugal" is "made in <origin>"."""
    phrases: dict[str, str] = {}
    for field, fact in facts.items():
        if isinstance(fact.value, Words) and not FREE_TEXT.fullmatch(field):
            for item in fact.value.items:
                for form in _forms(fold(item), field, language):
                    phrases.setdefault(form, field)
    if not phrases:
        return bare, set()
    named: set[str] = set()
    any_of = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    edge = ("", "") if language == "zh" else (r"(?<![\w<-])", r"(?![\w>-])")

    def put(found: re.Match[str]) -> str:
        field = phrases[found.group()]
        named.add(field)
        return f"<{field}>"

    return re.sub(rf"{edge[0]}(?:{any_of}){edge[1]}", put, bare), named


def _forms(phrase: str, field: str, language: Language) -> set[str]:
    """A phrase as it stands in a sentence; of a title also its last word or first, the noun."""
    if len(phrase) < 2 and language != "zh":
        return set()
    forms = {phrase}
    if field == "title" and language != "zh":
        words = [word for word in phrase.split() if len(word) > 2]
        if words:
            noun = words[-1] if language == "en" else words[0]
            forms |= {noun, f"{noun}s", noun.removesuffix("s")}
    if field == "title" and language == "zh":
        forms |= {phrase[-2:], phrase[-3:]} if len(phrase) > 2 else set()
    return {form for form in forms if len(form) > 1}
