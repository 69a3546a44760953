"""The words of the run of show: of several wordings the one that was said longest ago."""

import itertools

import prompts
from agent import answers
from agent.slots import slot_names
from agent.types import Fact, Facts, Language, Line, Sentence
from agent.types import Words as Said


class Words:
    """Remembers what was said when. Bounded: it knows wordings, not sentences."""

    def __init__(self) -> None:
        self._clock = itertools.count(1)
        self._last: dict[str, int] = {}
        self._told: dict[str, int] = {}

    def own(self, line: str) -> list[Line]:
        """A sentence of the merchant's, as it is."""
        return [Line(Sentence(line))]

    def moment(self, key: str, facts: Facts, language: Language, heard: Language) -> list[Line]:
        """A wording of *key* in prompts/*/plan.txt whose slots all have facts."""
        slots, known = facts.slots(), prompts.lines("plan", language)[key]
        fitting = [n for n, text in enumerate(known) if set(slot_names(text)) <= slots.keys()]
        if not fitting:
            return []
        best = min(fitting, key=lambda n: self._last.get(f"{key} {n}", 0))
        self._last[f"{key} {best}"] = next(self._clock)
        written = Sentence(known[best])
        if heard == language:
            return [Line(written)]
        spoken = prompts.lines("plan", heard)[key][best]
        names = slot_names(written)
        fits = sorted(slot_names(spoken)) == sorted(names)
        if not fits or not all(_speakable(slots[name], heard) for name in names):
            spoken = prompts.lines("answers", heard)["on_screen"][0]
        return [Line(written, Sentence(spoken))]

    def fields(
        self, names: tuple[str, ...], facts: Facts, language: Language, heard: Language
    ) -> list[Line]:
        """A sentence of the facts called *names*; none where the catalog has none of them."""
        names = resolved(names, facts)
        key = "+".join(names) + "@" + (facts.product.sku if facts.product else "")
        self._told[key] = self._told.get(key, -1) + 1
        return answers.told(names, facts, language, heard, variety=self._told[key])


def resolved(names: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    """*names*, with "price" as the lowest one where versions cost differently."""
    slots = facts.slots()
    from_only = "price" not in slots and "price_from" in slots
    return tuple("price_from" if from_only and name == "price" else name for name in names)


def _speakable(fact: Fact, heard: Language) -> bool:
    return not (isinstance(fact.value, Said) and fact.value.language != heard)
