"""A case, put through the whole real show: lines asked, changes made, the end waited for."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from agent.desk import ShowDesk
from agent.loop import run
from agent.ports import Change as CatalogChange
from agent.ports import EndOffer, SetOffer, SetPrice, SetStock, Withdraw
from agent.show import Show
from agent.types import Event, Fact, Source
from catalog.store import Store
from evals.harness.case import Ask, Case, Change, Changing, Operating, Order, Resting
from evals.harness.played import Played, Turn
from evals.harness.stand import Stand

PATIENCE_S = 120.0
"""For one answer to be over; then the case goes on, and the line counts as not answered."""
_TAIL_S = 0.4
"""Of show after the last answer."""


async def play(case: Case, at: Stand) -> Played:
    """Play *case*. Raises CaseFault, CatalogError."""
    played = Played(case)
    async with at.show(case, played) as (show, desk, store):
        clock = asyncio.get_running_loop().time
        began = clock()
        if not case.opening:
            show.notices.played(began)  # it was given just before
        async with asyncio.TaskGroup() as tasks:
            player = _Player(case, show, desk, store, played)
            follower = tasks.create_task(player.follow())
            running = tasks.create_task(run(show))
            await player.perform()
            await asyncio.sleep(_TAIL_S)
            show.ended.set()
            await running
            follower.cancel()
        played.seconds = clock() - began
    return played


class _Player:
    def __init__(
        self, case: Case, show: Show, desk: ShowDesk, store: Store, played: Played
    ) -> None:
        self._case, self._show, self._desk = case, show, desk
        self._store, self._played = store, played
        self._known: dict[tuple[str, int], Fact] = {}
        self._changed = asyncio.Event()
        self._events = show.hub.events()
        self._began = asyncio.get_running_loop().time()
        self._waiting: list[Turn] = []
        self._early: dict[str, list[Event]] = {}
        """Of lines whose id is not known yet."""
        self._operator: Turn | None = None

    async def follow(self) -> None:
        async with aclosing(self._events):
            async for event in self._events:
                self._note(event)
                self._changed.set()

    def _note(self, event: Event) -> None:
        if event.kind == "notice":
            self._played.notices.append(event.at - self._began)
        theirs = event.kind == "picked" and event.data["source"] == Source.OPERATOR.value
        if theirs and self._operator is not None:
            self._operator.id = str(event.data["id"])
        if event.kind in ("facts", "said"):
            rows = event.data["facts" if event.kind == "facts" else "evidence"]
            for row in rows:  # type: ignore[attr-defined]
                self._learn(str(row.get("id") or row["fact"]))
        name = str(event.data.get("id") or "")
        if name and event.kind in ("asked", "dropped") and not self._is_known(name):
            self._early.setdefault(name, []).append(event)  # told before the desk gave its id
            return
        self._played.take(event, self._known)

    def _is_known(self, name: str) -> bool:
        return any(turn.id == name for turn in self._played.turns)

    def _learn(self, name: str) -> None:
        fact = self._store.current(name)
        if fact is not None:
            self._known[(name, fact.version)] = fact

    # --- the steps -------------------------------------------------------------------------

    async def perform(self) -> None:
        if self._case.opening:
            await self._until(lambda: bool(self._played.notices))
        for number, step in enumerate(self._case.chat):
            if isinstance(step, Resting):
                await asyncio.sleep(step.rest_s)
                continue
            await asyncio.sleep(step.after_s)
            if isinstance(step, Ask):
                await self._ask(number, step)
            elif isinstance(step, Changing):
                await self._store.change([catalog_change(step.change)])
            else:
                await self._operate(number, step)
        await self._until(lambda: all(turn.done for turn in self._played.turns))

    async def _ask(self, number: int, step: Ask) -> None:
        turn = Turn(number, step.user, step.ask, step)
        self._played.turns.append(turn)
        try:
            turn.id = await self._desk.ask(step.user, step.ask)
        except ValueError as error:
            turn.door, turn.done = str(error), True
            return
        for event in self._early.pop(turn.id, ()):
            self._played.take(event, self._known)
        if step.interrupt_at is not None:
            await self._until(lambda: bool(turn.said) or turn.done)
            await asyncio.sleep(step.interrupt_at)
        elif step.wait:
            await self._until(lambda: turn.done)

    async def _operate(self, number: int, step: Operating) -> None:
        order: Order = step.operator
        if order.pin is not None:
            self._desk.pin(order.pin)
        elif order.take_over is not None:
            self._desk.take_over(order.take_over)
        elif order.stop:
            self._desk.stop()
        elif order.say is not None:
            turn = self._operator = Turn(number, "operator", order.say, step)
            self._played.turns.append(turn)
            await self._desk.say(order.say, self._case.language)
            await self._until(lambda: turn.done)

    async def _until(self, met: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not met():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return


def catalog_change(change: Change) -> CatalogChange:
    """*change* as the catalog takes it; a case means what it says (``sure``)."""
    if change.price is not None:
        return SetPrice(change.sku, change.price, sure=True)
    if change.offer is not None:
        one = change.offer
        return SetOffer(change.sku, one.name, one.price, one.begins, one.ends, sure=True)
    if change.end_offer is not None:
        return EndOffer(change.sku, change.end_offer)
    if change.withdrawn:
        return Withdraw(change.sku)
    return SetStock(change.sku, change.stock)
