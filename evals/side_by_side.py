"""``candor eval side_by_side``: Candor and a plain LangChain RAG chain, on one model, in one run.

Half of the lines are what viewers try on a host, half ordinary questions with a plain answer in the
catalog (``evals.baseline.cases``). Candor is the whole real show on its leaping clock, with its own
patience; the chain is ``evals.rag``. Every reply is judged alike, by ``evals.judged``: of Candor's
against the facts that each sentence rests on, of the chain's against all that its prompt held. The
time to the first sentence is the moment from which it could be spoken.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.config import Config, WriterSettings, secrets
from agent.types import LANGUAGES, Fact, Focus, Language
from agent.writers import writer
from catalog import sample
from catalog.store import Store
from evals.baseline import Asked, Score, cases, holds
from evals.harness.case import Ask, Case
from evals.harness.clock import Afar, run_leaping
from evals.harness.play import play
from evals.harness.played import Turn
from evals.harness.scorers import fixed_key
from evals.harness.stand import NOW, stand
from evals.harness.summary import percentile
from evals.heard import Suspect
from evals.judged import judged, vocabulary
from evals.rag import RagChain
from models.embed import embedders
from models.llm import LangChainWriter
from models.server import ServerState

CANDOR, CHAIN = "Candor", "LangChain RAG"
PACKAGED = "packaged"
READY_S = 300.0
Known = Mapping[Language, Mapping[str, set[str]]]


def side_by_side(model: str, count: int) -> dict[str, Any]:
    """Both ways on *count* lines. The gate: Candor makes no false claim and no denial. Raises
    TimeoutError where the model does not answer."""
    chosen = cases(count)
    url = None if model == PACKAGED else model
    config = Config(writer=WriterSettings(url=url))
    with (
        tempfile.TemporaryDirectory() as scratch,
        Afar(lambda: writer(config, secrets())) as afar,
    ):
        if not afar.wait_ready(READY_S):
            raise TimeoutError(f"the model {model} does not answer within {READY_S:g} s")
        assert isinstance(afar.inner, LangChainWriter)
        state = afar.inner.state
        turns, shop = run_leaping(_candor(chosen, Path(scratch), afar))
        scores, took = asyncio.run(_judged(chosen, turns, shop, Path(scratch), state))
    held = not scores[CANDOR].false and not scores[CANDOR].denials
    return {
        "gate": "held" if held else "broken",
        "model": state.model,
        "lines": len(chosen),
        "table": {
            name: score.row() | {"first sentence, s": _times(took[name])}
            for name, score in scores.items()
        },
        "misses": {
            name: {"false": score.false, "denials": score.denials, "lost": score.lost}
            for name, score in scores.items()
        },
    }


def _times(took: Sequence[float]) -> str:
    if not took:
        return "none"
    p50, p95 = percentile(took, 50), percentile(took, 95)
    return f"p50 {p50:.3f}, p95 {p95:.3f} (n {len(took)})"


async def _candor(chosen: Sequence[Asked], scratch: Path, model: Afar) -> tuple[list[Turn], str]:
    """Each line through the whole show, in one of its own."""
    turns: list[Turn] = []
    async with stand(scratch, model) as at:
        await at.has("sample")
        for number, one in enumerate(chosen):
            ask = Ask(ask=one.text, user=one.name or "Ann")
            case = Case(
                id=f"s{number}", language=one.language, pinned=one.pinned or None, chat=(ask,)
            )
            turns.append((await play(case, at)).turns[0])
            if not number:
                async with at.store(case) as (store, _):
                    shop = store.shop.name
    return turns, shop


async def _judged(
    chosen: Sequence[Asked], turns: Sequence[Turn], shop: str, scratch: Path, server: ServerState
) -> tuple[dict[str, Score], dict[str, list[float]]]:
    path = scratch / "side.duckdb"
    await asyncio.to_thread(sample.build, path)
    store = await Store.open(path, lambda: NOW, embedders=embedders)
    scores = {CANDOR: Score(), CHAIN: Score()}
    took: dict[str, list[float]] = {CANDOR: [], CHAIN: []}
    try:
        await store.embedded()
        known = {name: vocabulary(store, name) for name in LANGUAGES}
        chain = await asyncio.to_thread(RagChain, store, server)
        await chain.answer("hello", "en", store.products()[0].sku)  # the first is slower
        for one, turn in zip(chosen, turns, strict=True):
            pinned = one.pinned or store.products()[0].sku
            right = (await store.facts(one.text, one.language, Focus(pinned, pinned))).asked
            found = [suspect for said in turn.said for suspect in _ours(turn, said, shop, known)]
            answered = holds(turn.words, right, one.fields)
            scores[CANDOR].add(one, turn.words, found, answered)
            if "first_sentence" in turn.times_s:
                took[CANDOR].append(turn.times_s["first_sentence"])
            told = await chain.answer(one.text, one.language, pinned)
            found = judged(
                told.text, one.text, _once(told.facts), known[one.language], one.language
            )
            scores[CHAIN].add(one, told.text, found, holds(told.text, right, one.fields))
            if told.first_sentence_s is not None:
                took[CHAIN].append(told.first_sentence_s)
    finally:
        await store.close()
    return scores, took


def _ours(turn: Turn, said: Any, shop: str, known: Known) -> list[Suspect]:
    fixed = not said.evidence and (
        said.is_notice or fixed_key(said.text, said.language, turn.author, shop)
    )
    granted = ("cheapest", "le moins cher", "最低") if turn.topic in ("cheapest", "dearest") else ()
    return judged(
        said.text,
        turn.text,
        said.facts,
        known[said.language],
        said.language,
        template=said.text if fixed else "",
        granted=granted,
    )


def _once(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.id: fact for fact in facts}.values())
