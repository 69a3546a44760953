"""One case of an eval: what comes in, step by step, and what must, may and must never be said.

The models are what a case file holds (``evals.harness.reading``); a field's description is the
remedy that an error names.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from agent.types import Language


def _listed(raw: object) -> object:
    """One text may stand for a list of one."""
    return (raw,) if isinstance(raw, str) else raw


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
OUTCOMES = (
    "answer",
    "unknown",
    "notice",
    "silence",
    "merged",
    "turned_away",
    "interrupted",
    "refused",
    "talk",
    "order_trouble",
    "complaint",
    "haggle",
    "health",
    "distress",
    "off_topic",
    "personal",
    "rivals",
    "unserved",
)
"""What may become of a line. ``answer``: something was said on facts; ``unknown``: that the shop's
notes do not have it; ``notice``: that the host is an AI; ``silence``: nothing; ``merged``: answered
together with another; ``turned_away``: at the door, with a text for the viewer; ``interrupted``;
``refused``: nothing of the operator's words could be said; ``talk``: greetings, thanks and other
lines without facts; the others are the host's fixed lines, by their keys in prompts/."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Ask(_Strict):
    """A line of a viewer, and what is expected of what follows."""

    ask: str = Field(min_length=1, description="what the viewer writes, in quotes")
    user: str = Field(default="Ann", description="what the viewer is called, in quotes")
    after_s: float = Field(
        default=0.5, ge=0, le=86_400, description="seconds to wait before, as 2.0"
    )
    wait: bool = Field(
        default=True, description="false: go on at once, without waiting for the answer"
    )
    interrupt_at: float | None = Field(
        default=None,
        ge=0,
        description="seconds into the answer at which the next step happens, as 0.8",
    )
    outcome: Texts = Field(
        default=(), description=f"one or several of {', '.join(OUTCOMES)}; or leave it out"
    )
    facts: Texts = Field(
        default=(),
        description='facts that must be said, as ["HP-LAMP/price"], or a field alone: ["price"]',
    )
    about: Texts = Field(
        default=(), description='the only products that facts may be said of, as ["HP-LAMP"]'
    )
    says: Texts = Field(
        default=(), description='a list of texts in quotes that must be said; "a | b": one of them'
    )
    may_say: Texts = Field(
        default=(), description="a list of texts in quotes that are no false claim here"
    )
    never_says: Texts = Field(
        default=(), description="a list of texts in quotes that must not be said"
    )
    reply_language: Language | None = Field(
        default=None,
        description="en, fr or zh; by default that of the viewer's line is not looked at",
    )
    within_s: float | None = Field(
        default=None, gt=0, description="seconds to the first picture of the answer, as 2.0"
    )

    @field_validator("outcome")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in OUTCOMES:
                raise ValueError(f"{name!r} is no outcome; there are {', '.join(OUTCOMES)}")
        return names


class Offer(_Strict):
    name: Name = Field(description="what the shop calls the offer")
    price: Decimal = Field(ge=0, description='the lower price, in quotes: "39.90"')
    begins: datetime | None = Field(default=None, description="a time with its zone")
    ends: datetime | None = Field(default=None, description="a time with its zone")


class Change(_Strict):
    """A change of the catalog, as the staff would make it in the studio. One thing at a time."""

    sku: str = Field(min_length=1, description="the product (or variant) that changes")
    price: Decimal | None = Field(
        default=None, ge=0, description='the new price, in quotes: "44.90"'
    )
    stock: int | None = Field(default=None, ge=0, description="how many there are now, as 0")
    withdrawn: bool = Field(default=False, description="true: the shop sells it no longer")
    offer: Offer | None = Field(default=None, description='as {name: evening, price: "39.90"}')
    end_offer: Name | None = Field(default=None, description="the name of the offer that ends")

    @model_validator(mode="after")
    def _one(self) -> "Change":
        given = [self.price, self.stock, self.withdrawn or None, self.offer, self.end_offer]
        if sum(one is not None for one in given) != 1:
            raise ValueError(
                "give exactly one of price, stock, withdrawn, offer and end_offer; make two "
                "steps of two changes"
            )
        return self


class Changing(_Strict):
    change: Change = Field(description='as {sku: HP-LAMP, price: "44.90"}')
    after_s: float = Field(
        default=0.0, ge=0, le=86_400, description="seconds to wait before, as 2.0"
    )


class Order(_Strict):
    """What the operator does. One thing at a time."""

    pin: str | None = Field(default=None, description="the product that is put on show")
    say: str | None = Field(
        default=None, min_length=1, description="what the host is to say, in quotes"
    )
    stop: bool = Field(default=False, description="true: stop talking, forget who waits")
    take_over: bool | None = Field(
        default=None, description="true: the host answers nobody; false: again"
    )

    @model_validator(mode="after")
    def _one(self) -> "Order":
        given = [self.pin, self.say, self.stop or None, self.take_over]
        if sum(one is not None for one in given) != 1:
            raise ValueError("give exactly one of pin, say, stop and take_over")
        return self


class Operating(_Strict):
    operator: Order = Field(description="as {pin: HP-MUG}, {stop: true}, {say: ...}")
    after_s: float = Field(
        default=0.0, ge=0, le=86_400, description="seconds to wait before, as 2.0"
    )
    never_says: Texts = Field(
        default=(), description="a list of texts in quotes that must not be said"
    )
    outcome: Literal["answer", "refused"] | None = Field(
        default=None, description="of {say: ...}: answer, or refused where it must not be said"
    )


class Resting(_Strict):
    rest_s: float = Field(gt=0, le=86_400, description="seconds in which nobody writes, as 30")


_KINDS = {"ask": "ask", "change": "change", "operator": "operator", "rest_s": "rest_s"}


def _kind(raw: object) -> str | None:
    keys = raw.keys() if isinstance(raw, dict) else vars(raw).keys()
    return next((kind for kind in _KINDS if kind in keys), None)


Step: TypeAlias = Annotated[
    Annotated[Ask, Tag("ask")]
    | Annotated[Changing, Tag("change")]
    | Annotated[Operating, Tag("operator")]
    | Annotated[Resting, Tag("rest_s")],
    Discriminator(_kind),
]


class Case(_Strict):
    """One case, whole."""

    id: Name = Field(description="a name of its own: letters, digits, . _ and -")
    suite: Name = Field(default="own", description="the suite that it is counted in")
    title: str = Field(default="", description="what it is about, in quotes")
    tags: Texts = Field(default=(), description="a list of words to sort by")
    shop: str = Field(
        default="sample", description="sample, magento, brume, or the path of a catalog file"
    )
    language: Language = Field(default="en", description="of the stream: en, fr or zh")
    pinned: str | None = Field(
        default=None, description="the product on show; by default the first"
    )
    now: datetime | None = Field(
        default=None,
        description='the shop\'s time at the start, with its zone: "2026-11-25T12:00:00Z"',
    )
    plan: bool = Field(
        default=False,
        description="true: the host talks when nobody writes, by the sample's run of show",
    )
    opening: bool = Field(
        default=False, description="true: the show begins with its opening notice"
    )
    aside: bool = Field(
        default=False, description="true: kept aside, scored apart, not to be tuned by"
    )
    chat: tuple[Step, ...] = Field(min_length=1, description="a list of steps, each with - before")
    may_say: Texts = Field(
        default=(), description="a list of texts in quotes that are no false claim here"
    )
    never_says: Texts = Field(
        default=(), description="a list of texts in quotes that must not be said"
    )

    @model_validator(mode="after")
    def _complete(self) -> "Case":
        last = self.chat[-1]
        if isinstance(last, Ask) and last.interrupt_at is not None:
            raise ValueError(
                "interrupt_at is on the last step, and nothing follows to interrupt it; add a step"
            )
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError('now has no zone; write it as "2026-11-25T12:00:00Z"')
        return self

    @property
    def asks(self) -> tuple[Ask, ...]:
        return tuple(step for step in self.chat if isinstance(step, Ask))

    @property
    def changes(self) -> bool:
        """Whether the catalog changes on the way, so that no other case may share it."""
        return any(isinstance(step, Changing) for step in self.chat)


class CaseFault(Exception):  # noqa: N818 - what is wrong with a case, for who wrote it
    """A case cannot be played in its shop: says which, and why."""
