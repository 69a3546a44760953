"""Whole clauses that a host may say, by says.txt: what they cover need not be judged further.

A clause passes when it matches from end to end, and what the section asks for holds: a deny list
cannot foresee what a clause may add, a whole match leaves nothing to add.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from agent.plaintext import fold
from agent.rules.chatter import chatters, of_product
from agent.rules.frames import asks_fact, framed
from agent.rules.lexicon import entries_of, patterns
from agent.rules.marks import CLAUSE, FREE_TEXT, MARK
from agent.rules.numbers import first_number
from agent.rules.restate import MONTHLY
from agent.rules.vocabulary import content, strange
from agent.types import Fact, Language, Money, Quantity

_PART = re.compile(rf"{CLAUSE.pattern}|[:：]| [–-] ")
_CLAIMING = frozenset(
    {"absolute", "discount", "was_price", "price", "stock_scarcity", "urgency", "social_proof"}
    | {"warranty", "human_experience", "deny_ai", "impersonate", "minors", "financial", "echo"}
    | {"hidden_ad", "guarantee", "disparage", "green"}
)
"""Classes of claims.txt whose words no clause may hold that leaves a word open."""


RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "priced": ("price", "price_from"),
    "no_offer": ("price", "price_from"),
    "fee_free": ("delivery_fee",),
    "free_from": ("free_delivery_from",),
    "sold_out": ("stock",),
}
"""What the sections rest on whose words name no fact: no longer said when that changes."""


def unsaid(
    bare: str, text: str, facts: Mapping[str, Fact], language: Language, *, free: bool = False
) -> tuple[str, frozenset[str]]:
    """*bare* without the clauses that are sayings, and the fields that those rest on; *text* is the
    sentence as it was written."""
    if free:
        bare = patterns("cues", language)["tails"].sub(_named_first, bare)
    kept: list[str] = []
    names: list[str | None] = []
    fields: set[str] = set()
    at = 0
    for stop in [*_PART.finditer(bare), None]:
        clause = bare[at : stop.start() if stop else len(bare)]
        name = said(clause, text, facts, language, free=free)
        late = name == "chatter" and any(one in (None, "facts") for one in names)
        if (
            late
            or name is None
            or (name == "facts" and _of_something_else("".join(kept), language))
        ):
            kept.append(clause)
            names.append(None if clause.strip() else "alone")
        else:
            fields.update(field for field in RESTS_ON.get(name, ()) if field in facts)
            names.append(name)
        if stop is None:
            break
        kept.append(stop.group())
        at = stop.end()
    rest = "".join(kept)
    if _only_topic(rest, names, language):
        rest = ""
    return (rest if re.search(r"[^\W_]|<", rest) else ""), frozenset(fields)


def _named_first(found: re.Match[str]) -> str:
    """The fact of "Peru, that's where it's made", which says of itself what it is."""
    return next(mark for mark in found.groupdict().values() if mark)


def _only_topic(rest: str, names: Sequence[str | None], language: Language) -> bool:
    """Whether *rest* only names what the clauses beside it say that they do not know: "the handle,
    well, nobody wrote that down"."""
    said = [name for name in names if name != "alone"]
    if not {"unknowing", "ignorant"} & set(said) or said[0] is not None:
        return False
    if not set(said[1:]) <= {"unknowing", "ignorant", "always", "word"}:
        return False
    topic = re.compile("|".join(entries_of("says", language)["topic"]))
    name = " ".join(re.sub(r"[^\w' -]", " ", rest).split())
    return bool(topic.fullmatch(name)) and not _claims(name, language)


def talk(bare: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether all clauses of *bare* are talk with viewers and none is about the product."""
    clauses = [" ".join(clause.split()) for clause in _PART.split(bare)]
    return all(
        not re.search(r"[^\W_]", clause)
        or said(clause, "", facts, language) == "alone"
        or chatters(clause, facts, language)
        for clause in clauses
    )


def answers(bare: str, text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether a saying of *bare* is more than a filler or a "no", which may answer anything."""
    sections = {said(clause, text, facts, language) for clause in _PART.split(bare)}
    return bool(sections - {None, "alone", "word", "chatter"})


def _of_something_else(before: str, language: Language) -> bool:
    """Whether the clauses *before* may have brought up a part of the product, or another thing, of
    which a fact would then be said: "the cord is cotton and linen"."""
    quoted = any(FREE_TEXT.fullmatch(field) for field in MARK.findall(before))
    return quoted or bool(content(MARK.sub(" ", before), language))


def said(
    clause: str, text: str, facts: Mapping[str, Fact], language: Language, *, free: bool = False
) -> str | None:
    """The section of says.txt that *clause*, folded, is of, and with *free* "facts" or "chatter"
    for one in words of its own; None if of none."""
    clause = " ".join(clause.split())
    ways = dict.fromkeys((clause, *_without_fillers(clause, language)))
    for name, pattern in _sections(language).items():
        for way in ways:
            if (found := pattern.fullmatch(way)) and _HOLDS[name](found, text, facts, language):
                return name
    if not free:
        return None
    if re.search(r"[?？]", text) and any(asks_fact(way, facts, language) for way in ways):
        return "asked"
    if any(framed(way, facts, language) for way in ways):
        return "facts"
    return "chatter" if chatters(clause, facts, language) else None


def _without_fillers(clause: str, language: Language) -> tuple[str, ...]:
    """*clause* without the fillers before it, after it, and both."""
    before, after = _fillers(language)
    head = found.end() if (found := before.match(clause)) else 0
    tail = found.start() if (found := after.search(clause)) else len(clause)
    if head >= len(clause) or head >= tail:
        return (clause[head:], "")
    return (clause[head:], clause[:tail], clause[head:tail])


@cache
def _fillers(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    filler = "|".join(entries_of("says", language)["filler"])
    if language == "zh":
        return re.compile(rf"(?:{filler})++"), re.compile(rf"(?:{filler})++$")
    return re.compile(rf"(?:(?:{filler})(?:\s+|$))++"), re.compile(rf"(?:\s+(?:{filler}))++$")


@cache
def _sections(language: Language) -> Mapping[str, re.Pattern[str]]:
    """The sections of says.txt, each as one pattern; and nothing but fillers."""
    lists = entries_of("says", language)
    found = {"alone": re.compile("")}
    for name, lines in lists.items():
        if name not in ("filler", "topic", ""):
            found[name] = re.compile("|".join(lines))
    return found


Holds = Callable[[re.Match[str], str, Mapping[str, Fact], Language], bool]


def _always(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    return True


def _priced(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    price = facts.get("price") or facts.get("price_from")
    return price is not None and isinstance(price.value, Money) and price.value.amount > 0


def _no_offer(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    return "price" in facts and not {"list_price", "offer_ends"} & facts.keys()


def _fee_free(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    fee = facts.get("delivery_fee")
    return fee is not None and isinstance(fee.value, Money) and fee.value.amount == 0


def _free_from(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    return "free_delivery_from" in facts


def _sold_out(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    stock = facts.get("stock")
    return stock is not None and isinstance(stock.value, Quantity) and stock.value.amount == 0


def _facts(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    marks = MARK.findall(found.group())
    if "sold" in marks and not MONTHLY.search(fold(text)):
        return False  # a number of sales goes with its period
    return all(field in facts for field in marks)


def _named(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Names are written as names and are no words of a claim."""
    names = " ".join(name for name in found.groupdict().values() if name)
    if _claims(names, language):
        return False
    if language == "zh":
        return True
    written = {
        fold(word)
        for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
        if word[0].isupper()
    }
    return all(name in written or name in ("in", "de", "la") for name in names.split())


def _open(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """A clause with open words: plain ones, or ones of a host's talk, and no claim among them."""
    clause = found.group()
    if _claims(clause, language) or patterns("cues", language)["insinuates"].search(clause):
        return False
    return not strange(MARK.sub(" ", clause), language)


def _stage(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Talk of the show's own things, and not of what is a matter of the product as well: light."""
    return _open(found, text, facts, language) and not of_product(found.group(), facts, language)


def _address(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    """Talk with viewers of anything but the product and other people: "if you have one at home,
    you know" is a claim of it."""
    cues, clause = patterns("cues", language), found.group()
    product = "<" in clause or cues["of_product"].search(clause)
    if product and not cues["on_question"].search(clause):
        return False
    return _open(found, text, facts, language)


def _unknowing(
    found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language
) -> bool:
    clause = found.group()
    if patterns("cues", language)["overstates"].search(clause):
        return False
    return not _claims(clause, language) and first_number(MARK.sub(" ", clause), language) is None


def _asked(found: re.Match[str], text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """A question that a viewer asked, said again; no more than a question."""
    if not re.search(r"[?？]", text) or patterns("claims", language)["health"].search(
        found.group()
    ):
        return False
    return _unknowing(found, text, facts, language)


def _claims(text: str, language: Language) -> bool:
    listed = patterns("claims", language)
    return any(listed[name].search(text) for name in _CLAIMING)


_HOLDS: Mapping[str, Holds] = {
    "alone": _always,
    "word": _always,
    "always": _always,
    "priced": _priced,
    "no_offer": _no_offer,
    "fee_free": _fee_free,
    "free_from": _free_from,
    "sold_out": _sold_out,
    "facts": _facts,
    "named": _named,
    "unknowing": _unknowing,
    "ignorant": _always,
    "asked": _asked,
    "talk": _always,
    "stage": _stage,
    "address": _address,
}
