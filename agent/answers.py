"""What the host says from facts alone: grounded templates, fact first, in several wordings."""

import re
import string
from collections.abc import Sequence

import prompts
from agent.rules import vet
from agent.slots import slot_names
from agent.types import (
    ChatMessage,
    Fact,
    Facts,
    Language,
    Line,
    Quantity,
    Rung,
    Sentence,
    Source,
    Topic,
    Utterance,
    Words,
)
from agent.understand import Kind

LOW_STOCK = 5
"""Pieces up to which "left" and "only" are said."""
PITCHED = ("title", "point_1", "point_2", "point_3", "material", "price")
"""What a product is presented with when nobody asks, two of them at a time after the title."""
_KINDS = {
    Kind.THANKS: "thanks",
    Kind.HEALTH: "health",
    Kind.ORDER_TROUBLE: "order_trouble",
    Kind.DISTRESS: "distress",
    Kind.OFF_TOPIC: "off_topic",
    Kind.PERSONAL: "personal",
    Kind.RIVALS: "rivals",
}


def opening(
    message: ChatMessage,
    kind: Kind,
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: int,
) -> list[Line]:
    """What answers *message* at once; empty where only the writer could say more."""
    if message.language is None:
        return unserved(language, voice_language, variety=variety)
    if message.source is Source.SHOW:
        return pitch(facts, language, voice_language, variety=variety)
    if kind is Kind.GREETING:
        return greet(message.author, language, voice_language, variety=variety)
    if kind in _KINDS:
        return _plain(_KINDS[kind], language, voice_language, variety)
    if kind is Kind.CHATTER and not facts.asked:
        return _plain("chatter", language, voice_language, variety)
    return answer(facts, language, voice_language, variety=variety)


def answer(
    facts: Facts, language: Language, voice_language: Language, *, variety: int
) -> list[Line]:
    """The asked facts, each in a sentence; "I don't know" where the catalog knows nothing; empty
    for a free question, which is the writer's."""
    if not facts.asked:
        unknown = facts.topic is not Topic.FREE
        return _plain("unknown", language, voice_language, variety) if unknown else []
    asked = [*facts.asked, *_belonging(facts)]
    lines = _sentences(asked, facts, language, voice_language, variety)
    return _aside(lines, facts, language, voice_language, variety)


def fallback(facts: Facts, language: Language, voice_language: Language) -> list[Line]:
    """The shortest true answer: the first asked fact, else that it is not known."""
    if facts.asked:
        lines = _sentences(facts.asked[:1], facts, language, voice_language, 0)
        if lines:
            return _aside(lines, facts, language, voice_language, 0)
    return _plain("unknown", language, voice_language, 0)[:1]


def greet(
    name: str, language: Language, voice_language: Language, *, variety: int = 0
) -> list[Line]:
    """A welcome; by *name* where it can be said and says nothing else."""
    if name.replace(" ", "").replace("-", "").isalpha() and language == voice_language:
        lines = _plain("greet_name", language, voice_language, variety, name=name)
        heard = [
            vet(
                line,
                Facts(Topic.UNKNOWN, None),
                rung=Rung.TEMPLATE,
                language=language,
                voice_language=voice_language,
            )
            for line in lines
        ]
        if all(isinstance(verdict, Utterance) for verdict in heard):
            return lines
    return _plain("greet", language, voice_language, variety)


def thanks(language: Language, voice_language: Language, *, variety: int = 0) -> list[Line]:
    return _plain("thanks", language, voice_language, variety)


def ask_repeat(language: Language, voice_language: Language) -> list[Line]:
    """For a voice message that could not be made out."""
    return _plain("ask_repeat", language, voice_language, 0)


def unserved(language: Language, voice_language: Language, *, variety: int = 0) -> list[Line]:
    """For a line in a language that the host does not serve."""
    return _plain("unserved", language, voice_language, variety)


def pitch(
    facts: Facts, language: Language, voice_language: Language, *, variety: int
) -> list[Line]:
    """A word on a product that nobody asked about: its name, then two of its facts in turn."""
    known = facts.slots()
    if (first := known.get("title")) is None:
        return []
    rest = [known[field] for field in PITCHED[1:] if field in known]
    turned = rest[variety % len(rest) :] + rest[: variety % len(rest)] if rest else []
    return _sentences([first, *turned[:2]], facts, language, voice_language, variety)


def told(
    fields: Sequence[str],
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: int,
) -> list[Line]:
    """The facts called *fields*, as far as there are such, in as few sentences as can be."""
    known = facts.slots()
    named = [known[field] for field in dict.fromkeys(fields) if field in known]
    return _sentences(named, facts, language, voice_language, variety)


# --- sentences of facts ----------------------------------------------------------------------


def _belonging(facts: Facts) -> list[Fact]:
    """What belongs to a price that was asked for: the regular one and what that is, the lowest one
    before, and until when."""
    fields = {fact.field for fact in facts.asked}
    if "price" not in fields or facts.topic in (Topic.CHEAPEST, Topic.DEAREST):
        return []
    asked_price = next(fact for fact in facts.asked if fact.field == "price")
    return [
        fact
        for fact in facts.context
        if fact.field in ("list_price", "list_basis", "lowest_30d", "offer_ends")
        and fact.sku == asked_price.sku
        and not {"colour", "size"} & fields
    ]


def _sentences(
    told: Sequence[Fact],
    facts: Facts,
    language: Language,
    voice_language: Language,
    variety: int,
) -> list[Line]:
    """*told* in as few sentences as there are wordings for, in its own order."""
    left = {_key(fact): fact for fact in told}
    if facts.topic in (Topic.CHEAPEST, Topic.DEAREST) and (best := _superlative(facts, left)):
        key, fields = best
        left = {name: fact for name, fact in left.items() if name not in fields}
        lines = [_line(key, facts, language, voice_language, variety)]
    else:
        lines = []
    if "stock_out" in left:  # what is sold out is not for sale at a price
        left = {name: f for name, f in left.items() if name in ("colour", "size", "stock_out")}
    while left:
        longest = _longest(left, language)
        if longest is None:
            first = left.pop(next(iter(left)))
            lines.append(_detail(first, language, voice_language, variety))
            continue
        lines.append(_line(longest, facts, language, voice_language, variety))
        for name in longest.split("+"):
            left.pop(name)
    return [line for line in lines if line is not None]


def _detail(fact: Fact, language: Language, voice_language: Language, variety: int) -> Line | None:
    """A fact without a wording of its own: what the shop calls it, and what it says. None where
    that cannot be said: the writer may use it."""
    if not isinstance(fact.value, Words | Quantity) or not fact.field.replace("_", "").isalpha():
        return None
    written = _labelled(fact, language, variety)
    if language == voice_language:
        return Line(Sentence(written))
    if isinstance(fact.value, Words) and fact.value.language != voice_language:
        spoken = _pick(prompts.lines("answers", voice_language)["on_screen"], variety)
    else:
        spoken = _labelled(fact, voice_language, variety)
    return Line(Sentence(written), Sentence(spoken))


def _labelled(fact: Fact, language: Language, variety: int) -> str:
    known = prompts.lines("answers", language)
    label = fact.field.replace("_", " ")
    label = re.sub(r"\b([dl]) (?=[aeiouyh])", r"\1'", label)  # "temps d'infusion"
    label = known.get(f"label_{fact.field}", (label[:1].upper() + label[1:],))[0]
    wording = _pick(known["detail"], variety)
    return string.Template(wording).substitute(label=label, slot=f"{{{fact.field}}}")


def _aside(
    lines: list[Line],
    facts: Facts,
    language: Language,
    voice_language: Language,
    variety: int,
) -> list[Line]:
    """*lines*, the first of which says the name of a product that is not the one shown."""
    title = facts.slots().get("title")
    if not (facts.aside and lines and title is not None and title.sku) or any(
        "title" in slot_names(line.written) for line in lines
    ):
        return lines
    first, *more = lines
    written = Sentence(_prefixed(first.written, language, variety))
    spoken = first.spoken
    speakable = isinstance(title.value, Words) and title.value.language == voice_language
    if spoken is not None and speakable and slot_names(spoken):
        spoken = Sentence(_prefixed(spoken, voice_language, variety))
    return [Line(written, spoken), *more]


def _prefixed(sentence: str, language: Language, variety: int) -> str:
    rest = sentence
    if not re.match(r"I\b|\{", sentence):
        rest = sentence[:1].lower() + sentence[1:]
    wording = _pick(prompts.lines("answers", language)["aside"], variety)
    if any(colon in rest for colon in ":："):
        wording = re.sub(r"\s*[:：](?=\s*\$rest)", "，" if language == "zh" else ",", wording)
    return string.Template(wording).substitute(rest=rest)


def _superlative(facts: Facts, left: dict[str, Fact]) -> tuple[str, set[str]] | None:
    for field, tail in (("price", ""), ("price_from", "_from"), ("price_to", "_to")):
        key = facts.topic.value + tail
        if {"title", field} <= set(left) and key in prompts.lines("answers", "en"):
            return key, {"title", field}
    return None


def _key(fact: Fact) -> str:
    """What a fact is called in the keys of the wordings."""
    if fact.field == "stock" and isinstance(fact.value, Quantity):
        amount = fact.value.amount
        for most, name in ((0, "stock_out"), (1, "stock_one"), (LOW_STOCK, "stock_low")):
            if amount <= most:
                return name
    return fact.field


def _longest(left: dict[str, Fact], language: Language) -> str | None:
    """The key that takes the first fact left and as many others as it can."""
    first = next(iter(left))
    fitting = []
    for key in prompts.lines("answers", language):
        fields = key.split("+")
        if first in fields and set(fields) <= set(left):
            fitting.append((len(fields), key))
    if not fitting and first == "stock_low":
        left["stock"] = left.pop(first)
        return "stock"
    if any(name in left for name in ("colour", "size")) and "stock_low" in left:
        left["stock"] = left.pop("stock_low")
        return _longest(left, language)
    return max(fitting)[1] if fitting else None


def _line(
    key: str, facts: Facts, language: Language, voice_language: Language, variety: int
) -> Line | None:
    """One wording under *key*, and what is spoken in its place in another language."""
    slots = facts.slots()
    written = _wording(key, language, slots, variety)
    if written is None:
        return None
    if voice_language == language:
        return Line(Sentence(written))
    speakable = {
        name
        for name in slot_names(written)
        if not (isinstance(value := slots[name].value, Words) and value.language != voice_language)
    }
    spoken = _wording(key, voice_language, slots, variety, speakable)
    if spoken is None:
        spoken = _pick(prompts.lines("answers", voice_language)["on_screen"], variety)
    return Line(Sentence(written), Sentence(spoken))


def _wording(
    key: str,
    language: Language,
    slots: dict[str, Fact],
    variety: int,
    allowed: set[str] | None = None,
) -> str | None:
    """A wording whose slots all have facts (and are among *allowed*)."""
    fitting = [
        wording
        for wording in prompts.lines("answers", language).get(key, ())
        if all(name in slots for name in slot_names(wording))
        and (allowed is None or set(slot_names(wording)) <= allowed)
    ]
    return _pick(fitting, variety) if fitting else None


def _pick(wordings: Sequence[str], variety: int) -> str:
    return wordings[variety % len(wordings)]


def _plain(
    key: str, language: Language, voice_language: Language, variety: int, **variables: str
) -> list[Line]:
    """A line without facts. All languages have as many wordings of it, in the same order."""
    written = _pick(prompts.lines("answers", language)[key], variety)
    spoken = _pick(prompts.lines("answers", voice_language)[key], variety)
    texts = [string.Template(text).substitute(variables) for text in (written, spoken)]
    other = Sentence(texts[1]) if language != voice_language else None
    return [Line(Sentence(texts[0]), other)]
