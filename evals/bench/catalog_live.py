"""How soon a change is on the air, and whether anyone waits for it:
``python -m evals.bench.catalog_live [--products N] [--seconds S] [--out FILE.json]``.

A real catalog on disk, real changes through the API over HTTP at 100 a second from a process of
their own, the real follower of the cards on a real event loop. Measured, in milliseconds: from the
call to its answer; from the call to the new price in the event that the pages are told; from the
call to the first frame at 25 a second that reads it; meanwhile ``current`` (asked on the air's
clock) and ``facts`` (a viewer's question).
"""

import argparse
import asyncio
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path

from agent import cards
from agent.desk import ShowDesk
from agent.publish.preview import Preview
from agent.show import Show
from agent.studio.server import serve
from agent.studio.settings import StudioSettings, address_of, open_port
from agent.types import Focus, Money
from catalog import sample
from catalog.backroom import Backroom
from catalog.load import Options, load
from catalog.store import Store
from tests import fakes

RATE = 100
TOKEN = "a-token-for-the-bench"
PINNED = "HP-SOAP"


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the worst, in ms."""
    ordered = sorted(values)
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    found = {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
        for name, share in at.items()
    }
    return {**found, "count": len(ordered)}


class Watch:
    """When each price was told, and was first read by a frame."""

    def __init__(self) -> None:
        self.seen_told: dict[str, float] = {}
        self.seen_framed: dict[str, float] = {}
        self.told: list[float] = []
        self.framed: list[float] = []
        self.answered: list[float] = []
        self.refused = 0


async def told_of(show: Show, watch: Watch) -> None:
    async with aclosing(show.hub.events()) as events:
        async for event in events:
            if event.kind != "cards":
                continue
            for card in event.data["cards"]:  # type: ignore[attr-defined]
                if card["sku"] == PINNED:
                    watch.seen_told.setdefault(str(card["price"])[1:], time.perf_counter())


async def frames(show: Show, watch: Watch) -> None:
    """What each frame of the air reads of the catalog."""
    async with aclosing(show.ticks()) as ticks:
        async for _ in ticks:
            product = show.card()
            value = product.price.value if product and product.price else None
            if isinstance(value, Money):
                watch.seen_framed.setdefault(str(value.amount), time.perf_counter())


async def reads(store: Store, current: list[float], facts: list[float]) -> None:
    """A fact looked up some hundred times a second, a question asked five times."""
    skus = [product.sku for product in islice(store.products(), 50)]
    chance = random.Random(1)
    while True:
        for _ in range(20):
            begun = time.perf_counter()
            store.current(f"{chance.choice(skus)}/price")
            current.append(time.perf_counter() - begun)
            await asyncio.sleep(0.01)
        begun = time.perf_counter()
        await store.facts("how much is number 3?", "en", Focus(PINNED))
        facts.append(time.perf_counter() - begun)


def drive(base: str, targets: Sequence[str], seconds: float) -> None:
    """RATE changes a second over HTTP, from a process of its own: every tenth is the price on show,
    the rest stock of other things. Prints of each: its price or "-", when it was sent and when it
    was answered (``perf_counter``, one clock for all processes), and the status."""
    local = threading.local()
    host = base.removeprefix("http://")
    begun = time.perf_counter() + 0.2

    def one(number: int) -> str:
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        used = getattr(local, "used", -9.0)
        if time.perf_counter() - used > 3:  # the server hangs up on who is silent for 5 s
            local.link = http.client.HTTPConnection(host, timeout=60)
        local.used = time.perf_counter()
        if number % 10 == 0:
            amount = f"{Decimal(800 + number % 2999) / 100:.2f}"
            path, body = f"{PINNED}/price", {"amount": amount, "sure": True}
        else:
            amount = "-"
            path, body = f"{targets[number % len(targets)]}/stock", {"quantity": number % 1000}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        sent = time.perf_counter()
        local.link.request("PUT", f"/api/catalog/{path}", json.dumps(body), headers)
        answer = local.link.getresponse()
        answer.read()
        return f"{amount} {sent} {time.perf_counter()} {answer.status}"

    with ThreadPoolExecutor(24) as pool:
        for line in pool.map(one, range(round(seconds * RATE))):
            print(line, flush=True)


async def driven(base: str, store: Store, seconds: float, watch: Watch) -> None:
    """Let another process change things, and put its times beside ours."""
    products = list(islice(store.products(), 200))
    names = [
        store.shelf(product.sku).variants[0].row.variant_id
        for product in products
        if product.sku != PINNED
    ]
    given = json.dumps({"base": base, "targets": names, "seconds": seconds})
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __spec__.name, "--drive", given, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await child.communicate()
    await asyncio.sleep(0.5)
    for line in output.decode().splitlines():
        amount, sent, answered, status = line.split()
        watch.answered.append(float(answered) - float(sent))
        watch.refused += status != "200"
        for seen, into in ((watch.seen_told, watch.told), (watch.seen_framed, watch.framed)):
            if amount in seen:
                into.append(seen[amount] - float(sent))


@asynccontextmanager
async def served(store: Store, show: Show, folder: Path) -> AsyncIterator[str]:
    settings = StudioSettings(port=0, token=TOKEN, spool=folder / "uploads")
    listener = open_port(settings)
    backroom = Backroom(store)
    desk = ShowDesk(show, None, store)
    server = asyncio.create_task(
        serve(desk, Preview(), store, settings, listener, backroom=backroom)
    )
    await asyncio.sleep(0.3)
    try:
        yield address_of(listener)
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
        backroom.close()
        listener.close()


async def loading(store: Store, rows: int, folder: Path) -> dict[str, object]:
    """A file of so many products beside what there is, while changes go on."""
    table = folder / "arrivals.csv"
    write_products(table, "Y", rows)
    backroom = Backroom(store)
    stages: dict[str, float] = {}

    def told(stage: str, done: int, total: int) -> None:
        stages.setdefault(stage, time.perf_counter())

    begun = time.perf_counter()
    report = await backroom.load(
        table, table.name, partial=False, add=True, dry_run=False, progress=told
    )
    ended = time.perf_counter()
    backroom.close()
    assert report.ok, report
    return {
        "rows": rows,
        "seconds": round(ended - begun, 1),
        "begins_s": {stage: round(at - begun, 1) for stage, at in stages.items()},
    }


async def measure(path: Path, seconds: float, rows: int) -> dict[str, object]:
    store = await Store.open(path)
    show, _ = fakes.show()
    show.catalog, show.focus = store, Focus(PINNED, PINNED)
    watch = Watch()
    current: list[float] = []
    facts: list[float] = []
    async with served(store, show, path.parent) as base:
        steady = [
            asyncio.create_task(work)
            for work in (
                cards.follow(show),
                told_of(show, watch),
                frames(show, watch),
                reads(store, current, facts),
            )
        ]
        loads = asyncio.create_task(loading(store, rows, path.parent)) if rows else None
        await driven(base, store, seconds, watch)
        loaded = await loads if loads else None
        for task in steady:
            task.cancel()
        await asyncio.gather(*steady, return_exceptions=True)
    commits = store._commits
    found: dict[str, object] = {
        "products": len(store.products()),
        "changes_a_second": RATE,
        "seconds": seconds,
        "refused": watch.refused,
        "answered_ms": quantiles(watch.answered),
        "card_told_ms": quantiles(watch.told),
        "frame_ms": quantiles(watch.framed),
        "current_ms": quantiles(current),
        "facts_ms": quantiles(facts),
        "load": loaded,
        "changes_in_a_transaction": round(commits.changes / max(1, commits.transactions), 1),
    }
    await store.close()
    return found


async def grow(path: Path, products: int) -> None:
    """The sample shop, and so many products more."""
    sample.build(path)
    if not products:
        return
    table = path.with_name("more.csv")
    write_products(table, "X", products)
    report = load(table, path, Options(add=True))
    assert report.ok, report


def write_products(table: Path, prefix: str, count: int) -> None:
    with table.open("w", encoding="utf-8") as file:
        file.write("sku,title,price,currency,stock\n")
        file.writelines(
            f"{prefix}-{n:07},Thing number {n} of oak,{5 + n % 90}.90,USD,{n % 50}\n"
            for n in range(count)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=0, help="beside the sample's fourteen")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--load", type=int, default=0, help="products loaded meanwhile")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--drive", type=json.loads, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.drive:
        drive(**asked.drive)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.duckdb"
        asyncio.run(grow(path, asked.products))
        found = asyncio.run(measure(path, asked.seconds, asked.load))
    text = json.dumps(found, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
