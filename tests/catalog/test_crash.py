"""kill -9 in the middle of 100 updates a second: nothing acknowledged is lost, nothing is half
done, and what is made from the facts is whole again."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from agent.types import Focus, Money, Quantity
from catalog.db import Database
from catalog.store import Store

pytestmark = pytest.mark.real

UPDATES = """
import asyncio, sys
from decimal import Decimal
from pathlib import Path
from agent.ports import SetAnswer, SetPrice, SetStock
from catalog.store import Store

async def main():
    store = await Store.open(Path(sys.argv[1]))
    first = int(sys.argv[2])
    start, clock = asyncio.get_running_loop().time(), asyncio.get_running_loop().time

    async def one(n):
        if n % 25 == 0:
            asked = f"Is zibble {n} fine?"
            change = [SetAnswer("HP-MUG", f"crash-{n}", "en", asked, "Zibble fits.")]
        elif n % 2:  # all sizes and colours at once, and the stock of another product
            price = SetPrice("HP-TEE", Decimal(2000 + n) / 100, sure=True)
            change = [price, SetStock("HP-MUG-S", n)]
        else:
            change = [SetStock("HP-SOAP", n)]
        if n % 5 == 0:
            store.unanswered.note(f"Does it zibble, {n}?", "en", "HP-MUG", 1)
        version = await store.change(change)
        print(n, version, flush=True)

    async with asyncio.TaskGroup() as tasks:
        n = first
        while True:
            tasks.create_task(one(n))
            n += 1
            await asyncio.sleep(max(0, start + (n - first) / 100 - clock()))

asyncio.run(main())
"""


def test_kill_9_loses_nothing_that_was_acknowledged(db: Path) -> None:
    chance = random.Random(7)
    acknowledged: dict[int, int] = {}
    for _ in range(4):
        first = max(acknowledged, default=0) + 1000
        acknowledged |= _killed(db, first, after_s=chance.uniform(0.15, 0.9))
        _look(db, acknowledged, first)


def _killed(db: Path, first: int, after_s: float) -> dict[int, int]:
    """Versions by number of the update, as they were acknowledged until the process was killed,
    *after_s* seconds after the first."""
    with subprocess.Popen(
        [sys.executable, "-c", UPDATES, str(db), str(first)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]
        time.sleep(after_s)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().split("\n")[:-1]
    pairs = (line.split() for line in lines if line.strip())
    return {int(number): int(version) for number, version in pairs}


def _look(db: Path, acknowledged: dict[int, int], first: int) -> None:
    latest = max(acknowledged)
    store = Store.open_now(db)
    try:
        assert store.version >= max(acknowledged.values())
        tee, mug = _number(store, "HP-TEE/price"), _number(store, "HP-MUG/stock/HP-MUG-S")
        # a price that were half done would differ by size, and be no one price
        assert tee * 100 - 2000 == mug, "two changes of one batch are one"
        odd = max((n for n in acknowledged if n % 2 and n % 25), default=0)
        even = max((n for n in acknowledged if n % 2 == 0 and n % 25), default=0)
        assert odd <= mug <= latest + 200
        assert even <= _number(store, "HP-SOAP/stock")
        for number in [n for n in acknowledged if n % 25 == 0 and n >= first]:
            assert store.current(f"HP-MUG/answer/crash-{number}") is not None
        if any(n % 25 == 0 for n in acknowledged):
            found = asyncio.run(store.facts("is zibble fine", "en", Focus("HP-MUG")))
            assert any("crash-" in fact.id for fact in found.asked), "the index is made anew"
        open_questions = store.unanswered.all()
        assert len({question.text for question in open_questions}) == len(open_questions)
        assert all(question.asked == 1 for question in open_questions)
    finally:
        store.close_now()
    with Database(db) as database:
        versions = [int(str(row[3])) for row in database.history("HP-TEE")]
        assert versions == sorted(set(versions)), "no version stands there twice"


def _number(store: Store, name: str) -> Decimal:
    fact = store.current(name)
    assert fact is not None, name
    assert isinstance(fact.value, Money | Quantity)
    return fact.value.amount
