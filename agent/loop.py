"""The whole show in one file: who runs beside whom, and what happens to one message.

    chat ──┐                                                          ┌─ stage ─ label ─ publisher
    studio ┴ inbox ─ catalog ─ writer ─ sentences ─ rules ─ voice ─ playout

Left of the inbox and right of the playout the show keeps the world's time. Between them runs one
turn at a time, and a turn is nothing but streams, so cancelling it stops all of it.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing
from enum import StrEnum

from agent import cards, tally
from agent.learning import learn
from agent.ledger import LedgerError
from agent.ports import BackendError
from agent.rules import gate, vet
from agent.sentences import sentences
from agent.show import Show
from agent.sound import shown, spoken
from agent.status import card, stats
from agent.streams import ahead
from agent.turns import Turn
from agent.types import (
    REST,
    Cue,
    Evidence,
    Facts,
    Focus,
    Frame,
    Line,
    Refusal,
    Rung,
    Sentence,
    Source,
    Stream,
    Utterance,
)
from agent.understand import Kind

log = logging.getLogger(__name__)

RECORDED = frozenset(
    {
        *("asked", "dropped", "picked", "facts", "refused", "said", "withdrawn", "answered"),
        *(
            "pinned",
            "notice",
            "taken_over",
            "stopped",
            "aired",
            "air",
            "consent",
            "alert",
            "segment",
            "output",
        ),
    }
)
"""The kinds of event that the record keeps."""
FROM_VIEWERS = frozenset({"asked", "picked", "alert"})
WORDS = frozenset({"author", "text", "shown"})
"""The fields of events from viewers that hold what one wrote or is called; erasable. What the host
said stays."""
ON_AIR = ("slates", "late", "skipped", "notices", "withdrawn", "refused")
"""Counts that the record gets once a minute: every frame up to then was looked at for its label,
and "slates" of them had none and were replaced."""
UNASKED = frozenset({Source.OPERATOR, Source.EVENT, Source.SHOW})
"""Whose turns end in silence, and not in "I don't know", where nothing of them may be said."""
LOOK_S = 0.5
"""Between two looks at the run of show while nobody writes: an operator may have moved it."""
_CAPTION_S_PER_CHAR = 0.06
"""Reading time of a caption that is not heard: some 17 characters a second, subtitlers' usage."""


async def run(show: Show) -> None:
    """Run *show* until ``show.ended`` is set. An error that is not a BackendError ends it too."""
    async with asyncio.TaskGroup() as tasks:
        steady = [
            tasks.create_task(host(show), name="host"),
            tasks.create_task(broadcast(show), name="broadcast"),
            tasks.create_task(keep_record(show), name="record"),
            tasks.create_task(tell_stats(show), name="stats"),
            tasks.create_task(cards.follow(show), name="cards"),
            tasks.create_task(show.intake.work(), name="intake"),
        ]
        if show.meanings:
            work = learn(show.inbox, show.meanings, lambda: show.focus.pinned)
            steady.append(tasks.create_task(work, name="learning"))
        await show.ended.wait()
        for task in steady:
            task.cancel()


# --- what the host does next -----------------------------------------------------------------


async def host(show: Show) -> None:
    """The notice when it is due, else the message of the highest rank, else what the run of show
    has next."""
    clock = asyncio.get_running_loop().time
    while True:
        if show.notices.due_in(clock()) <= 0:
            await give_notice(show, show.next_notice())
            continue
        idle_s = show.script.due_in(clock(), show.budget.rest_s)
        if show.taken_over:
            idle_s = LOOK_S
        try:
            async with asyncio.timeout(min(show.notices.due_in(clock()), idle_s, LOOK_S)):
                waiting = await show.inbox.next(show.answers_now)
        except TimeoutError:
            if not show.taken_over and not show.notices.due(clock()):
                await go_on(show)
            continue
        await take_turn(show, Turn(waiting))
        show.script.answered(clock(), show.budget.rest_s)


async def go_on(show: Show) -> None:
    """Say what the run of show has next, where it is time, and keep its place."""
    clock = asyncio.get_running_loop().time
    if show.script.due_in(clock(), show.budget.rest_s) > 0:
        return
    turn = show.pitch()
    if turn is not None:
        product = turn.beat.product if turn.beat and turn.beat.segment else None
        if product is not None and show.focus.pinned != product.sku:
            show.focus = Focus(product.sku, product.sku)
            show.hub.tell("pinned", {"card": card(product, show.language)})
        await take_turn(show, turn)
    show.script.said(turn.beat if turn else None, clock(), show.budget.rest_s)
    if place := show.script.place():
        try:
            await asyncio.to_thread(show.script.keep, place)
        except OSError as error:
            show.stats["place_lost"] += 1
            log.warning("the place in the plan is not kept", extra={"error": str(error)})


class Ended(StrEnum):
    """How a turn came to its end."""

    DONE = "done"
    INTERRUPTED = "interrupted"
    WITHDRAWN = "withdrawn"


async def take_turn(show: Show, turn: Turn) -> None:
    """Answer once; once more if what was true when written was not so when it was to air."""
    show.begin(turn)
    if turn.kind is Kind.IDENTITY:
        await give_notice(show, show.identity_notice(turn.message.language))
    else:
        for _ in range(2):
            show.playout.begin()
            ended = await interruptible(show, answer(show, turn))
            if ended is Ended.WITHDRAWN:
                show.tell_withdrawn()
                continue
            if ended is Ended.INTERRUPTED:
                show.drop(turn.message, "interrupted")
            break
    show.end(turn)


async def interruptible(show: Show, work: Coroutine[None, None, None]) -> Ended:
    """Do *work* until it is done, the operator interrupts, or the air withdraws a sentence."""
    show.interrupted.clear()
    async with asyncio.TaskGroup() as tasks:
        turn = tasks.create_task(work, name="turn")
        stop = tasks.create_task(show.interrupted.wait())
        stale = tasks.create_task(show.playout.withdrawn.wait())
        await asyncio.wait({turn, stop, stale}, return_when=asyncio.FIRST_COMPLETED)
        ended = Ended.DONE
        if turn.cancel():
            ended = Ended.INTERRUPTED if stop.done() else Ended.WITHDRAWN
            show.playout.drop()  # after cancel(): this turn can queue no more
        elif show.playout.withdrawn.is_set():
            ended = Ended.WITHDRAWN  # its only sentence: nothing was left to cancel
        stop.cancel()
        stale.cancel()
    return ended


async def give_notice(show: Show, notice: Utterance) -> None:
    """Say that the host is an AI. Nothing interrupts it; if the voice fails, prepared sound is
    played, and only what was heard to its end counts."""
    show.playout.begin()
    try:
        async with asyncio.timeout(show.budget.first_frame_s) as limit:
            async with ahead(say(show, notice, None), depth=2 * show.fps) as cues:
                async for cue in cues:
                    limit.reschedule(None)
                    await show.playout.play(cue)
    except* (TimeoutError, BackendError) as errors:
        log.warning("the notice fell back to prepared sound", extra={"errors": str(errors)})
        show.playout.forget(notice)
        for cue in show.prepared_notice:
            await show.playout.play(cue)
    await show.playout.drained()


# --- one turn --------------------------------------------------------------------------------


async def answer(show: Show, turn: Turn) -> None:
    """Answer on air, or air a prepared line if no frame is ready in time."""
    queued = False
    try:
        async with asyncio.timeout(show.budget.first_frame_s) as limit:
            facts = await find(show, turn)
            opening = plain(show, turn, facts)
            answered = bool(opening)
            opening += await in_others(show, turn)
            async with (
                ahead(drafts(show, turn, facts, answered), depth=4) as rest,
                ahead(
                    sounds(show, turn, in_order(show, turn, facts, opening, rest)),
                    depth=2 * show.fps,
                ) as cues,
            ):
                async for cue in cues:
                    limit.reschedule(None)  # in time: from here the air sets the pace
                    queued = True
                    await show.playout.play(cue)
    except* (TimeoutError, BackendError) as errors:
        log.warning("turn fell back", extra={"errors": repr(errors.exceptions)})
    silenced = show.notices.silences(asyncio.get_running_loop().time())
    if not queued and not silenced and turn.message.source not in UNASKED:
        for cue in show.prepared_line:
            await show.playout.play(cue)
    await show.playout.drained()


async def find(show: Show, turn: Turn) -> Facts:
    """What the catalog knows of it. Raises BackendError, TimeoutError."""
    spoken_to = turn.kind in (Kind.QUESTION, Kind.CHATTER, Kind.HAGGLE)
    if turn.message.language is None or not spoken_to or (turn.beat and not turn.beat.product):
        facts = show.replies.without_question(turn)
    else:
        async with asyncio.timeout(show.budget.facts_s):
            facts = await show.facts(turn, turn.message.language)
    if turn.beat is not None:
        facts = show.script.known(turn.beat, facts)
    turn.trace.mark("facts")
    for more in turn.more:
        show.tell_facts(turn, more.facts)
    show.tell_facts(turn, facts)
    return facts


def plain(show: Show, turn: Turn, facts: Facts) -> list[Utterance]:
    """What answers it at once, by template: fact first. Empty where only the writer could say."""
    if turn.message.source is Source.OPERATOR:
        return []
    found: list[Utterance] = []
    for one in (facts, *(more.facts for more in turn.more)):
        rung = Rung.FACT if one.asked else Rung.TEMPLATE
        if turn.beat is not None and turn.beat.rung is not None:
            rung = turn.beat.rung
        lines = show.opening(turn, one)
        found += [said for line in lines if (said := judge(show, turn, one, line, rung))]
    if found and (counted := show.count(turn)):
        line, known = counted
        if said := judge(show, turn, known, line, Rung.FACT):
            found.insert(0, said)
    return found


async def in_others(show: Show, turn: Turn) -> list[Utterance]:
    """The plain answer in each other language that the same was asked in: shown, and not said.
    Raises BackendError, TimeoutError."""
    found: list[Utterance] = []
    for language in turn.languages if turn.by_viewer else ():
        async with asyncio.timeout(show.budget.facts_s):
            facts = await show.catalog.facts(turn.text, language, show.focus)
        if not facts.asked or _fields(facts) != _fields(turn.facts):
            continue  # read by itself in that language it would be another answer
        for line in show.replies.shown(turn, facts, language):
            verdict = vet(line, facts, rung=Rung.FACT, language=language, voice_language=language)
            if isinstance(verdict, Refusal):
                show.refuse(turn, verdict)
            else:
                found.append(verdict)
    return found


def _fields(facts: Facts | None) -> set[str]:
    return {fact.field for fact in facts.asked} if facts else set()


def judge(show: Show, turn: Turn, facts: Facts, line: Line, rung: Rung) -> Utterance | None:
    verdict = vet(
        line, facts, rung=rung, language=turn.language, voice_language=show.heard_in(turn.language)
    )
    if isinstance(verdict, Refusal):
        show.refuse(turn, verdict)
        return None
    return verdict


async def drafts(show: Show, turn: Turn, facts: Facts, answered: bool) -> Stream[Utterance]:
    """What the writer (or the operator) adds, sentence by sentence, as far as the gate lets it."""
    operator = turn.message.source is Source.OPERATOR
    if not operator and not show.asks_writer(turn, facts, answered):
        return
    rung = Rung.OPERATOR if operator else Rung.MODEL
    text = _whole(turn.text) if operator else show.writer.write(turn.message, facts)
    named = operator or answered
    gated = gate(
        _lines(sentences(text), None if named else lambda first: show.named(turn, facts, first)),
        facts,
        lambda refusal: show.refuse(turn, refusal),
        rung=rung,
        language=turn.language,
        voice_language=show.heard_in(turn.language),
    )
    try:
        async with aclosing(gated):
            async for utterance in gated:
                yield utterance
    except BackendError as error:  # costs the rest of this answer, not what is being said
        log.warning("the writer failed", extra={"error": str(error)})


async def in_order(
    show: Show, turn: Turn, facts: Facts, opening: list[Utterance], rest: Stream[Utterance]
) -> Stream[Utterance]:
    """The plain answer, then what the writer has ready in time; a template where there is none."""
    clock = asyncio.get_running_loop().time
    until = clock() + show.budget.answer_s
    told: set[Evidence] = set()
    for utterance in opening:
        turn.trace.mark("first_sentence")
        told.update(utterance.evidence)
        yield utterance
        if show.must_yield() and not tally.counts(utterance):
            return
    while clock() < until and not show.must_yield():
        patience = (
            turn.left(clock()) + show.budget.gap_s if turn.began else show.budget.first_sentence_s
        )
        try:
            async with asyncio.timeout(patience):
                utterance = await anext(rest)
        except (TimeoutError, StopAsyncIteration):
            break
        if utterance.evidence and told.issuperset(utterance.evidence):
            continue  # said already
        turn.trace.mark("first_sentence")
        told.update(utterance.evidence)
        yield utterance
    if "first_sentence" not in turn.trace.marks and turn.message.source not in UNASKED:
        for line in show.fallback(turn, facts):
            if said := judge(show, turn, facts, line, Rung.TEMPLATE):
                turn.trace.mark("first_sentence")
                yield said


async def sounds(show: Show, turn: Turn, utterances: Stream[Utterance]) -> Stream[Cue]:
    async with aclosing(utterances):
        async for utterance in utterances:
            async with aclosing(say(show, utterance, turn)) as cues:
                async for cue in cues:
                    turn.trace.mark("first_audio")
                    turn.produced(1 / show.fps, asyncio.get_running_loop().time())
                    yield cue


async def say(show: Show, utterance: Utterance, turn: Turn | None) -> Stream[Cue]:
    """*utterance* as cues, once the record holds it; as a caption only where the voice fails."""
    await show.clear_to_air(utterance, turn)
    begun = False
    if turn is not None and utterance.language != turn.language:  # see in_others
        for cue in captions(show, utterance):
            yield cue
        return
    try:
        async with aclosing(spoken(show.voice, utterance, show.fps, show.rate)) as cues:
            async for cue in cues:
                begun = True
                yield cue
    except BackendError as error:
        if begun or utterance.is_notice:
            raise
        log.warning("the voice failed: caption only", extra={"error": str(error)})
        for cue in captions(show, utterance):
            yield cue


def captions(show: Show, utterance: Utterance) -> Iterator[Cue]:
    """*utterance* for as long as it takes to read."""
    seconds = 1 + _CAPTION_S_PER_CHAR * len(utterance.written)
    yield from shown(utterance, seconds, show.fps, show.rate)


async def _whole(text: str) -> Stream[str]:
    yield text


async def _lines(
    drafted: Stream[Sentence], begin: Callable[[Sentence], Sentence] | None
) -> Stream[Line]:
    """*drafted*, its first sentence as *begin* has it."""
    async with aclosing(drafted):
        async for sentence in drafted:
            yield Line(begin(sentence) if begin else sentence)
            begin = None


# --- the air ---------------------------------------------------------------------------------


async def broadcast(show: Show) -> None:
    """One frame every 1/fps s, for ever: picture, sound, and the label on every one."""
    async with aclosing(show.ticks()) as ticks:
        async for tick in ticks:
            cue = show.playout.next()
            image = await show.draw(show.scene(cue), cue.mouth if cue else REST, tick.number)
            sound = show.room_tone.under(cue.sound if cue else None, tick.number)
            frame = Frame(tick.number, image, sound, cue.utterance if cue else None)
            show.aired(cue, tick, sent=await show.publisher.send(frame))
            show.playout.sent()


async def keep_record(show: Show) -> None:
    """Write down what happened. A record that cannot be written is counted, and shown; nothing
    that makes a claim airs meanwhile (``Show.clear_to_air``)."""
    async with aclosing(show.hub.events()) as events:
        async for event in events:
            if event.kind in RECORDED:
                theirs = WORDS & event.data.keys() if event.kind in FROM_VIEWERS else frozenset()
                data = {name: value for name, value in event.data.items() if name not in theirs}
                words = {name: str(event.data[name]) for name in theirs}
                try:
                    await show.ledger.append(event.kind, data, words)
                except LedgerError as error:
                    show.stats["record_lost"] += 1
                    log.error("the record cannot be written", extra={"error": str(error)})


async def tell_stats(show: Show) -> None:
    """The numbers of the show, every second; what went on the air, every minute for the record."""
    for second in itertools.count():
        found = stats(show)
        show.hub.tell("stats", found)
        if second % 60 == 0:
            show.hub.tell("air", {name: found[name] for name in ("frame", *ON_AIR)})
        await asyncio.sleep(1)
