"""What the host says from facts alone: grounded templates, fact first, in several wordings."""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

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
from agent.wording import Variety, addressed, around, known, pick, plain

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
    Kind.COMPLAINT: "complaint",
    Kind.CONTACT: "contact_unknown",
}
TO_THE_SHOP = frozenset({Kind.ORDER_TROUBLE, Kind.COMPLAINT, Kind.CONTACT})
"""What a person at the shop has to see to."""
_ADDRESS = re.compile(r"[@/]|\d{5}|www\.")
"""What is read better than heard."""
MOST_NAMED = 2
"""Facts of a sentence that may end in the viewer's name: of more it would seem one more."""
_SHOWN = {"size_chart": "chart_shown", "size_unsure": "chart_unsure"}
"""Tables: what is said in their place."""
_SORRY = re.compile(r"I'm sorry|I'm afraid|Sorry|Désolée|抱歉|不好意思")


@dataclass(frozen=True, slots=True)
class To:
    """Who is answered, and what of before matters to the words."""

    name: str | None = None
    """By which the host may call them in this answer."""
    again: bool = False
    """They have heard this before."""
    kept: bool = False
    """A question without an answer is kept for the staff."""
    tongue: str = ""
    """The language of a line in none that the host serves, where it is known."""


NOBODY = To()


def opening(
    message: ChatMessage,
    kind: Kind,
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: Variety,
    to: To = NOBODY,
) -> list[Line]:
    """What answers *message* at once; empty where only the writer could say more."""
    if message.language is None:
        return unserved(language, voice_language, variety=variety, tongue=to.tongue)
    if message.source is Source.SHOW:
        return pitch(facts, language, voice_language, variety=variety)
    if kind is Kind.GREETING:
        return greet(to.name, language, voice_language, variety=variety)
    if kind in _KINDS:
        lines = contact(facts, language, voice_language, variety=variety)
        if kind is not Kind.CONTACT or not lines:
            lines = plain(_KINDS[kind], language, voice_language, variety) + lines
        return _called(lines, facts, language, voice_language, variety, to.name)
    if kind is Kind.CHATTER and not facts.asked:
        return plain("chatter", language, voice_language, variety)
    if kind is Kind.HAGGLE:
        lines = plain("haggle", language, voice_language, variety)
        if facts.asked:
            lines += answer(facts, language, voice_language, variety=variety)
        return _called(lines, facts, language, voice_language, variety, to.name)
    lines = answer(facts, language, voice_language, variety=variety, to=to)
    return _called(lines, facts, language, voice_language, variety, to.name)


def answer(
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: Variety,
    to: To = NOBODY,
) -> list[Line]:
    """The asked facts, each in a sentence; "I don't know" where the catalog knows nothing; empty
    for a free question, which is the writer's. What was heard before is told shortly."""
    if not facts.asked:
        unknown = facts.topic is not Topic.FREE
        return _unknown(language, voice_language, variety, to) if unknown else []
    again = to.again and facts.topic not in (Topic.WHICH, Topic.RANGE)
    asked = list(facts.asked) if again else [*facts.asked, *_belonging(facts)]
    lines = _sentences(asked, facts, language, voice_language, variety, again=again)
    return _framed(lines, facts, language, voice_language, variety, again=again)


def fallback(
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: Variety = 0,
    to: To = NOBODY,
) -> list[Line]:
    """The shortest true answer: the first asked fact, else that it is not known."""
    if facts.asked:
        lines = _sentences(facts.asked[:1], facts, language, voice_language, variety)
        if lines:
            return _framed(lines, facts, language, voice_language, variety)
    return _unknown(language, voice_language, variety, to)


def _unknown(language: Language, voice_language: Language, variety: Variety, to: To) -> list[Line]:
    key = "unknown_kept" if to.kept else "unknown"
    return plain(key, language, voice_language, variety)


def greet(
    name: str | None, language: Language, voice_language: Language, *, variety: Variety = 0
) -> list[Line]:
    """A welcome; by *name*, where there is one to be said and the gate lets it."""
    if name is not None and language == voice_language:
        lines = plain("greet_name", language, voice_language, variety, name=name)
        nothing = Facts(Topic.UNKNOWN, None)
        if all(_airs(line, nothing, language, voice_language) for line in lines):
            return lines
    return plain("greet", language, voice_language, variety)


def contact(
    facts: Facts, language: Language, voice_language: Language, *, variety: Variety
) -> list[Line]:
    """Where one reaches a person at the shop; nothing where the shop does not say. An address is
    shown, and not read out sign by sign."""
    fact = facts.slots().get("contact")
    if fact is None or not isinstance(fact.value, Words):
        return []
    line = _line("contact", facts, language, voice_language, variety)
    if line is not None and _ADDRESS.search(" ".join(fact.value.items)):
        line = Line(line.written, Sentence(pick(known("contact_shown", voice_language), variety)))
    return [line] if line is not None else []


def thanks(language: Language, voice_language: Language, *, variety: Variety = 0) -> list[Line]:
    return plain("thanks", language, voice_language, variety)


def ask_repeat(language: Language, voice_language: Language, *, variety: Variety = 0) -> list[Line]:
    """For a voice message that could not be made out."""
    return plain("ask_repeat", language, voice_language, variety)


def unserved(
    language: Language, voice_language: Language, *, variety: Variety = 0, tongue: str = ""
) -> list[Line]:
    """For a line in a language that the host does not serve: written in that language where we
    have it, spoken in the stream's."""
    lines = plain("unserved", language, voice_language, variety)
    theirs = prompts.others("unserved").get(tongue)
    if theirs is None:
        return lines
    return [Line(Sentence(pick(theirs, variety)), line.spoken or line.written) for line in lines]


def no_voice(language: Language, voice_language: Language, *, variety: Variety = 0) -> list[Line]:
    """That there is no voice for *language* here."""
    return plain(f"no_voice_{language}", language, voice_language, variety)


def pitch(
    facts: Facts, language: Language, voice_language: Language, *, variety: Variety, turn: int = 0
) -> list[Line]:
    """A word on a product that nobody asked about: its name, then two of its facts, others each
    *turn*."""
    slots = facts.slots()
    if (first := slots.get("title")) is None:
        return []
    count = variety if isinstance(variety, int) else turn
    rest = [slots[field] for field in PITCHED[1:] if field in slots]
    turned = rest[count % len(rest) :] + rest[: count % len(rest)] if rest else []
    return _sentences([first, *turned[:2]], facts, language, voice_language, variety)


def told(
    fields: Sequence[str],
    facts: Facts,
    language: Language,
    voice_language: Language,
    *,
    variety: Variety,
) -> list[Line]:
    """The facts called *fields*, as far as there are such, in as few sentences as can be."""
    slots = facts.slots()
    named = [slots[field] for field in dict.fromkeys(fields) if field in slots]
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
    variety: Variety,
    *,
    again: bool = False,
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
        aside = facts.aside and not lines
        lines.append(
            _line(longest, facts, language, voice_language, variety, aside=aside, again=again)
        )
        for name in longest.split("+"):
            left.pop(name)
    return [line for line in lines if line is not None]


def _detail(
    fact: Fact, language: Language, voice_language: Language, variety: Variety
) -> Line | None:
    """A fact without a wording of its own: what the shop calls it, and what it says. None where
    that cannot be said: the writer may use it."""
    if not isinstance(fact.value, Words | Quantity) or not fact.field.replace("_", "").isalpha():
        return None
    written = _labelled(fact, language, variety)
    if language == voice_language:
        return Line(Sentence(written))
    if isinstance(fact.value, Words) and fact.value.language != voice_language:
        spoken = pick(known("on_screen", voice_language), variety)
    else:
        spoken = _labelled(fact, voice_language, variety)
    return Line(Sentence(written), Sentence(spoken))


def _labelled(fact: Fact, language: Language, variety: Variety) -> str:
    label = fact.field.replace("_", " ")
    label = re.sub(r"\b([dl]) (?=[aeiouyh])", r"\1'", label)  # "temps d'infusion"
    label = (known(f"label_{fact.field}", language) or (label[:1].upper() + label[1:],))[0]
    wording = pick(known("detail", language), variety)
    return string.Template(wording).substitute(label=label, slot=f"{{{fact.field}}}")


def _framed(
    lines: list[Line],
    facts: Facts,
    language: Language,
    voice_language: Language,
    variety: Variety,
    *,
    again: bool = False,
) -> list[Line]:
    """*lines*, the first of which says the name of a product that is not the one shown, and that
    it was said before, where it was."""
    if not lines:
        return lines
    first, *more = lines
    title = facts.slots().get("title")
    if (
        facts.aside
        and title is not None
        and title.sku
        and not any("title" in slot_names(line.written) for line in lines)
    ):
        speakable = isinstance(title.value, Words) and title.value.language == voice_language
        first = around("aside", first, language, voice_language, variety, spoken=speakable)
    if again:
        first = around("again", first, language, voice_language, variety)
    return [first, *more]


def named_first(sentence: str, facts: Facts, language: Language, variety: Variety) -> str:
    """The writer's first *sentence* about a product that is not the one shown: with its name."""
    title = facts.slots().get("title")
    if not facts.aside or title is None or not title.sku or "title" in slot_names(sentence):
        return sentence
    return around("aside", Line(Sentence(sentence)), language, language, variety).written


def _called(
    lines: list[Line],
    facts: Facts,
    language: Language,
    voice_language: Language,
    variety: Variety,
    name: str | None,
) -> list[Line]:
    """*lines*, the first of them said to *name*, where the gate lets it."""
    if name is None or language != voice_language or not lines:
        return lines
    first, *more = lines
    if _ends_in_words(first.written, facts):
        return lines  # a merchant's sentence ends as it ends, and a list is not to end in a name
    line = addressed(first, name, language, variety)
    if line is None or not _airs(line, facts, language, voice_language):
        return lines
    return [line, *more]


def _ends_in_words(sentence: str, facts: Facts) -> bool:
    names = slot_names(sentence)
    if not names or not re.search(r"\}\W*$", sentence):
        return False
    last = facts.slots().get(names[-1])
    return last is None or isinstance(last.value, Words) or len(names) > MOST_NAMED


def _airs(line: Line, facts: Facts, language: Language, voice_language: Language) -> bool:
    verdict = vet(line, facts, rung=Rung.TEMPLATE, language=language, voice_language=voice_language)
    return isinstance(verdict, Utterance)


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
    key: str,
    facts: Facts,
    language: Language,
    voice_language: Language,
    variety: Variety,
    *,
    aside: bool = False,
    again: bool = False,
) -> Line | None:
    """One wording under *key*, and what is spoken in its place in another language. *aside*: by
    preference one that names the product; *again*: else none that does, and none that says
    sorry."""
    slots = facts.slots()
    written = _wording(key, language, slots, variety, aside=aside, again=again)
    if written is None:
        return None
    if shown := _SHOWN.get(key):
        return Line(Sentence(written), Sentence(pick(known(shown, voice_language), variety)))
    if voice_language == language:
        return Line(Sentence(written))
    speakable = {
        name
        for name in slot_names(written)
        if not (isinstance(value := slots[name].value, Words) and value.language != voice_language)
    }
    spoken = _wording(key, voice_language, slots, variety, speakable, aside=aside, again=again)
    if spoken is None:
        spoken = pick(known("on_screen", voice_language), variety)
    return Line(Sentence(written), Sentence(spoken))


def _wording(
    key: str,
    language: Language,
    slots: dict[str, Fact],
    variety: Variety,
    allowed: set[str] | None = None,
    *,
    aside: bool = False,
    again: bool = False,
) -> str | None:
    """A wording whose slots all have facts (and are among *allowed*)."""
    fitting = [
        wording
        for wording in known(key, language)
        if all(name in slots for name in slot_names(wording))
        and (allowed is None or set(slot_names(wording)) <= allowed)
    ]
    if aside or again:
        naming = [one for one in fitting if "title" in slot_names(one)]
        rest = [one for one in fitting if one not in naming]
        if again:
            rest = [one for one in rest if not _SORRY.match(one)] or rest
        fitting = (naming if aside else []) or rest or naming
    return pick(fitting, variety) if fitting else None
