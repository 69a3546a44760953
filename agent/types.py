"""What flows through a show, in the order it flows. Imports nothing of ours.

Times ending in ``_s`` are seconds. A bare ``at`` or ``by`` is a moment on the event loop's clock
(``loop.time()``), the only clock the loop reads; a ``datetime`` is wall time with its zone, and
only catalog facts and the record carry one.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, NewType, TypeAlias, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Stream: TypeAlias = AsyncGenerator[T, None]
"""Items that arrive over time. Whoever iterates a stream closes it (``aclosing``)."""

Language: TypeAlias = Literal["en", "fr", "zh"]
"""The languages that the host reads and writes (ISO 639-1)."""
LANGUAGES: tuple[Language, ...] = get_args(Language)
EU = frozenset(
    ("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
     "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE")
)  # fmt: skip
"""The countries of the European Union, as ISO 3166 has them."""


# --- what comes in ---------------------------------------------------------------------------


class Source(StrEnum):
    """Where a message came from, in falling order of rank."""

    OPERATOR = "operator"
    VIEWER = "viewer"
    VOICE = "voice"
    EVENT = "event"
    """What a viewer did without words (``RoomEvent``); the text is its kind."""
    SHOW = "show"
    """The run of show itself: nobody asked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How a voice message was understood."""

    text: str
    """Empty when nothing was said, or nothing one could be sure of."""
    seconds: float
    confidence: float
    """Mean log probability of the tokens, at most 0; below -0.8 one asks the viewer to repeat."""


Row: TypeAlias = NDArray[np.float32]
"""What a text means to a model: of length 1, shape (dims,)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means, as far as code can tell."""

    key: tuple[str, ...] = ()
    """The facts that answer it, and what tells it from others with the same facts: the colour, the
    size, the place; empty where no facts do."""
    whole: bool = False
    """The key is all there is to it: a price is a price. Not so for a text of the shop's, which
    answers more than one question."""
    alone: bool = False
    """It leans on what was said before, and is like no other."""
    sku: str = ""
    """The product that it is about; "" for the shop, or where nobody can tell."""
    guard: frozenset[str] = frozenset()
    """Numbers, colours, sizes, places and names in it: those of like questions are the same."""
    rows: Mapping[str, Row] = field(default_factory=dict)
    """What its words mean, by the name of the model."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One line a viewer typed or said, or the operator typed."""

    id: str
    author: str
    text: str
    at: float
    language: Language | None = "en"
    """None: a language that the host does not serve."""
    source: Source = Source.VIEWER
    heard: Heard | None = None


class What(StrEnum):
    """What viewers do without words."""

    ENTRY = "entry"
    LIKE = "like"
    FOLLOW = "follow"
    GIFT = "gift"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One thing that a viewer, or several, did."""

    what: What
    viewer: str = ""
    """As the platform calls them; "" where it does not say."""
    count: int = 1


# --- what is known ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str
    """ISO 4217."""


@dataclass(frozen=True, slots=True)
class Quantity:
    amount: Decimal
    unit: str
    """SI symbol ("g", "cm", "L", "W"), "%", "day", "month", "" for a bare count."""


@dataclass(frozen=True, slots=True)
class Span:
    """From *low* to *high*, both included."""

    low: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    """With its zone."""
    zone: str = "UTC"
    """The shop's zone (IANA name), in which it is spoken."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words as the merchant wrote them; several items when it is a list."""

    items: tuple[str, ...]
    language: Language = "en"


Value: TypeAlias = Money | Quantity | Span | Moment | Words | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one product (or of the shop), as the catalog holds it now."""

    id: str
    """Stable while the value changes: what it is about, as "LAMP-01/price"."""
    version: int
    """Grows with each change; a sentence is true of one version."""
    sku: str
    """"" for a fact of the shop as a whole."""
    field: str
    """price, list_price, offer_ends, stock, material, origin, delivery_days, return_days, ... ;
    also the name of its slot in a sentence: ``{price}``."""
    value: Value
    source: str
    """Table and row, or file and line, so that a claim can be traced."""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a sentence rests on, in the version it was true of."""

    fact: str
    version: int


class Topic(StrEnum):
    """What a question plainly asks for, as far as code can tell."""

    PRICE = "price"
    OFFER = "offer"
    STOCK = "stock"
    DELIVERY = "delivery"
    RETURNS = "returns"
    WARRANTY = "warranty"
    MATERIAL = "material"
    ORIGIN = "origin"
    COLOURS = "colours"
    SIZES = "sizes"
    DIMENSIONS = "dimensions"
    WEIGHT = "weight"
    CARE = "care"
    CERTIFICATE = "certificate"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    COMPARE = "compare"
    """The prices of two products: those of the second in fields that begin with ``other_``."""
    WHICH = "which"
    """Several products may be meant: their names, in ``title``, ``title_2`` and ``title_3``."""
    RANGE = "range"
    """What do you sell?"""
    OVERVIEW = "overview"
    """Tell me about this one."""
    FREE = "free"
    """About a product, but no one field."""
    UNKNOWN = "unknown"
    """The catalog knows nothing of it: said as unknown."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product as its card shows it: each value a fact, read from the catalog at that moment."""

    sku: str
    number: int
    """The link number that viewers call it by: "number 3"."""
    title: Fact
    price: Fact | None
    """What is to be paid now."""
    list_price: Fact | None
    """The regular price, where an offer is below it."""
    offer_ends: Fact | None
    stock: Fact | None
    image: Path | None


@dataclass(frozen=True, slots=True)
class Focus:
    """What the show is about right now, so that "it" and "number 3" can be understood."""

    pinned: str | None = None
    spoken_of: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the catalog has to say to one question."""

    topic: Topic
    product: Product | None
    """The one product that the question is about; None for the shop, or when nobody can tell."""
    asked: tuple[Fact, ...] = ()
    """What plainly answers it: spoken first, by a template. Fields are unique among them."""
    context: tuple[Fact, ...] = ()
    """What else the writer may use, *asked* not included. Fields are unique among both."""
    version: int = 0
    """Of the whole catalog, when these were read."""
    aside: bool = False
    """The product is not the one that is shown: the answer has to say its name."""

    def slots(self) -> dict[str, Fact]:
        """Every fact by the name of its slot."""
        return {fact.field: fact for fact in (*self.asked, *self.context)}


# --- what is said ----------------------------------------------------------------------------

Sentence = NewType("Sentence", str)
"""A whole sentence as a model, a template or a person wrote it, with ``{slots}``. Nobody has
checked it: it must not be spoken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to be vetted: as it is shown and, where the voice speaks another language than
    the viewer, as it is spoken. Both rest on the same facts."""

    written: Sentence
    spoken: Sentence | None = None
    """None: spoken as written."""


class Rung(StrEnum):
    """How an utterance came about: the ladder, from the top."""

    FACT = "fact"
    """The asked fact, by a template, before the model says anything."""
    MODEL = "model"
    TEMPLATE = "template"
    """A grounded template in place of a refused or late sentence."""
    PREPARED = "prepared"
    """Sound made before the show."""
    CAPTION = "caption"
    """Only shown: the voice failed."""
    OPERATOR = "operator"
    NOTICE = "notice"
    """That the host is an AI. Cannot be interrupted, skipped or dropped."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence that may be spoken and shown. Only ``agent.rules`` makes one."""

    spoken: str
    """For the ear, in *voice_language*: numbers, units and codes in words."""
    written: str
    """For the eye, in *language*."""
    rung: Rung
    evidence: tuple[Evidence, ...] = ()
    language: Language = "en"
    voice_language: Language = "en"

    @property
    def is_notice(self) -> bool:
        return self.rung is Rung.NOTICE


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence that must not be spoken, the rule that says so, and why."""

    sentence: Sentence
    rule: str
    """Name of the rule: "number_outside_slot", "absolute", ..."""
    reason: str
    instead: Utterance | None = None
    """What facts say of the matter, where they say anything: said in its place."""


Verdict: TypeAlias = Utterance | Refusal


# --- what airs -------------------------------------------------------------------------------

Samples: TypeAlias = NDArray[np.float32]
"""Mono sound in [-1, 1], shape (n,)."""
Image: TypeAlias = NDArray[np.uint8]
"""BGR, shape (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One sound of speech."""

    symbol: str
    """IPA, without stress marks."""
    start: float
    """Seconds from the start of the clause."""
    end: float


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Mono sound at *rate* Hz."""

    samples: Samples
    rate: int
    phones: tuple[Phone, ...] = ()
    """All sounds of the clause that begins with this chunk, timed from this chunk's first sample
    and known before it is played; empty in the clause's later chunks."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """How the mouth stands in one frame."""

    open: float = 0.0
    """0 closed to 1 as wide as a shout."""
    wide: float = 0.0
    """-1 puckered to 1 spread."""
    press: float = 0.0
    """1: lips pressed, as in p, b, m."""
    lip_teeth: float = 0.0
    """1: lower lip at the teeth, as in f, v."""
    tongue: float = 0.0
    """1: tongue seen at the teeth, as in th, l."""
    hush: float = 0.0
    """1: lips pushed forward, as in sh, ch."""


REST = Mouth()


@dataclass(frozen=True, slots=True)
class Cue:
    """What the host does in one frame: 1/fps s of sound, and the mouth that makes it."""

    sound: Samples
    """At the rate of the air, exactly 1/fps s."""
    mouth: Mouth
    utterance: Utterance
    first: bool
    """The first frame of its utterance: the moment its evidence is looked at again."""
    last: bool
    """The last frame of its utterance: a notice counts from here on."""
    silent: bool = False
    """Shown and not heard: the voice failed. Such a notice does not count."""


class Mood(StrEnum):
    """What the host's face says beside her words."""

    PLAIN = "plain"
    WARM = "warm"
    """She greets, or is thanked: a smile."""
    CALM = "calm"
    """Someone is in trouble: no smile, the inner brows a little raised, the head quiet."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the host looks, and where to, in one frame."""

    mood: Mood = Mood.PLAIN
    x: float = 0.0
    """Where she looks to, from her face: -1 the left edge of the picture to 1 the right one."""
    y: float = 0.0
    """-1 its upper edge to 1 its lower one; both 0: the viewer."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on the picture beside the host, in one frame. The label is not a part of it: it is
    always drawn, and last."""

    card: Product | None = None
    caption: str = ""
    asker: str = ""
    """Who asked, while their question is being answered."""
    question: str = ""
    language: Language = "en"
    speaking: bool = False
    mood: Mood = Mood.PLAIN


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and the sound that plays while it shows; the two travel together."""

    number: int
    """Since the show began; picture time is number / fps, sound is cut from the same counter."""
    image: Image
    sound: Samples
    utterance: Utterance | None
    key: bool = False
    """Where it matters that a reader can start here."""


# --- what is told about the show -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the show, for the pages, the record and the evals.

    Kinds and their data (JSON-able values only):
    asked: id, author, text, language, source, kind — a message came in; where it tries something
        on the host also flag (see agent.hostile), and shown, the text that viewers may read
    alert: id, why, author, text — the operator should look: someone may hurt themselves
    dropped: id, reason — it will not be answered: expired, crowded_out, interrupted
    picked: id, author, text, language, source, asked_by=n — its turn begins
    facts: id, topic, sku, facts=[{id, version, field, text}] — what the catalog said
    refused: id, text, rule, reason — a sentence that was not let through
    said: id, text, spoken, language, rung, evidence=[{fact, version}], frame — its first frame airs
    withdrawn: id, text, fact — a sentence that was true when written and no longer as it was to air
    answered: id, times_s={facts, first_sentence, first_audio, first_frame, done}, rungs=[...]
    segment: what=begun|ended, index, round, name, kind, why — the run of show; why it ended: said,
        sold_out, withdrawn, no_offer, skipped
    plan: segments=[{name, kind, sku}], current, step, steps, next, round, paused, over
    pinned: card — see card(); null when what was on show is withdrawn
    cards: version, cards=[card], gone=[sku] — the catalog has changed, or an offer began or ended
    notice: frame, next_due_s — a notice has been played whole
    output: name, place, state=on_air|waiting|ended, error — a platform that the show goes out to
    feed: platform, room, state=connecting|up|silent|down|refused, why — a platform's chat
    taken_over: on
    stopped: by
    stats: once a second; fps, frame, late, skipped, notice_due_s, writer_ready, rungs={rung: n},
        stage_ms, viewers; of the chat's lines unread, offered = picked + dropped={reason: n} +
        queued, untold (by number only), happened={what: n}
    state: the whole of it, for a page that just opened: shop, host, label, card, products=[card],
        taken_over, chat=[asked...], said=[...], stats
    where card = {sku, number, title, price, list_price, offer_ends, stock, image_url}, texts for
    the eye or null.
    """

    kind: str
    at: float
    data: Mapping[str, object] = field(default_factory=dict)
