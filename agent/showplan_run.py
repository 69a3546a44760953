"""Where the run of show is, and what the host says next when nobody asks."""

import contextlib
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from agent import answers
from agent.showplan import Plan, Point, Segment
from agent.showplan_words import Words
from agent.types import Facts, Language, Line, Moment, Product, Quantity, Rung

WARNED_MIN = (30, 10, 5, 2)
"""Minutes before the end of an offer at which the host says how long it still runs."""
MOST_REST = 8
"""Times ``Budget.rest_s``: the longest rest between two rounds that nobody answers to."""
STALE_S = 3600.0
"""Older than this, a place in the plan is not gone back to: the show begins at its opening."""

UNNAMED = ("point", "offer")
"""Beats whose words need not name their product."""

NO_POINT = Point()


class Shelf(Protocol):
    """What the run of show asks of the catalog."""

    def product(self, sku: str) -> Product | None: ...

    def products(self) -> Sequence[Product]: ...


@dataclass(frozen=True, slots=True)
class Beat:
    """One sentence or so that nobody asked for."""

    key: str
    """A moment of prompts/*/plan.txt; "point", or "pitch"."""
    product: Product | None = None
    point: Point = NO_POINT
    segment: Segment | None = None
    lasts_s: float = 0.0
    """How long nothing follows: a question window, a break."""
    rests: bool = False
    """Whether the host answers nobody meanwhile, but whoever asks whether it is real."""
    detour: bool = False
    """Out of turn: the plan's place stays as it is."""
    returns: bool = False
    """Whether another product was spoken of last, which "it" would be taken for."""

    def pictured(self, card: Product) -> Product:
        """*card* with the picture that the plan shows of its product, if it does."""
        picture = self.segment.picture if self.segment else None
        if picture is None or self.product is None or card.sku != self.product.sku:
            return card
        return replace(card, image=picture)

    @property
    def rung(self) -> Rung | None:
        """OPERATOR for a merchant's own words, which are judged as strictly as an operator's."""
        return Rung.OPERATOR if self.point.line else None


class Script:
    """The run of show. Without a plan: a word on the product on show, or on each in turn."""

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        state: Path | None = None,
    ) -> None:
        """*wall*: the time that offers run by. *state*: the file that keeps the place."""
        self.plan = plan
        self.tell: Callable[[str, Mapping[str, object]], None] = lambda kind, data: None
        self.paused = False
        self.over = False
        self._wall = wall
        self._state = state
        self._words = Words()
        self._segment, self._step, self._round = 0, 0, 0
        self._began: int | None = None
        """The segment that was told to have begun."""
        self._due: float | None = None
        self._rest_until = 0.0
        self._chat = False
        """Whether a viewer was answered in this round."""
        self._quiet = 0
        """Rounds in a row that no viewer asked anything in."""
        self._pitched = 0
        self._round_over = False
        self._steps = 0
        """Of the segment that was looked at last."""
        self._looked = False
        self._offers: dict[str, int] = {}
        """Minutes at which an open offer of the plan was last spoken of, by sku."""
        if plan is not None and state is not None:
            self._resume(plan, state)

    # --- when ------------------------------------------------------------------------------

    def due_in(self, now: float, rest_s: float) -> float:
        """Seconds until the next beat; infinite while paused, and after the end."""
        if self.paused or self.over:
            return math.inf
        if self._due is None:
            self._due = now + (rest_s if self.plan is None else 0.0)
        return max(0.0, self._due - now)

    def rests(self, now: float) -> bool:
        """Whether this is a break."""
        return now < self._rest_until

    def answered(self, now: float, rest_s: float) -> None:
        """A viewer was answered: a breath, and the plan goes on where it was."""
        self._chat = True
        self._quiet = 0
        pause = rest_s if self.plan is None else self.plan.pause_s
        self._due = max(self._due or 0.0, now + pause)

    # --- what ------------------------------------------------------------------------------

    def next(self, shelf: Shelf, pinned: str | None) -> Beat | None:
        """What is to be said now; None where there is nothing (everything is sold out, say)."""
        if self.plan is None:
            return self._pitch(shelf, pinned)
        if beat := self._offer_turned(shelf, self.plan):
            return beat
        for _ in range(len(self.plan.segments) + 1):
            if self.over:
                return None
            segment = self.plan.segments[self._segment]
            beats = self._beats(segment, shelf)
            if self._step < len(beats):
                self._tell_begun(segment)
                return self._sold_out(beats[self._step], shelf)
            self._leave("said" if beats else self._why_not(segment, shelf))
        return None

    def said(self, beat: Beat | None, now: float, rest_s: float) -> None:
        """*beat* was said, or could not be: go on to the next."""
        if beat is None or self.plan is None:
            in_a_row = 3 if self.plan is None else 1  # words that nobody answered to
            grown = min(2 ** (self._quiet // in_a_row), MOST_REST)
            self._due = now + rest_s * (1 if self._chat else grown)
            self._quiet += 1
            self._chat = False
            return
        self._due = now + max(self.plan.pause_s, beat.lasts_s)
        self._rest_until = now + beat.lasts_s if beat.rests else 0.0
        if beat.detour or beat.segment is not self.plan.segments[self._segment]:
            return  # or the operator has gone elsewhere meanwhile
        if beat.key == "stock_out":
            self._leave("sold_out")
        else:
            self._step += 1
            if self._step >= self._steps:
                self._leave("said")
        if self._round_over:
            self._round_over = False
            self._quiet = 0 if self._chat else self._quiet + 1
            self._chat = False
            if self._quiet:
                self._due = max(self._due, now + rest_s * min(2 ** (self._quiet - 1), MOST_REST))

    def _pitch(self, shelf: Shelf, pinned: str | None) -> Beat | None:
        products = shelf.products()
        on_show = shelf.product(pinned) if pinned else None
        if on_show is None and products:
            on_show = products[self._pitched % len(products)]
        self._pitched += 1
        return Beat("pitch", on_show) if on_show else None

    def _beats(self, segment: Segment, shelf: Shelf) -> list[Beat]:
        """All that *segment* says; empty where it has nothing to say now."""
        said = [Beat("point", None, point, segment) for point in segment.points]
        match segment.kind:
            case "opening" | "closing":
                beats = said or [Beat(segment.kind, segment=segment)]
            case "questions":
                beats = said or [Beat("questions", segment=segment)]
                beats[-1] = replace(beats[-1], lasts_s=segment.seconds)
            case "break":
                beats = said or [Beat("break", segment=segment)]
                beats[-1] = replace(beats[-1], lasts_s=segment.seconds, rests=True)
                beats.append(Beat("back", segment=segment))
            case _:
                product = shelf.product(segment.sku)
                if product is None or (segment.kind == "offer" and product.offer_ends is None):
                    return []
                first = Beat(segment.kind if segment.kind != "offer" else "product")
                beats = [first, *said] if said else [first, *_usual(segment)]
                beats = [replace(one, product=product, segment=segment) for one in beats]
                if product.offer_ends is not None and (segment.kind == "offer" or not said):
                    beats.append(Beat("offer", product, segment=segment))
        self._steps = len(beats)
        return beats

    def _sold_out(self, beat: Beat, shelf: Shelf) -> Beat:
        """*beat*, or that its product is sold out."""
        if beat.product is None or not _gone(beat.product):
            return beat
        return Beat("stock_out", beat.product, segment=beat.segment)

    def _why_not(self, segment: Segment, shelf: Shelf) -> str:
        return "withdrawn" if shelf.product(segment.sku) is None else "no_offer"

    def _offer_turned(self, shelf: Shelf, plan: Plan) -> Beat | None:
        """That an offer of the plan has opened, will soon end, or is over."""
        first, self._looked = not self._looked, True
        for segment in plan.segments:
            if segment.kind != "offer":
                continue
            product = shelf.product(segment.sku)
            left = minutes_left(product, self._wall()) if product else None
            known = self._offers.get(segment.sku)
            if product is None or _gone(product):
                continue
            if left is None:
                if product.offer_ends is None and known is not None:
                    del self._offers[segment.sku]
                    return Beat("offer_over", product, segment=segment, detour=True)
                continue
            if known is None:
                self._offers[segment.sku] = left
                if not first:  # one that runs as the show begins, or goes on, has not just opened
                    return Beat("offer_opens", product, segment=segment, detour=True)
                continue
            if any(left <= mark < known for mark in WARNED_MIN):
                self._offers[segment.sku] = left
                return Beat("offer_left", product, segment=segment, detour=True)
        return None

    def lines(self, beat: Beat, facts: Facts, language: Language, heard: Language) -> list[Line]:
        """The words of *beat*, to be vetted."""
        if beat.returns and beat.key in UNNAMED:
            told = self.lines(replace(beat, returns=False), facts, language, heard)
            return [*self._words.moment("again", facts, language, heard), *told] if told else []
        if beat.key == "pitch":
            return answers.pitch(facts, language, heard, variety=self._pitched)
        if beat.point.line:
            return self._words.own(beat.point.line)
        if beat.point.fields:
            return self._words.fields(beat.point.fields, facts, language, heard)
        return self._words.moment(beat.key, facts, language, heard)

    def known(self, beat: Beat, facts: Facts) -> Facts:
        """*facts*, and how long the offer still runs: in minutes, and never too few."""
        ends = beat.product.offer_ends if beat.product else None
        left = minutes_left(beat.product, self._wall()) if beat.product else None
        if ends is None or left is None or "offer_left" in facts.slots():
            return facts
        counted = replace(ends, field="offer_left", value=Quantity(Decimal(left), "min"))
        return replace(facts, context=(*facts.context, counted))

    # --- the operator ----------------------------------------------------------------------

    def skip(self) -> None:
        """On to the next segment."""
        if self.plan is not None and not self.over:
            self._leave("skipped")
            self._now()

    def back(self) -> None:
        """To the beginning of this segment; at its beginning, to the one before."""
        if self.plan is None:
            return
        count = len(self.plan.segments)
        if self._step == 0 or self.over:
            self._segment = (self._segment - (0 if self.over else 1)) % count
        self._step, self.over, self._began = 0, False, None
        self._now()

    def pause(self, on: bool) -> None:
        self.paused = on
        self.tell("plan", self.snapshot())

    def change(self, plan: Plan) -> None:
        """Go on by *plan*: in the segment of the same name, where there is one."""
        old = self.plan.segments[self._segment].name if self.plan and not self.over else None
        names = [segment.name for segment in plan.segments]
        if old in names:
            self._segment = names.index(old)
            self._step = min(self._step, len(plan.segments[self._segment].points))
        else:
            self._segment = self._step = 0
        self.plan, self.over, self._began = plan, False, None
        self._now()

    def _now(self) -> None:
        self._due, self._rest_until = 0.0, 0.0
        self.tell("plan", self.snapshot())

    def snapshot(self) -> dict[str, object]:
        """For the pages: the segments, where it is, what is next."""
        segments = self.plan.segments if self.plan else ()
        following: int | None = self._segment + 1
        if following is not None and following >= len(segments):
            following = 0 if self.plan and self.plan.loop and segments else None
        return {
            "segments": [{"name": one.name, "kind": one.kind, "sku": one.sku} for one in segments],
            "current": None if self.over or not segments else self._segment,
            "step": self._step,
            "steps": self._steps,
            "next": following,
            "round": self._round,
            "paused": self.paused,
            "over": self.over,
        }

    # --- going on --------------------------------------------------------------------------

    def _tell_begun(self, segment: Segment) -> None:
        if self._began != self._segment:
            self._began = self._segment
            self.tell("segment", self._told(segment, "begun"))
            self.tell("plan", self.snapshot())

    def _told(self, segment: Segment, what: str) -> dict[str, object]:
        names: dict[str, object] = {"name": segment.name, "kind": segment.kind}
        return {"what": what, "index": self._segment, "round": self._round, **names}

    def _leave(self, why: str) -> None:
        assert self.plan is not None
        segment = self.plan.segments[self._segment]
        self.tell("segment", {**self._told(segment, "ended"), "why": why})
        self._segment, self._step, self._began = self._segment + 1, 0, None
        if self._segment >= len(self.plan.segments):
            self._segment, self._round_over = 0, True
            self._round += 1
            self.over = not self.plan.loop
        self.tell("plan", self.snapshot())

    # --- its place, kept -------------------------------------------------------------------

    def place(self) -> str | None:
        """The place in the plan as JSON; None where none is kept."""
        if self.plan is None or self._state is None:
            return None
        kept = {"segment": self._segment, "step": self._step, "round": self._round}
        mark = {"plan": _mark(self.plan), "at": self._wall().timestamp()}
        return json.dumps({**kept, **mark, "over": self.over, "paused": self.paused})

    def keep(self, place: str) -> None:
        """Write *place* so that a kill leaves the old one or the new one. Blocking; raises
        OSError."""
        assert self._state is not None
        self._state.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._state.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(place)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._state)

    def _resume(self, plan: Plan, state: Path) -> None:
        """Go back to the place that *state* keeps of this plan; a file that cannot be read keeps
        none."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(state.read_text(encoding="utf-8"))
            fresh = 0 <= self._wall().timestamp() - float(kept["at"]) <= STALE_S
            inside = 0 <= int(kept["segment"]) < len(plan.segments)
            if kept["plan"] == _mark(plan) and fresh and inside and not kept["over"]:
                self._segment, self._step = int(kept["segment"]), max(0, int(kept["step"]))
                self._round, self.paused = int(kept["round"]), bool(kept["paused"])


def minutes_left(product: Product, now: datetime) -> int | None:
    """How many minutes the offer of *product* still runs, rounded up to more than there are; None
    without an offer that ends."""
    ends = product.offer_ends
    if ends is None or not isinstance(ends.value, Moment):
        return None
    until = min(ends.value.at, ends.valid_until) if ends.valid_until else ends.value.at
    left = (until - now).total_seconds()
    return int(left // 60) + 1 if left > 0 else None


def _gone(product: Product) -> bool:
    stock = product.stock.value if product.stock else None
    return isinstance(stock, Quantity) and stock.amount <= 0


def _usual(segment: Segment) -> list[Beat]:
    """What is said of a product where the plan names no points."""
    if segment.kind == "offer":
        return []
    fields = [field for field in answers.PITCHED if field not in ("title", "price")]
    return [Beat("point", point=Point((field,))) for field in (*fields, "price")]


def _mark(plan: Plan) -> str:
    return sha256(plan.text.encode()).hexdigest()[:16]
