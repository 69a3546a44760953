"""What the model server saves: ``python -m evals.bench.writer [--rounds N]``.

Each of N real briefings goes to a running model server three times, in turn: as it is, so that the
server has the part that all briefings share; behind a first word that it has never seen, so that it
has nothing; and as it is again, closed after the first piece. Measured, all in one run: seconds to
the first piece with and without the shared part; how many tokens of the prompts it took from its
cache; how long it goes on with a reply that nobody reads any more, beside one that is read to its
end.
"""

import argparse
import asyncio
import json
import re
import secrets as dice
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from agent.config import Config, WriterSettings, secrets
from agent.types import Focus
from agent.writers import writer
from catalog import sample
from catalog.store import Store
from models import briefing
from models.briefing import Briefing
from models.llm import LangChainWriter
from models.server import ServerState

QUESTIONS = (
    "tell me about this", "is it any good?", "what would you say about the mug?",
    "why should I want the jacket", "tell me more about the honey", "and the speaker?",
    "what is nice about the throw", "anything else on the kettle?",
)  # fmt: skip
READY_S = 300.0
_RUNNING = re.compile(r"^vllm:num_requests_running\{[^}]*\} ([0-9.e+]+)", re.M)
_HITS = re.compile(r"^vllm:prefix_cache_hits_total\{[^}]*\} ([0-9.e+]+)", re.M)
_ASKED = re.compile(r"^vllm:prefix_cache_queries_total\{[^}]*\} ([0-9.e+]+)", re.M)


async def briefings() -> list[Briefing]:
    """What the packaged model is told of the sample shop's products."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop.duckdb"
        await asyncio.to_thread(sample.build, shop)
        store = await Store.open(shop)
        try:
            found = []
            for text in QUESTIONS:
                facts = await store.facts(text, "en", Focus("HP-LAMP", "HP-LAMP"))
                told = briefing.brief(text, facts, "en", briefing.Style.FRAMED)
                found += [told] if told else []
            return found
        finally:
            await store.close()


class Server:
    """A model server as one asks it."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        headers = {"Authorization": f"Bearer {state.key}"} if state.key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=60)

    async def first_piece(self, told: Briefing, *, salt: str = "", close: bool = False) -> float:
        """Seconds to the first piece of the reply to *told*; it is read to its end, or closed.
        *salt*: what the prompt begins with instead."""
        messages = [{"role": role, "content": text} for role, text in told.messages]
        messages[0]["content"] = salt + messages[0]["content"]
        body = {
            "model": self._state.model, "messages": messages, "stream": True, "temperature": 0,
            "max_tokens": 64, "structured_outputs": {"regex": told.grammar},
        }  # fmt: skip
        began, first = time.perf_counter(), None
        async with self._client.stream(
            "POST", f"{self._state.url}/chat/completions", json=body
        ) as reply:
            reply.raise_for_status()
            async with aclosing(reply.aiter_lines()) as lines:  # type: ignore[type-var]
                async for line in lines:
                    if not line.startswith("data: {"):
                        continue
                    choices = json.loads(line[6:])["choices"]
                    if first is None and choices and choices[0]["delta"].get("content"):
                        first = time.perf_counter() - began
                        if close:
                            break
        if first is None:
            raise RuntimeError("the model wrote nothing")
        return first

    async def count(self, pattern: re.Pattern[str]) -> float:
        root = self._state.url.removesuffix("/v1")
        found = pattern.search((await self._client.get(f"{root}/metrics")).text)
        return float(found[1]) if found else float("nan")

    async def idle_after(self) -> float:
        """Seconds from now until no reply is being written."""
        began = time.perf_counter()
        while await self.count(_RUNNING) > 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return time.perf_counter() - began

    async def aclose(self) -> None:
        await self._client.aclose()


async def measure(rounds: int) -> dict[str, Any]:
    """Raises TimeoutError where the packaged model is not ready in time."""
    told = await briefings()
    config = Config(writer=WriterSettings())
    times: dict[str, list[float]] = {name: [] for name in ("shared", "new", "whole", "closed")}
    hits = {"shared": 0.0, "new": 0.0}
    asked = dict(hits)
    async with writer(config, secrets()) as made, asyncio.timeout(READY_S + 60 * rounds):
        assert isinstance(made, LangChainWriter)
        while not made.ready:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        server = Server(made.state)
        await server.first_piece(told[0])
        for number in range(rounds):
            one = told[number % len(told)]
            for name in ("shared", "new"):
                before = await server.count(_HITS), await server.count(_ASKED)
                salt = f"{dice.token_hex(4)} " if name == "new" else ""
                times[name].append(await server.first_piece(one, salt=salt))
                hits[name] += await server.count(_HITS) - before[0]
                asked[name] += await server.count(_ASKED) - before[1]
            began = time.perf_counter()
            first = await server.first_piece(one)
            times["whole"].append(time.perf_counter() - began - first)
            await server.first_piece(one, close=True)
            times["closed"].append(await server.idle_after())
        await server.aclose()
    ratios = [new / shared for new, shared in zip(times["new"], times["shared"], strict=True)]
    return {
        "rounds": rounds,
        "first piece, s, prefix known": _told(times["shared"]),
        "first piece, s, prefix new": _told(times["new"]),
        "new beside known, ratio": _told(ratios),
        "prompt tokens from the cache, prefix known": round(hits["shared"] / asked["shared"], 3),
        "prompt tokens from the cache, prefix new": round(hits["new"] / asked["new"], 3),
        "rest of a reply that is read, s": _told(times["whole"]),
        "work on after it was closed, s": _told(times["closed"]),
    }


def _told(values: Sequence[float]) -> str:
    p50, p95 = np.percentile(values, (50, 95))
    return f"p50 {p50:.3f}, p95 {p95:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=24)
    print(json.dumps(asyncio.run(measure(parser.parse_args().rounds)), indent=2))


if __name__ == "__main__":
    main()
