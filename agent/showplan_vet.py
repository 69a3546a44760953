"""A run of show judged before it goes on the air: every sentence, by the rules of the air."""

from dataclasses import dataclass

import prompts
from agent.ports import Catalog
from agent.rules import vet
from agent.showplan import ABOUT_ONE, Plan, PlanError, Point, Segment
from agent.showplan_words import resolved
from agent.types import Facts, Focus, Language, Line, Refusal, Rung, Sentence, Topic
from agent.vet_reasons import class_of, remedy, told, why

BY_THE_CLOCK = frozenset({"list_price", "offer_ends", "lowest_30d"})
"""Facts that come and go with an offer: said while there are such."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What of a plan cannot be said."""

    line: int
    """Of the head of its segment, from 1."""
    segment: str
    text: str
    rule: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"line {self.line}: {self.segment}: {self.text!r}: {self.rule}: {self.reason}; "
            f"{self.remedy}"
        )


async def faults(plan: Plan, catalog: Catalog, language: Language, heard: Language) -> list[Fault]:
    """What of *plan* the host would not say, with facts as they are now."""
    prompts.lines("plan", language)  # a faulty file is found here, and not on the air
    found = []
    for segment in plan.segments:
        facts = Facts(Topic.UNKNOWN, None)
        if segment.kind in ABOUT_ONE:
            product = catalog.product(segment.sku)
            if product is None:
                some = ", ".join(one.sku for one in list(catalog.products())[:12])
                why = f"there is no product {segment.sku}"
                found.append(_fault(segment, segment.sku, "unknown_product", why, f"known: {some}"))
                continue
            focus = Focus(segment.sku, segment.sku)
            facts = await catalog.facts(f"#{product.number}", language, focus)
        found += [
            fault
            for point in segment.points
            if (fault := _judged(segment, point, facts, language, heard))
        ]
    return found


async def check(
    plan: Plan, catalog: Catalog, language: Language, heard: Language, file: str
) -> None:
    """Raises PlanError, naming each sentence that the host would not say."""
    if wrong := await faults(plan, catalog, language, heard):
        raise PlanError("\n".join(f"{file}, {fault}" for fault in wrong))


def _judged(
    segment: Segment, point: Point, facts: Facts, language: Language, heard: Language
) -> Fault | None:
    if point.fields:
        known = facts.slots()
        names = resolved(point.fields, facts)
        missing = [name for name in names if name not in known and name not in BY_THE_CLOCK]
        if not missing:
            return None
        reason = f"the catalog has no {missing[0]} of {segment.sku}"
        return _fault(
            segment, "+".join(point.fields), "unknown_field", reason, f"known: {', '.join(known)}"
        )
    line = Line(Sentence(point.line))
    verdict = vet(line, facts, rung=Rung.OPERATOR, language=language, voice_language=heard)
    if not isinstance(verdict, Refusal):
        return None
    about = class_of(verdict, language)
    mend = remedy(verdict, about, facts, named=True)
    if instead := told(verdict, about, facts, language):
        mend = f"say instead: {instead}"
    return _fault(segment, point.line, verdict.rule, why(verdict, about), mend)


def _fault(segment: Segment, text: str, rule: str, reason: str, remedy: str) -> Fault:
    return Fault(segment.line, segment.name, text, rule, reason, remedy)
