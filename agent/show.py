"""One show: its parts, its state, and what it tells of itself."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import prompts
from agent import events, tally
from agent.beside import beside
from agent.budget import AIR_RATE, FPS, LATE_FRAMES, Budget
from agent.disclosure import NoticeClock, NoticeOverdueError
from agent.hub import Hub
from agent.inbox import Inbox, Waiting
from agent.intake import Intake, Unread
from agent.ledger import Ledger
from agent.moods import GREETINGS, mood_for
from agent.playout import Playout, Tick, ticks
from agent.ports import Catalog, Meanings, Publisher, Questions, Stage, Voice, Writer
from agent.replies import Replies
from agent.rules import own
from agent.rules.fixed import host_notice
from agent.several import asked
from agent.showplan_run import Script
from agent.slots import eye
from agent.sound import RoomTone
from agent.turns import Turn
from agent.types import (
    ChatMessage,
    Cue,
    Evidence,
    Facts,
    Focus,
    Image,
    Language,
    Line,
    Mood,
    Mouth,
    Product,
    Refusal,
    Rung,
    Scene,
    Sentence,
    Source,
    Stream,
    Topic,
    Utterance,
)
from agent.understand import Kind, Understanding

_WRITER_TOPICS = frozenset({Topic.FREE, Topic.OVERVIEW, Topic.MATERIAL, Topic.CARE, Topic.COLOURS})
"""Where a sentence of the writer adds to the plain answer."""


@dataclass
class Show:
    """Everything one show is made of. ``agent.app`` builds it; tests build it of fakes."""

    shop: str
    catalog: Catalog
    writer: Writer
    voice: Voice
    stage: Stage
    publisher: Publisher
    ledger: Ledger
    labelled: Callable[[Image], bool]
    """Reads the AI label back from a picture."""
    slate: Image
    """Sent in place of a picture whose label cannot be read; labelled itself."""
    pool: Executor
    """One worker: draws the pictures."""
    prepared_notice: Sequence[Cue] = ()
    """The opening notice, spoken before the show: played should the voice fail."""
    prepared_line: Sequence[Cue] = ()
    """A line without any claim, spoken before the show: aired when no answer is ready in time."""
    budget: Budget = field(default_factory=Budget)
    fps: int = FPS
    rate: int = AIR_RATE
    language: Language = "en"
    """Of the stream: its label, its notices, and lines too short to tell."""

    script: Script = field(default_factory=Script)
    """What the host says when nobody asks."""
    questions: Questions | None = None
    """Where questions go that the catalog had no answer to."""
    meanings: Meanings | None = None
    """By which alike questions are found; without, only the same words are alike."""

    focus: Focus = field(default_factory=Focus)
    taken_over: bool = False
    turn: Turn | None = None
    hub: Hub = field(default_factory=Hub)
    stats: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.inbox = Inbox(200, self.budget.stale_s, self.drop)
        self.intake = Intake(self.lost)
        self.playout = Playout(self.fps, self.budget.lead_s, self.untrue)
        self.notices = NoticeClock(self.budget.notice_every_s, self.budget.notice_grace_s)
        self.room_tone = RoomTone(self.rate, self.fps)
        self.replies = Replies(self.shop, self.catalog, kept=self.questions is not None)
        self.air_ms: deque[float] = deque(maxlen=self.fps * 10)
        """What the last pictures took to draw."""
        self.frame = 0
        self._caption: tuple[Utterance, float] | None = None
        self._whole = False
        """Whether all sound of the utterance on air has gone out so far."""
        self._on_air: int | None = None
        """The frame that the utterance on air began with."""
        self._pitched = 0
        self.script.tell = self.hub.tell

    # --- what may be said, and when --------------------------------------------------------

    def answers_now(self, waiting: Waiting) -> bool:
        """Whether the host answers this by itself now: nobody but the operator while taken over,
        and in a break; always whoever asks whether it is real or is in distress."""
        resting = self.script.rests(asyncio.get_running_loop().time())
        return (
            not (self.taken_over or resting)
            or waiting.message.source is Source.OPERATOR
            or waiting.understanding.kind is Kind.IDENTITY
            or (resting and waiting.understanding.kind is Kind.DISTRESS)
        )

    def must_yield(self) -> bool:
        """Whether the answer ends with this sentence: a notice is due, or someone outranks it."""
        unasked = self.turn is not None and self.turn.message.source is Source.SHOW
        return (
            self.notices.due(asyncio.get_running_loop().time())
            or self.inbox.urgent
            or (unasked and len(self.inbox) > 0)
        )

    def untrue(self, utterance: Utterance) -> Evidence | None:
        """The first fact that *utterance* rests on and that no longer holds."""
        for evidence in utterance.evidence:
            if tally.ours(evidence):
                turn = self.turn
                if turn is None or tally.stale(evidence, turn.asked_by, turn.message.id):
                    return evidence
                continue
            if evidence.fact.startswith(own.OWN):
                if own.in_force().stale(evidence):
                    return evidence
                continue
            fact = self.catalog.current(evidence.fact)
            if fact is None or fact.version != evidence.version:
                return evidence
        return None

    def heard_in(self, language: Language) -> Language:
        """The language that a reply in *language* is spoken in."""
        spoken = self.voice.languages
        return language if language in spoken else spoken[0]

    def asks_writer(self, turn: Turn, facts: Facts, answered: bool) -> bool:
        """Whether the model may add to this answer."""
        return (
            self.writer.ready
            and (turn.beat is None or turn.beat.key == "pitch")
            and turn.message.language is not None
            and self.heard_in(turn.language) == turn.language
            and facts.product is not None
            and not turn.more
            and (not answered or facts.topic in _WRITER_TOPICS)
        )

    async def facts(self, turn: Turn, language: Language) -> Facts:
        """What the catalog knows of *turn*, which may go on from the viewer's last question, and
        ask several things. Raises BackendError."""
        if not turn.by_viewer:
            return await self.catalog.facts(turn.text, language, self.focus)
        now = asyncio.get_running_loop().time()

        def ask(text: str, about: Focus) -> Awaitable[Facts]:
            return self.catalog.facts(text, language, about)

        first, *turn.more = await asked(
            turn.text,
            self.replies.focus(turn, self.focus, now),
            lambda text, focus: self.replies.known(turn, text, focus, ask, now),
            shown=self.focus.pinned,
        )
        return beside(turn.text, first.facts, self.catalog.current, language)

    def opening(self, turn: Turn, facts: Facts) -> list[Line]:
        """The lines that answer *turn* at once, by template."""
        heard = self.heard_in(turn.language)
        if turn.beat is not None:
            return self.script.lines(turn.beat, facts, turn.language, heard)
        if turn.event is not None:
            name, wordings = turn.message.author, self.replies.memory.wordings
            return events.thanks(turn.event, name, turn.language, heard, wordings)
        return self.replies.opening(turn, facts, heard, asyncio.get_running_loop().time())

    def count(self, turn: Turn) -> tuple[Line, Facts] | None:
        """How many ask what *turn* answers, where it is worth saying and was not said yet."""
        if turn.kind is not Kind.QUESTION or not turn.by_viewer or turn.message.language is None:
            return None
        if any(tally.counts(said) for said, _ in turn.trace.said):
            return None
        heard, wordings = self.heard_in(turn.language), self.replies.memory.wordings
        return tally.line(turn.asked_by, turn.message.id, turn.language, heard, wordings)

    def fallback(self, turn: Turn, facts: Facts) -> list[Line]:
        """The shortest true answer to *turn*."""
        return self.replies.fallback(turn, facts, self.heard_in(turn.language))

    def named(self, turn: Turn, facts: Facts, first: Sentence) -> Sentence:
        """The writer's *first* sentence, with the name of a product that is not on show."""
        return self.replies.named(facts, first, turn.language)

    def next_notice(self) -> Utterance:
        """The notice that is due: the long one first, then short ones in turn."""
        moment = "start" if self.notices.count == 0 else "reminder"
        return self._notice(moment, self.language)

    def identity_notice(self, language: Language | None) -> Utterance:
        """The answer to "are you real?"."""
        return self._notice("identity", language or self.language)

    def _notice(self, moment: str, language: Language) -> Utterance:
        return host_notice(moment, language, self.heard_in(language), self.shop, self.notices.count)

    def pitch(self) -> Turn | None:
        """A turn that nobody asked for, as the run of show has it; None where it has none."""
        beat = self.script.next(self.catalog, self.focus.pinned)
        if beat is None:
            return None
        if beat.product and self.focus.spoken_of not in (None, beat.product.sku):
            beat = replace(beat, returns=True)
        self._pitched += 1
        text = f"#{beat.product.number}" if beat.product else ""
        now = asyncio.get_running_loop().time()
        message = ChatMessage(f"pitch-{self._pitched}", "", text, now, self.language, Source.SHOW)
        turn = Turn(Waiting(message, Understanding(text, self.language, Kind.QUESTION)))
        turn.beat = beat
        return turn

    # --- the picture -----------------------------------------------------------------------

    def scene(self, cue: Cue | None) -> Scene:
        """What is on the picture beside the host while *cue* airs."""
        now = asyncio.get_running_loop().time()
        if cue:
            self._caption = (cue.utterance, now + self.budget.caption_s)
        elif self._caption and now > self._caption[1]:
            self._caption = None
        said = self._caption[0] if self._caption else None
        message = self.turn.message if self.turn else None
        asked = message and message.source in (Source.VIEWER, Source.VOICE)
        viewer = message if asked else None
        return Scene(
            card=None if self._rests else self._pictured(self._card_of(said) or self.card()),
            caption=said.written if said else "",
            asker=viewer.author if viewer else "",
            question=viewer.text if viewer else "",
            language=said.language if said else self.language,
            speaking=cue is not None and not cue.silent,
            mood=self._mood(said),
        )

    def _mood(self, said: Utterance | None) -> Mood:
        """The face that goes with what is being answered, or with the show's first words."""
        if self.turn is None:
            opening = said is not None and said.is_notice and self.notices.count == 0
            return mood_for(None, greets=opening)
        segment = self.turn.beat.segment if self.turn.beat else None
        asked = None if self.turn.beat else self.turn.kind
        return mood_for(asked, greets=segment is not None and segment.kind in GREETINGS)

    def _pictured(self, card: Product | None) -> Product | None:
        """*card*, with the plan's picture while that is spoken of."""
        beat = self.turn.beat if self.turn else None
        return beat.pictured(card) if beat and card else card

    @property
    def _rests(self) -> bool:
        """Whether nothing is sold for now: someone in distress is being answered."""
        return self.turn is not None and self.turn.kind is Kind.DISTRESS

    def _card_of(self, said: Utterance | None) -> Product | None:
        """The product that is being spoken of, so that no price is heard beside another's card."""
        for item in said.evidence if said else ():
            fact = self.catalog.current(item.fact)
            if fact is not None and fact.sku:
                return self.catalog.product(fact.sku)
        return None

    def card(self) -> Product | None:
        """The product on show, as the catalog has it at this moment."""
        return self.catalog.product(self.focus.pinned) if self.focus.pinned else None

    async def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        """The picture of frame *number*, on the drawing thread; the slate if it has no label."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, self._draw, scene, mouth, number)

    def _draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        start = time.perf_counter()
        image = self.stage.draw(scene, mouth, number)
        if not self.labelled(image):
            self.stats["slates"] += 1
            image = self.slate
        self.air_ms.append((time.perf_counter() - start) * 1000)
        return image

    def ticks(self) -> Stream[Tick]:
        return ticks(self.fps, LATE_FRAMES)

    def aired(self, cue: Cue | None, tick: Tick, *, sent: bool) -> None:
        """The frame of *tick* has gone out with *cue*; unless its sound was not *sent*."""
        number = self.frame = tick.number
        self.stats["frames"] += 1
        self.stats["skipped"] += tick.skipped
        self.stats["late"] += tick.late
        if cue is None or cue.first:  # what was on air was cut off
            self._tell_aired(number - 1, whole=False)
        if cue is None:
            return
        self._whole = sent and not cue.silent and (cue.first or self._whole)
        if cue.first:
            self._on_air = number
            self._tell_said(cue, number)
        if cue.last:
            self._tell_aired(number, whole=self._whole)
        if cue.last and cue.utterance.is_notice and self._whole:
            now = asyncio.get_running_loop().time()
            self.notices.played(now)
            self.hub.tell(
                "notice", {"frame": number, "next_due_s": round(self.notices.due_in(now), 1)}
            )

    def _tell_aired(self, last: int, *, whole: bool) -> None:
        """From which frame to which the last utterance was on air, and whether all of its sound
        was."""
        if self._on_air is not None:
            first, self._on_air = self._on_air, None
            self.hub.tell("aired", {"frame": first, "until": last, "whole": whole})

    def _tell_said(self, cue: Cue, number: int) -> None:
        utterance, rung = cue.utterance, Rung.CAPTION if cue.silent else cue.utterance.rung
        self.rungs[rung.value] += 1
        if self.turn:
            self.turn.trace.mark("first_frame")
            self.turn.trace.said.append((utterance, rung))
        self.hub.tell(
            "said",
            {
                "id": self.turn.message.id if self.turn else None,
                "text": utterance.written,
                "spoken": utterance.spoken,
                "language": utterance.language,
                "rung": rung.value,
                "evidence": evidence(utterance),
                "frame": number,
            },
        )

    # --- what it tells of itself -----------------------------------------------------------

    def begin(self, turn: Turn) -> None:
        self.turn = turn
        message = turn.message
        self.hub.tell(
            "picked",
            {
                "id": message.id,
                "author": message.author,
                "text": message.text,
                "language": message.language,
                "source": message.source.value,
                "asked_by": len(turn.asked_by),
            },
        )

    def end(self, turn: Turn) -> None:
        turn.trace.mark("done")
        self.turn = None
        self.inbox.done()
        self.replies.note(turn, self.focus.pinned, asyncio.get_running_loop().time())
        if self.questions and turn.facts:
            about = turn.facts.product.sku if turn.facts.product else ""
            for question in turn.open_questions:
                self.questions.note(question, turn.language, about, max(1, len(turn.asked_by)))
        self.hub.tell(
            "answered",
            {
                "id": turn.message.id,
                "times_s": {name: round(at, 3) for name, at in turn.trace.marks.items()},
                "rungs": turn.trace.rungs,
            },
        )

    def lost(self, line: Unread, reason: str) -> None:
        """*line* will not be read."""
        self.inbox.count(reason)
        if line.fate is not None:
            line.fate({"what": "dropped", "reason": reason})

    def drop(self, message: ChatMessage, reason: str) -> None:
        self.hub.tell("dropped", {"id": message.id, "reason": reason})

    def refuse(self, turn: Turn, refusal: Refusal) -> None:
        turn.trace.refusals.append(refusal)
        self.stats["refused"] += 1
        self.hub.tell(
            "refused",
            {
                "id": turn.message.id,
                "text": refusal.sentence,
                "rule": refusal.rule,
                "reason": refusal.reason,
                "instead": refusal.instead.written if refusal.instead else None,
            },
        )

    def tell_facts(self, turn: Turn, facts: Facts) -> None:
        turn.facts = facts
        if facts.product:
            self.focus = Focus(self.focus.pinned, facts.product.sku)
        self.hub.tell(
            "facts",
            {
                "id": turn.message.id,
                "topic": facts.topic.value,
                "sku": facts.product.sku if facts.product else None,
                "facts": [
                    {
                        "id": fact.id,
                        "version": fact.version,
                        "field": fact.field,
                        "text": eye(fact, turn.language),
                    }
                    for fact in facts.asked
                ],
            },
        )

    def tell_withdrawn(self) -> None:
        if self.playout.untrue:
            utterance, stale = self.playout.untrue
            self.stats["withdrawn"] += 1
            self.hub.tell(
                "withdrawn",
                {
                    "id": self.turn.message.id if self.turn else None,
                    "text": utterance.written,
                    "fact": stale.fact,
                },
            )

    async def clear_to_air(self, utterance: Utterance, turn: Turn | None) -> None:
        """Put *utterance* into the record, on disk, before any of it can air. Raises
        NoticeOverdueError, LedgerError."""
        if not utterance.is_notice and self.notices.silences(asyncio.get_running_loop().time()):
            raise NoticeOverdueError("the AI notice has to be played first")
        await self.ledger.append(
            "cleared",
            {
                "id": turn.message.id if turn else None,
                "written": utterance.written,
                "spoken": utterance.spoken,
                "rung": utterance.rung.value,
                "evidence": evidence(utterance),
                "prompts": prompts.version(utterance.language),
            },
        )


def evidence(utterance: Utterance) -> list[dict[str, object]]:
    """The evidence of *utterance* for the record and the pages."""
    return [{"fact": item.fact, "version": item.version} for item in utterance.evidence]
