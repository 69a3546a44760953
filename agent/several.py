"""Several questions in one line: each is asked of the catalog, where that tells more."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from agent.types import Facts, Focus, Words
from agent.understand import Kind, kind_of

MOST = 4
"""Questions of one line that are answered."""
_ASKING = (
    r"(?:is|are|does|do|can|could|how|what|which|where|when|will|has|have|"
    r"est|sont|quels?|quelles?|combien|comment|ou|où|il|elle|est-ce|peut|peut-on|y a|vous)\b"
)
_ENDS = re.compile(
    r"(?<=[?？])\s*|[!！。；;]\s*|,?\s+(?:and|et)\s+(?=" + _ASKING + r")"
    r"|[，,]?\s*(?:还有|另外|顺便问一下)(?=\S)|[，,]\s*(?=[^，,]*(?:吗|呢|多少|几|什么|哪|多久|怎么))",
    re.I,
)
_LINK = re.compile(
    r"(?:\b(?:number|no\.?|num[ée]ro|n°|link)\s*|#\s*)\d{1,4}\b|(?<!\d)\d{1,4}\s*号(?:链接)?", re.I
)
_LISTED = 3
"""Link numbers from which on a line is about each of them."""
_DELIVERY = ("delivery_days", "delivery_fee", "free_delivery_from")

Ask = Callable[[str, Focus], Awaitable[Facts]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a line, and what the catalog knows of it."""

    text: str
    facts: Facts


def split(line: str) -> list[str]:
    """The questions in *line*, at most four; one where it holds no more."""
    links = list(_LINK.finditer(line))
    if len({link[0] for link in links}) >= _LISTED:
        head, tail = line[: links[0].start()], line[links[-1].end() :]
        return list(dict.fromkeys(f"{head}{link[0]}{tail}" for link in links))[:MOST]
    parts = [part.strip() for part in _ENDS.split(line)]
    return [part for part in parts if any(char.isalnum() for char in part)][:MOST]


async def asked(line: str, focus: Focus, ask: Ask, *, shown: str | None) -> list[Asked]:
    """What is known of *line* as a whole; or of each question in it, where that is more. *shown*:
    the product on show, any other is to be named. Raises what *ask* raises."""
    whole = Asked(line, _aside(await ask(line, focus), focus, shown))
    texts = split(line)
    if len(texts) < 2:
        return [whole]
    found: list[Asked] = []
    about = focus
    region = ""
    for text in texts:
        facts, about_then = await ask(text, about), about
        slots = {fact.field: fact for fact in facts.asked}
        if region and slots.keys() & set(_DELIVERY) and "delivery_region" not in slots:
            facts = await ask(f"{text} {region}", about)
        elif place := slots.get("delivery_region"):
            region = place.value.items[0] if isinstance(place.value, Words) else ""
        if facts.product is not None:
            about = Focus(facts.product.sku, focus.pinned)
        found.append(Asked(text, _aside(facts, about_then, shown)))
    if _told(found) <= _told([whole]) or _nowhere(found):
        return [whole]
    return _named_once(found)


def _aside(facts: Facts, focus: Focus, shown: str | None) -> Facts:
    """*facts*, found as if *focus* were on show."""
    if focus.pinned == shown or facts.product is None:
        return facts
    return replace(facts, aside=facts.product.sku != shown)


def _nowhere(found: Sequence[Asked]) -> bool:
    """Whether a delivery is told of to no named place, where what was not understood may have been
    the place."""
    lost = any(not one.facts.asked for one in found)
    fields = [{fact.field for fact in one.facts.asked} for one in found]
    return lost and any(told & set(_DELIVERY) and "delivery_region" not in told for told in fields)


def _told(found: Sequence[Asked]) -> frozenset[str]:
    return frozenset(fact.id for one in found for fact in one.facts.asked)


def _named_once(found: list[Asked]) -> list[Asked]:
    """*found* without what asks nothing ("thanks!"), a product's name where another was spoken of
    before and not twice in a row, and what nobody knows at the end."""
    kept: list[Asked] = []
    before: str | None = None
    for one in found:
        if not one.facts.asked and kind_of(one.text) is not Kind.QUESTION:
            continue
        sku = one.facts.product.sku if one.facts.product else None
        if before is not None and sku is not None:
            one = replace(one, facts=replace(one.facts, aside=sku != before))
        kept.append(one)
        before = sku or before
    return sorted(kept, key=lambda one: not one.facts.asked)
