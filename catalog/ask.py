"""A chat line as what is asked of the catalog: which products, topics, region, choice."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

from agent.types import Topic
from catalog.details import parts_of
from catalog.known import Known
from catalog.lexicon import Sense, Span, elsewhere
from catalog.mentions import DO, mentions
from catalog.names import soft_words
from catalog.numbers import WORDS, numbers
from catalog.text import CJK, is_cjk, stem, tokens
from catalog.unnamed import called

_SIZES = "xxs|xs|s|m|l|xl|xxl"
_SIZE_LETTER = re.compile(
    rf"(?<![A-Za-z0-9'’])({_SIZES.upper()})(?![A-Za-z0-9'’])"
    rf"|(?:\b(?:size|taille|in|en|an|a|une?|du)\s+)({_SIZES})\b(?!['’])"
    rf"|({_SIZES}|{_SIZES.upper()})\s*(?:码|号|碼)"
)
_SIZE_SIDES = re.compile(r"(\d{2,3})\s*(?:x|×|\*|sur|by|乘)\s*(\d{2,3})", re.I)
_SIZE_NUMBER = re.compile(r"\b(?:size|taille|pointure|sz)\s*\d|\d\s*[码碼]", re.I)
_DEARER = re.compile(r"([+-])\s*ch(?:è|e)re?s?\b", re.I)
""""le + cher", "la - chère"."""
_HOW_MANY = re.compile(r"\bcombien d['’]", re.I)
"""What an elision would leave as "combien", which asks for a price."""
_WHILE = re.compile(
    r"(?<=\w )(?:when|once|after) (?=(?:it|its|it's|i'm|im|i've|you|u|wet|the)\b)"
    r"|(?<=\w )quand (?=(?:ça|ca|il|elle|on|l'eau|l’eau)\b)",
    re.I,
)
"""Of "does it stop when it's boiling": no question of a time."""
_YOU = re.compile(r"\bvs(?=\s+\w+ez\b)", re.I)
_FOLLOWS = re.compile(r"^\W*(?:and|n|also|et|what about|how about)\b|^\W*(?:那|还有|還有)|呢\W*$")
_PAUSE = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
_BARE_MONEY = re.compile(r"[$€]{2,}")
""""sybil short $$?": what it costs."""
_STILL_COSTS = re.compile(
    r"\b(?:still|toujours|tjrs|encore)\s+(?:a|à|at|for|only|just)?\s*[$€£]?\s*(\d{2,}(?:[.,]\d{2})?)"
    r"|(?:还是|還是|仍是)\s*(\d{2,}(?:\.\d{1,2})?)"
)
"""A price that somebody remembers: "is the blue M still 59?"."""
DAYS = Sense("ask", topic=Topic.DELIVERY, fields=("delivery_days",), weak=True)
FEE = Sense("ask", topic=Topic.DELIVERY, fields=("delivery_fee", "free_delivery_from"))
_DETERMINERS = frozenset(
    (
        "the", "a", "an", "your", "ur", "some", "any", "no", "this", "that", "these", "those", "un",
        "une", "des", "le", "la", "les", "votre", "vos", "du", "ce", "cet", "cette", "ces", "这",
        "个", "款", "那", "件", "有", "卖",
    )
)  # fmt: skip
_ANY = frozenset(("a", "an", "un", "une"))
_WITH = frozenset(("en", "in", "with", "avec", "a", "au", "aux"))
_OF = frozenset(("de", "d", "du", "des", "of", "for", "pour"))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked for."""

    topic: Topic
    fields: tuple[str, ...] = ()
    """Empty: the topic's usual ones."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A run of words that are in no lexicon."""

    words: tuple[str, ...]
    pointed: bool
    """A determiner stands before it: "the phone", "this phone"."""
    to: bool
    """A word of direction stands before it: "to Narnia"."""
    elsewhere: bool
    """It is a thing that shops sell, and none of this one's."""
    beside_name: bool
    """It tells what kind of a named product: "dog jacket", "veste en cuir"."""
    after_name: bool
    """It follows a product's name: "lamp shade", "台灯的灯罩"."""
    of_name: bool
    """It is of, or for, a named product: "housse de la lampe", "cover for the mug"."""


@dataclass(frozen=True, slots=True)
class Ask:
    parts: tuple[Part, ...]
    links: tuple[int, ...]
    named: tuple[frozenset[str], ...]
    """What each product name in the line may mean, as skus."""
    kinds: tuple[frozenset[str], ...]
    """Kinds of goods that are named, and no one product of them."""
    contradicted: bool
    """Words of products' names stand together as no product has them."""
    predicate: bool
    """It begins as "is …", "does …", "est-ce …": what follows a name is said of it."""
    points: bool
    """"it", "this one"."""
    before: bool
    """"the last one"."""
    has: bool
    """"do you have"."""
    purpose: bool
    """"something for", "anything to"."""
    region: str | None
    colours: tuple[tuple[str, str], ...]
    """Family, and the words."""
    sizes: tuple[str, ...]
    bound: tuple[Literal["under", "over"], Decimal] | None
    rest: tuple[Rest, ...]
    figures: tuple[str, ...]
    """Numbers that nobody knows what to make of: sizes, where a product has such."""
    asking: tuple[str, ...]
    """The words that ask, of more than three letters."""
    follows: bool = False
    """It goes on from what was just said: "and in blue?", "蓝色的呢"."""
    remembered: str = ""
    """A number that something is "still": its price, unless it is a size."""
    indefinite: bool = False
    """Each of its names follows "a" or "une": what something is, and not which."""
    called: tuple[str, ...] = ()
    """The words of the names in it."""

    @property
    def empty(self) -> bool:
        """Nothing but small talk."""
        return not (self.parts or self.links or self.named or self.rest or self.colours)


ASK_FIELDS = tuple(field.name for field in fields(Ask))


_AUXILIARY = frozenset(
    ("is", "are", "does", "do", "can", "will", "did", "was", "has", "est", "sont", "peut", "isnt")
)


def understand(line: str, known: Known, focus: Sequence[str] = ()) -> Ask:
    """*line* as a question to the shop; *focus*: the products that the show is about."""
    line = _WHILE.sub("", line)
    line = _YOU.sub("vous", _HOW_MANY.sub("combien de ", line))
    found = numbers(_DEARER.sub(_dearer, _BARE_MONEY.sub(" price ", line)))
    doubtful = _doubtful(found.loose, known, focus)
    links = tuple(number for number in found.links if str(number) not in doubtful)
    cards = [known.names.card(known.book, sku) for sku in focus]
    words = known.spelt(tokens(_PAUSE.sub("，", _SIZE_SIDES.sub(" ", found.rest))), cards)
    linked = (known.book.by_number.get(number) for number in links)
    held = [*focus, *(sku for sku in linked if sku is not None)]
    cards = known.names.proposed(known.book, words, held)
    read = mentions(
        words, known.lexicon.read(words, known.overlay(cards)), cards, known.lexicon.kept
    )
    spans = read.spans
    senses = [span.sense for span in spans]

    def has(kind: str) -> bool:
        return any(sense is not None and sense.kind == kind for sense in senses)

    regions = [sense.code for sense in senses if sense is not None and sense.kind == "region"]
    colours = tuple(
        (span.sense.code, _text(words, span))
        for span in spans
        if span.sense is not None and span.sense.kind == "colour"
    )
    names = [sense for sense in senses if sense is not None and sense.kind == "name"]
    sizes = _sizes(line, senses)
    told = ({Topic.SIZES} if sizes or _SIZE_NUMBER.search(line) else set()) | (
        {Topic.COLOURS} if colours else set()
    )
    parts = _parts(spans, told)
    if names:  # "where are the socks made"
        around = _parts(known.lexicon.read(_without_names(words, spans), {}), told)
        topics = {part.topic for part in parts} | {Topic.OVERVIEW, Topic.RANGE}
        parts += tuple(part for part in around if part.topic not in topics)
    return Ask(
        parts=parts,
        links=links,
        named=tuple(sense.skus for sense in names),
        kinds=tuple(frozenset(s.code.split("|")) for s in names if s.code),
        contradicted=read.contradicted or bool(doubtful and not colours),
        predicate=bool(words) and words[0] in _AUXILIARY,
        points=_points(words, spans),
        before=has("last"),
        has=_has(words, spans),
        purpose=has("purpose"),
        region=regions[0] if regions else None,
        colours=colours,
        sizes=sizes,
        bound=found.bound,
        rest=tuple(_rest(words, spans)),
        figures=tuple(
            words[span.start]
            for span in spans
            if span.sense is None and words[span.start].isdigit()
        )
        + doubtful,
        asking=tuple(
            word
            for span in spans
            if span.sense is not None and span.sense.kind == "ask"
            for word in words[span.start : span.end]
            if len(word) > 3
        ),
        follows=_FOLLOWS.search(line.lower()) is not None,
        remembered=_remembered(line),
        indefinite=_indefinite(words, spans),
        called=called(words, spans),
    )


def _has(words: Sequence[str], spans: Sequence[Span]) -> bool:
    """Whether something is asked to be there; not of "does the speaker have an input", which asks
    what the named thing has."""
    named = False
    for span in spans:
        kind = span.sense.kind if span.sense is not None else ""
        if kind == "have" and not (named and words[0] in _AUXILIARY):
            return True
        named = kind == "name" or (named and kind not in ("and", "have"))
    return False


def _indefinite(words: Sequence[str], spans: Sequence[Span]) -> bool:
    names = [at for at, s in enumerate(spans) if s.sense is not None and s.sense.kind == "name"]
    return bool(names) and all(at and words[spans[at].start - 1] in _ANY for at in names)


def _dearer(match: re.Match[str]) -> str:
    return f"{'plus' if match[1] == '+' else 'moins'} cher"


def _doubtful(loose: Sequence[int], known: Known, focus: Sequence[str]) -> tuple[str, ...]:
    """Numbers that may be links, and are sizes of a product that the show is about: with a colour
    such a size is meant, and alone nobody can tell."""
    sizes = {
        variant.row.size
        for sku in focus
        if sku in known.book.pages
        for variant in known.book.pages[sku].shelf.variants
    }
    return tuple(str(number) for number in loose if str(number) in sizes)


def _remembered(line: str) -> str:
    match = _STILL_COSTS.search(line.lower())
    return next((group for group in match.groups() if group), "") if match else ""


def _without_names(words: Sequence[str], spans: Sequence[Span]) -> list[str]:
    """The words around the names, their articles left out."""
    left: list[str] = []
    for span in spans:
        kind = span.sense.kind if span.sense is not None else ""
        if kind == "name":
            while left and left[-1] in _DETERMINERS:
                left.pop()
        elif kind != "part":
            left += words[span.start : span.end]
    return left


def _points(words: Sequence[str], spans: Sequence[Span]) -> bool:
    """Whether a word such as "it" or "this" stands for itself and is no article of what follows."""
    for at, span in enumerate(spans):
        if span.sense is not None and span.sense.kind == "it":
            after = spans[at + 1] if at + 1 < len(spans) else None
            choice = after.sense.kind if after is not None and after.sense is not None else ""
            if words[span.start] == "en" and choice in ("colour", "size"):
                continue  # "en vert"
            if after is None or (
                after.sense is not None and after.sense.kind not in ("name", "lost", "kind")
            ):
                return True
    return False


def _text(words: Sequence[str], span: Span) -> str:
    return " ".join(words[span.start : span.end])


def _parts(spans: Sequence[Span], told: Set[Topic]) -> tuple[Part, ...]:
    """What is asked, clause by clause; weak phrases count where a clause has nothing else.

    *told*: what the line says of a variant. Beside "how much" that is no question: "how much is
    it in black, size M".
    """
    parts: list[Part] = []
    clause: list[Sense] = []
    sent = False

    def close() -> None:
        nonlocal sent
        strong = [sense for sense in clause if not sense.weak]
        price = [sense for sense in clause if sense.topic is Topic.PRICE]
        if price and any(sense.topic in told for sense in strong):
            strong = [sense for sense in strong if sense.topic not in told] or price[:1]
        asks_price = any(sense.weak for sense in price)
        narrow = [s for s in clause if s.weak and s.topic is Topic.DELIVERY and s.fields]
        if sent and any(s.weak and s.topic is Topic.DIMENSIONS for s in clause):
            narrow.append(DAYS)  # "how long to France"
            clause.append(DAYS)
            clause[:] = [s for s in clause if not (s.weak and s.topic is Topic.DIMENSIONS)]
        if narrow:  # "寄英国多久"
            strong = [
                narrow[0] if s.topic is Topic.DELIVERY and not s.fields else s for s in strong
            ]
        elif asks_price:  # "combien la livraison"
            strong = [FEE if s.topic is Topic.DELIVERY and not s.fields else s for s in strong]
        # "how long is the warranty": a part with fields of its own beside a plain one of another
        # topic; "shipping cost": the narrower of one topic
        for sense in strong or clause[:1]:
            if sense.topic is None:
                continue
            part = Part(sense.topic, sense.fields)
            same = [known for known in parts if known.topic is part.topic]
            if part in parts or (same and not part.fields):
                continue
            if same and not same[0].fields:
                parts.remove(same[0])
            parts.append(part)
        clause.clear()
        sent = False

    for span in spans:
        if span.sense is None:
            continue
        if span.sense.kind == "and":
            close()
        elif span.sense.kind == "ask":
            clause.append(span.sense)
        elif span.sense.kind == "region":
            sent = True
    close()
    topics = {part.topic for part in parts}
    if Topic.DELIVERY in topics and Topic.PRICE in topics:
        parts = _fee(parts, spans)
    if topics & {Topic.CHEAPEST, Topic.DEAREST}:
        parts = [part for part in parts if part.topic not in (Topic.PRICE, Topic.RANGE)]
    if len(parts) > 1:
        parts = [part for part in parts if part.topic is not Topic.OVERVIEW]
    return tuple(parts)


def _fee(parts: list[Part], spans: Sequence[Span]) -> list[Part]:
    """ "price of shipping" asks one thing, "price? and shipping?" two."""
    between = False
    seen = False
    named = any(span.sense is not None and span.sense.kind == "name" for span in spans)
    sent = any(span.sense is not None and span.sense.kind == "region" for span in spans)
    first = next(part.topic for part in parts if part.topic in (Topic.PRICE, Topic.DELIVERY))
    if sent and not named and first is Topic.DELIVERY:
        # "how long to France and what does it cost"
        fields = next(part.fields for part in parts if part.topic is Topic.DELIVERY)
        whole = tuple(dict.fromkeys((*fields, "delivery_fee"))) if fields else ()
        return [
            Part(Topic.DELIVERY, whole) if part.topic is Topic.DELIVERY else part for part in parts
        ]
    for span in spans:
        if span.sense is None:
            continue
        if span.sense.kind == "ask" and span.sense.topic in (Topic.PRICE, Topic.DELIVERY):
            if seen and not between:
                fee = Part(Topic.DELIVERY, FEE.fields)
                others = [p for p in parts if p.topic not in (Topic.PRICE, Topic.DELIVERY)]
                return [fee, *others]
            seen = True
        elif seen and span.sense.kind in ("and", "name", "it"):
            between = True
    return parts


def _sizes(line: str, senses: Sequence[Sense | None]) -> tuple[str, ...]:
    found = [
        next(group for group in match.groups() if group) for match in _SIZE_LETTER.finditer(line)
    ]
    sides = [f"{match[1]} {match[2]}" for match in _SIZE_SIDES.finditer(line)]
    named = [sense.code for sense in senses if sense is not None and sense.kind == "size"]
    return tuple(dict.fromkeys([text.upper() for text in found] + sides + named))


def _strange(span: Span) -> bool:
    return span.sense is None or span.sense.kind in ("kind", "lost")


def _rest(words: Sequence[str], spans: Sequence[Span]) -> list[Rest]:
    rests: list[Rest] = []
    at = 0
    while at < len(spans):
        if not _strange(spans[at]) or not words[spans[at].start].isalnum():
            at += 1
            continue
        end = at
        while end < len(spans) and _strange(spans[end]) and words[spans[end].start].isalnum():
            end += 1
        own = spans[at:end]
        run = tuple(word for span in own for word in words[span.start : span.end])
        unsaid = not any(word.isalpha() and word not in WORDS for word in run) or (
            len(run) == 1 and len(run[0]) == 1 and not is_cjk(run[0])
        )
        if not unsaid:
            before = words[spans[at - 1].end - 1] if at else ""
            verb = len(run) == 1 and _verb(words, spans, at, end)
            sense = spans[at - 1].sense if at else None
            to = sense is not None and sense.kind == "to"
            sold = any(stem(word) in elsewhere() for word in run) or any(
                span.sense is not None for span in own
            )
            soft = all(stem(word) in soft_words() and not parts_of(word) for word in run)
            rests.append(
                Rest(
                    run,
                    before in _DETERMINERS,
                    to,
                    sold,
                    _named(spans, end) or (before in _WITH and _named(spans, at - 2)),
                    not soft and not verb and _named(spans, at - 2 if before == "的" else at - 1),
                    _of_named(words, spans, end),
                )
            )
        at = end
    return rests


def _verb(words: Sequence[str], spans: Sequence[Span], at: int, end: int) -> bool:
    """Whether a word is the verb of "when would the jacket reach Germany"."""
    after = spans[end].sense if end < len(spans) else None
    asks = after is not None and after.kind == "ask"
    start = spans[at].start
    return not asks and bool(set(words[max(0, start - 5) : start]) & DO)


def _named(spans: Sequence[Span], at: int) -> bool:
    sense = spans[at].sense if 0 <= at < len(spans) else None
    return sense is not None and sense.kind in ("name", "part")


def _of_named(words: Sequence[str], spans: Sequence[Span], at: int) -> bool:
    """Whether "of the", "de la", "pour le" and then a product's name follow, small words such as
    the second half of "abat-jour" left out."""
    of = False
    if words[spans[at].start : spans[at].start + 1] == ["out"] if at < len(spans) else False:
        return False  # "out of the kettle"
    for span in spans[at : at + 5]:
        if span.sense is not None and span.sense.kind == "name":
            return of
        small = span.sense is not None and span.sense.kind in ("stop", "to", "it")
        if not small:
            return False
        of = of or any(word in _OF for word in words[span.start : span.end])
    return False
