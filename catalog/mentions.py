"""The names in a line that is cut into phrases: runs of words that name a product, or none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.types import Topic
from catalog.details import asking
from catalog.kinds import stemmed, trade
from catalog.lexicon import Sense, Span
from catalog.names import Card, Run, meant, soft_words
from catalog.numbers import WORDS
from catalog.text import is_cjk, stem

_JOIN = frozenset(
    ("de", "d", "du", "des", "en", "a", "au", "aux", "of", "la", "le", "les", "l", "the", "的", "&")
)
"""Small words within a name: "théière en fonte", "bar of soap"."""
_DEFINITE = frozenset(("la", "le", "les", "l", "the", "du", "des"))
_PLACED = frozenset(
    ("in", "on", "at", "with", "without", "from", "under", "into", "by", "to", "like", "near",
     "avec", "sans", "dans", "sur", "contre", "par", "en", "au", "vers", "chez", "comme")
)  # fmt: skip
"""Before a single word of a title: it is a circumstance, and no name."""
_ARTICLES = frozenset(("la", "le", "les", "l", "the"))
_ONE = frozenset(
    ("one", "ones", "thing", "things", "celui", "celle", "item", "product", "produit", "article")
)
_COUNTED = frozenset("个件款条双瓶台只把本套种盒包")
_AGAIN = frozenset(("il", "elle", "ils", "elles", "ca", "c", "ce", "it", "they"))
"""After a name they take it up: "le huila il vient d'où"."""
_MARKS = frozenset(".!?;。！？；")
_BEFORE_THINGS = _ARTICLES | {"a", "an", "un", "une", "your", "votre", "vos", "this", "that"}
DO = frozenset(("do", "does", "did", "can", "will", "would", "could", "should"))
_SUBJECTS = frozenset(("il", "elle", "ils", "elles", "ca", "on", "je", "tu", "se"))
_VERBS = frozenset(("laisse", "montre", "porte", "coupe", "pompe", "livre", "lance", "presse"))
"""French words for kinds of things that are verbs behind a subject."""
_BEGINNING = 4
"""Letters of a word that may be the beginning of a longer one."""
_OF = frozenset(("for", "of", "pour", "de", "du", "d"))
_CARRIED = ("ask", "region", "purpose", "under", "over")
_CHOICE = ("colour", "size")
_SMALL = ("stop", "it", "to", "and", "have", "last")
_IDLE = ("stop", "and", "it", "to", "have", *_CHOICE)
"""Beside a single word of a title they say of no other thing: "juno in blue"."""
_LETTERS = frozenset(("xs", "s", "m", "l", "xl", "xxl"))


@dataclass(frozen=True, slots=True)
class Found:
    spans: list[Span]
    contradicted: bool
    """Words of products' names stand together, and no product is called so."""


@dataclass(slots=True)
class _Piece:
    """A span of a run, and what it is there: name, kind, word, soft, carried (soft with a sense of
    its own), join, or verb, which is no part of it."""

    span: Span
    role: str
    stems: tuple[str, ...]
    article: bool
    """It joins after another joint only: "de la", and not "chaz le"."""


def mentions(
    words: Sequence[str], spans: Sequence[Span], cards: Sequence[Card], common: Collection[str]
) -> Found:
    """*spans* with each run that names products as one span of the sense "name"; what stands
    between its words keeps its sense. *common*: everyday words, which are no proper names."""
    pool = frozenset(word for card in cards for word in card.words)
    pieces = [_piece(words, span, pool) for span in spans]
    for at, piece in enumerate(pieces[:-1]):
        if piece.role == "soft" and words[spans[at + 1].start] in _ONE:
            piece.role = "word"  # "the cedar one"
        if words[piece.span.start] in WORDS and words[spans[at + 1].start] in _OF:
            piece.role = ""  # "two of the tanks"
    spans = [_bought(words, spans, at) for at in range(len(spans))]
    spans = [_used(words, spans, at, pieces) for at in range(len(spans))]
    out = list(spans)
    contradicted = False
    runs = _runs(words, pieces)
    out = [
        replace(span, sense=Sense("stop")) if piece.role == "verb" else span
        for span, piece in zip(out, pieces, strict=True)
    ]
    runs = [_whole(run, words, pieces, cards) for run in runs]
    resolved = [(run, *_resolve([pieces[at] for at in run], cards)) for run in runs]
    firm = any(skus for run, skus, _ in resolved if not _unsure([pieces[at] for at in run]))
    said = [{words[pieces[at].span.start] for at in run} for run in runs]
    sure = {
        sku
        for own, (_, skus, _) in zip(said, resolved, strict=True)
        if len(skus) == 1 and not own <= asking()
        for sku in skus
    }
    by_sku = {card.sku: card for card in cards}
    for place, (run, skus, codes) in enumerate(resolved):
        own = [pieces[at] for at in run]
        called = len(skus) == 1 and _called(words, spans, run, common)
        proper = not {word for word in said[place] if _everyday(word, common)}
        if _unsure(own) and not called and not _alone(words, spans, runs, run, firm, proper):
            continue
        if _unsure(own) and said[place] <= asking() and len(runs) > 1:
            continue  # "the sidamo, what roast is it", of a brand with "roast" in its name
        loose = len(skus) > 1 or said[place] <= asking()
        if codes and loose and sure and not skus & sure:
            skus = frozenset()  # "games on the earbuds": the earbuds are meant, and no game
        if not skus:
            contradicted |= any(p.role in ("word", "name") for p in own) and not _unsure(own)
            for at in run:
                if pieces[at].role in ("name", "kind"):
                    code = "sold" if pieces[at].role == "kind" else ""
                    out[at] = replace(out[at], sense=Sense("lost", code))
            continue
        shared = frozenset.intersection(*(by_sku[sku].words for sku in skus))
        first = True
        for at in run:
            piece = pieces[at]
            taken = piece.role in ("name", "kind", "word", "join") or set(piece.stems) <= shared
            if not taken:
                continue
            if first and piece.role != "join":
                out[at] = replace(out[at], sense=Sense("name", codes, skus=skus))
                first = False
            else:
                out[at] = replace(out[at], sense=Sense("part"))
    return Found(out, contradicted)


def _piece(words: Sequence[str], span: Span, pool: frozenset[str]) -> _Piece:
    own = words[span.start : span.end]
    stems = tuple(stem(word) for word in own)
    kind = span.sense.kind if span.sense is not None else ""
    if kind in ("name", "kind"):
        role = kind
    elif len(own) == 1 and own[0] in _JOIN and kind != "name":
        role = "join"
    elif kind in _CHOICE:
        role = "carried"
    elif not own[0].isalnum() or not all(word in pool for word in stems):
        longer = _longer(stems[0], pool) if span.sense is None else None
        role = "word" if longer is not None else ""
        stems = (longer,) if longer is not None else stems
    elif kind in _CARRIED:
        role = "carried"
    elif kind in _SMALL or is_cjk(own[0]) or stems[0].replace(".", "").isdigit():
        role = ""
    else:
        role = "soft" if stems[0] in soft_words() else "word"
    return _Piece(span, role, stems, own[0] in _ARTICLES)


def _longer(word: str, pool: frozenset[str]) -> str | None:
    """The one word of a name that it is the beginning of: "rando"."""
    if len(word) < _BEGINNING or not word.isascii() or not word.isalpha():
        return None
    found = {own for own in pool if own.startswith(word) and len(own) >= len(word) + 2}
    first = min(found, key=len, default=None)
    return first if first and all(own.startswith(first) for own in found) else None


def _bought(words: Sequence[str], spans: Sequence[Span], at: int) -> Span:
    """A thing beside an article where a price is asked: of "how much is the dishwasher" the
    dishwasher is no question of care."""
    span = spans[at]
    priced = any(
        other.sense is not None and other is not span and other.sense.topic is Topic.PRICE
        for other in spans
    )
    if span.sense is None or span.sense.kind != "ask" or not at or not priced:
        return span
    sold = trade().by_phrase.get(stemmed(words[span.start : span.end]))
    if not sold or words[spans[at - 1].start] not in _BEFORE_THINGS:
        return span
    return replace(span, sense=Sense("lost", "sold"))


def _used(words: Sequence[str], spans: Sequence[Span], at: int, pieces: Sequence[_Piece]) -> Span:
    """The "kids" of "kids hoodie": whose it is, and no question."""
    span = spans[at]
    beside = at + 1 < len(spans) and pieces[at + 1].role in ("name", "kind")
    user = stem(words[span.start]) in trade().users and span.end - span.start == 1
    asks = span.sense is not None and span.sense.kind == "ask"
    return replace(span, sense=None) if beside and user and asks else span


def _runs(words: Sequence[str], pieces: Sequence[_Piece]) -> list[list[int]]:
    """Stretches that hold a name, a kind or a word of a title, without small words at the ends."""
    found: list[list[int]] = []
    run: list[int] = []
    joined = 0
    for at, piece in enumerate(pieces):
        joined = joined + 1 if piece.role == "join" else 0
        parted = piece.role == "join" and piece.article and joined == 1
        if piece.role and not parted and joined <= 2 and (run or piece.role != "join"):
            run.append(at)
            continue
        found.append(run)
        run = []
    found.append(run)
    for run in found:
        kinds = [pieces[at] for at in run if pieces[at].role == "kind"]
        for piece in kinds if len(kinds) > 1 else ():
            if len(piece.stems) == 1 and piece.stems[0] in trade().materials:
                piece.role = "soft"  # "théière en verre"
    found = [_without_verb(run, words, pieces) for run in found]
    trimmed = [_trimmed(run, pieces) for run in found]
    return [
        run for run in trimmed if any(pieces[at].role in ("name", "kind", "word") for at in run)
    ]


def _without_verb(run: list[int], words: Sequence[str], pieces: Sequence[_Piece]) -> list[int]:
    """Without the verb at the end of "does the lamp stand", which is no lamp stand; nor that of "la
    crème laisse un film", nor of "elle montre"."""
    kept = list(run)
    for place, at in enumerate(run):
        word = words[pieces[at].span.start]
        before = words[pieces[at].span.start - 1] if at else ""
        after = words[pieces[at].span.end] if pieces[at].span.end < len(words) else ""
        subject = before in _SUBJECTS or (place > 0 and after in _BEFORE_THINGS)
        if word in _VERBS and subject:
            pieces[at].role = "verb"
            return kept[:place] if place else kept[1:]
    if len(run) < 2:
        return kept
    start, end = pieces[run[0]].span.start, pieces[run[-1]].span.end
    asked = [word for word in words[max(0, start - 2) : start] if word in DO]
    ends = end == len(words) or words[end] in _MARKS
    if not asked or not ends or pieces[run[-1]].role != "kind":
        return kept
    pieces[run[-1]].role = "verb"
    return kept[:-1]


def _trimmed(run: list[int], pieces: Sequence[_Piece]) -> list[int]:
    """Without joints at its ends, nor words with a sense of their own beyond a joint: "ship the
    boat"."""
    roles = [pieces[at].role for at in run]
    while roles and (roles[-1] == "join" or roles[-2:] == ["join", "carried"]):
        roles.pop()
    start = 0
    while start < len(roles) and (
        roles[start] == "join"
        or roles[start : start + 2] in (["carried", "join"], ["soft", "join"])
    ):
        start += 1
    return run[start : len(roles)]


def _whole(
    run: list[int], words: Sequence[str], pieces: Sequence[_Piece], cards: Sequence[Card]
) -> list[int]:
    """Of "the cable of the kettle" the kettle, unless something is called a cable of its own."""
    for place in range(len(run) - 1, 0, -1):
        part = pieces[run[place - 1]]
        joint = [at for at in run[place : place + 2] if pieces[at].role == "join"]
        said = {words[pieces[at].span.start] for at in joint}
        if part.role != "kind" or not said & _DEFINITE or part.span.sense is None:
            continue
        codes = frozenset(part.span.sense.code.split("|"))
        rest = run[place + len(joint) :]
        whole = _resolve([pieces[at] for at in rest], cards)[0] if rest else frozenset()
        if whole and not any(c.sku in whole and codes & c.kinds.heads for c in cards):
            return rest
    return run


def _resolve(pieces: Sequence[_Piece], cards: Sequence[Card]) -> tuple[frozenset[str], str]:
    """The products, and the kinds where nothing but a kind is named."""
    before: set[str] = set()
    for piece, after in pairwise(pieces):
        if piece.role == "soft" and after.role in ("name", "kind", "word", "soft"):
            before.update(piece.stems)
    last = max(
        (n for n, piece in enumerate(pieces) if piece.role in ("name", "kind", "word")), default=0
    )
    before -= {stem for piece in pieces[last + 1 :] for stem in piece.stems}
    run = Run(
        tuple(p.span.sense.skus for p in pieces if p.role == "name" and p.span.sense is not None),
        tuple(
            (frozenset(p.span.sense.code.split("|")), p.stems)
            for p in pieces
            if p.role == "kind" and p.span.sense is not None
        ),
        frozenset(stem for p in pieces if p.role == "word" for stem in p.stems),
        frozenset(stem for p in pieces if p.role in ("soft", "carried") for stem in p.stems),
        frozenset(before),
    )
    skus = meant(run, cards)
    bare = not run.words and not run.names and not (run.soft & _words(skus, cards))
    codes = "|".join(sorted(run.kinds[-1][0])) if bare and run.kinds else ""
    if run.names and not run.words and not run.kinds and not codes:
        codes = _same_kind(pieces)
    return skus, codes


def _same_kind(pieces: Sequence[_Piece]) -> str:
    """The kinds, where the name that was said is a word for a kind itself."""
    codes = {p.span.sense.code for p in pieces if p.role == "name" and p.span.sense is not None}
    return codes.pop() if len(codes) == 1 else ""


def _words(skus: frozenset[str], cards: Sequence[Card]) -> frozenset[str]:
    return frozenset(word for card in cards if card.sku in skus for word in card.words)


def _unsure(pieces: Sequence[_Piece]) -> bool:
    """Whether nothing but one word of a title stands there, which may be no name at all."""
    solid = [piece for piece in pieces if piece.role in ("name", "kind", "word")]
    return len(solid) == 1 and solid[0].role == "word"


def _called(
    words: Sequence[str], spans: Sequence[Span], run: Sequence[int], common: Collection[str]
) -> bool:
    """Whether a clause begins with an article and a word that is no everyday one: a proper name,
    whatever is said of it. "la kumo je peux la mettre sur le feu", "does the kumo work"."""
    at = run[-1]
    word = words[spans[at].start]
    if at == 0 or words[spans[at - 1].start] not in _ARTICLES or len(word) < _BEGINNING:
        return False
    first = _clause(words, spans, run).start
    small = all(
        span.sense is not None
        and span.sense.kind == "stop"
        and not set(words[span.start : span.end]) & (_PLACED | _JOIN)
        for span in spans[first : at - 1]
    )
    return small and not _everyday(word, common)


def _everyday(word: str, common: Collection[str]) -> bool:
    return bool({word, stem(word)} & (soft_words() | asking() | set(common)))


def _alone(
    words: Sequence[str],
    spans: Sequence[Span],
    runs: Sequence[Sequence[int]],
    run: Sequence[int],
    firm: bool,
    proper: bool,
) -> bool:
    """Whether one word of a title is meant as a name: something is asked of it, nothing else is
    pointed at, and no strange word stands beside it. *proper*: it is no everyday word, and may be
    a name after any preposition."""
    starts = {own[0] for own in runs}
    ends = {own[-1] for own in runs}
    clause = _clause(words, spans, run)
    said = [words[spans[at].end - 1] for at in range(max(0, run[0] - 2), run[0])]
    last = proper and run[-1] == clause[-1] and not set(said) & _PLACED
    pointer = any(
        at in clause
        and span.sense is not None
        and span.sense.kind == "it"
        and words[span.start] not in _ONE
        and not (words[span.start] in _AGAIN and at - 1 in ends)
        and not _of_choice(words, spans, at)
        and not _leads(words, spans, at, starts)
        and not _article(words, spans, at)
        and not (last and words[span.start] in _AGAIN)
        for at, span in enumerate(spans)
    )
    if pointer:
        return False
    beside = [at for at in (run[0] - 1, run[-1] + 1) if 0 <= at < len(spans)]
    for at in beside:
        word = words[spans[at].start]
        if spans[at].sense is None and word.isalpha() and (at > run[0] or word not in asking()):
            return False
    if said and said[-1] in _PLACED:
        return False
    if len(said) == 2 and said[-1] in _JOIN and said[0] in _PLACED and not proper:
        return False
    asks = any(
        (s.sense is not None and s.sense.kind == "ask") or words[s.start] in asking() for s in spans
    )
    if any(word in _OF for word in said) and not asks:
        return False
    idle = all(
        at in run
        or (s.sense is not None and s.sense.kind in _IDLE)
        or words[s.start] in _LETTERS
        or not words[s.start].isalnum()
        for at, s in enumerate(spans)
    )
    return asks or idle or firm


def _clause(words: Sequence[str], spans: Sequence[Span], run: Sequence[int]) -> range:
    """The spans around a run, up to the marks between which it stands."""
    marks = [at for at, span in enumerate(spans) if words[span.start] in _MARKS]
    start = max((at for at in marks if at < run[0]), default=-1)
    end = min((at for at in marks if at > run[-1]), default=len(spans))
    return range(start + 1, end)


def _of_choice(words: Sequence[str], spans: Sequence[Span], at: int) -> bool:
    """Whether it is the "en" of "en vert", "en M"."""
    after = spans[at + 1] if at + 1 < len(spans) else None
    if words[spans[at].start] != "en" or after is None:
        return False
    return after.sense is None or after.sense.kind in ("colour", "size")


def _article(words: Sequence[str], spans: Sequence[Span], at: int) -> bool:
    """Whether it is the "la" of a noun that nothing here is called: "la température"."""
    after = spans[at + 1] if at + 1 < len(spans) else None
    return words[spans[at].start] in _ARTICLES and after is not None and after.sense is None


def _leads(words: Sequence[str], spans: Sequence[Span], at: int, starts: set[int]) -> bool:
    """Whether a word such as "this" or "la" is the article of what follows."""
    small = _JOIN | _COUNTED
    return at + 1 in starts or (at + 2 in starts and words[spans[at + 1].start] in small)
