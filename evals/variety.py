"""How often the host says the same again: three hours of chat, and the wordings of its replies.

    python -m evals.variety [--hours 3] [--model]

A wording is a sentence without its facts: their values, names and numbers are taken out. A viewer
hears a repeat where one of the last ``WITHIN`` sentences had the same wording; the same sentence,
where it was the same word for word.
"""

import argparse
import json
import random
import re
from asyncio import get_running_loop, sleep
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from agent.slots import SlotError, eye
from agent.types import Facts, Language, Utterance
from evals.harness.clock import run_leaping
from evals.offair import booth

WITHIN = 20
"""Sentences that a viewer still has in the ear: some five minutes of a busy show."""
EVERY_S = 12.0
"""Between two lines that are answered."""
VIEWERS = 150
_CASES = Path(__file__).parent / "cases" / "questions.tsv"
_TALK: dict[Language, Sequence[str]] = {
    "en": ("hi everyone", "hello", "thanks!", "lol nice", "love this", "my order never arrived",
           "too expensive", "so disappointed with the quality", "amazon is cheaper",
           "does it sing opera", "will it rain tomorrow", "is it good for eczema"),
    "fr": ("bonjour", "salut tout le monde", "merci", "trop beau", "ma commande n'est pas arrivée",
           "trop cher", "je suis déçue", "c'est moins cher sur amazon", "est-ce qu'elle chante ?"),
    "zh": ("大家好", "你好", "谢谢", "好看", "我的订单还没到", "太贵了", "质量太差了", "淘宝更便宜",
           "它会唱歌吗"),
}  # fmt: skip
_TAILS: dict[Language, str] = {"en": "", "fr": "/fr", "zh": "/zh"}
"""Of the ids of texts in a language."""
_SHARE_OF_TALK = 0.3
"""Of lines that ask for no fact."""
_WORDS = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+(?:['’-][^\W㐀-鿿]+)*")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a reply."""

    text: str
    wording: str
    first: bool
    """The first of its reply."""
    language: Language


def chat(hours: float, seed: int = 11) -> Iterator[tuple[str, str, str]]:
    """Viewer, line, and the product on show: a few things are asked all the time, most seldom."""
    rng = random.Random(seed)
    asked: dict[str, list[str]] = {}
    for line in _CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            own, _, question, *_ = line.split("\t")
            asked.setdefault(own, []).append(question)
    shown = ["HP-LAMP", "HP-MUG", "HP-TEE", "HP-JACKET", "HP-SPEAKER", "HP-THROW"]
    count = round(hours * 3600 / EVERY_S)
    for number in range(count):
        language: Language = rng.choices(tuple(_TALK), (0.6, 0.25, 0.15))[0]
        if rng.random() < _SHARE_OF_TALK:
            text = rng.choice(_TALK[language])
        else:
            known = asked[language]
            text = known[min(int(rng.paretovariate(0.7)) - 1, len(known) - 1)]
        name = f"Viewer{rng.choice('abcdefghijklmno')}{rng.randrange(VIEWERS // 15)}"
        yield name, text, shown[number * len(shown) // count]


def wording(said: Utterance, facts: Facts | None, titles: Sequence[str]) -> str:
    """*said* without its facts."""
    text = said.written
    values = list(titles)
    for fact in facts.slots().values() if facts else ():
        try:
            values.append(eye(fact, said.language))
        except SlotError:
            continue
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = re.sub(re.escape(value), "*", text, flags=re.I)
    return re.sub(r"\d[\d.,:]*", "#", text)


async def replay(hours: float, *, model: bool) -> list[Spoken]:
    """All sentences of a show of so many hours, off the air."""
    found: list[Spoken] = []
    async with booth(model=model) as at:
        titles = [
            eye(fact, language)
            for product in at.show.catalog.products()
            for language, tail in _TAILS.items()
            if (fact := at.show.catalog.current(f"{product.sku}/title{tail}"))
        ]
        began = get_running_loop().time()
        for number, (name, text, shown) in enumerate(chat(hours)):
            await sleep(max(0.0, began + number * EVERY_S - get_running_loop().time()))
            at.desk.pin(shown)
            reply = await at.answer(name, text)
            for place, said in enumerate(reply.said):
                told = wording(said, reply.facts, titles)
                found.append(Spoken(said.written, told, place == 0, said.language))
    return found


def repeats(texts: Sequence[str], within: int = WITHIN) -> float:
    """The share of *texts* that one of the *within* before was already."""
    last: deque[str] = deque(maxlen=within)
    again = 0
    for text in texts:
        again += text in last
        last.append(text)
    return again / max(len(texts), 1)


def scored(found: Sequence[Spoken]) -> dict[str, object]:
    """Repeats and lengths of what was said."""
    first = [len(_WORDS.findall(one.text)) for one in found if one.first and one.language != "zh"]
    return {
        "sentences": len(found),
        "same_sentence_within": {
            str(n): round(repeats([s.text for s in found], n), 3) for n in (5, WITHIN, 100)
        },
        "same_wording_within": {
            str(n): round(repeats([s.wording for s in found], n), 3) for n in (5, WITHIN, 100)
        },
        "wordings": len({s.wording for s in found}),
        "first_sentence_words": {
            "p50": median(first),
            "p90": sorted(first)[int(0.9 * (len(first) - 1))],
            "share_up_to_12": round(sum(n <= 12 for n in first) / len(first), 3),
        },
    }


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--hours", type=float, default=3.0)
    asks.add_argument("--model", action="store_true", help="with the packaged model")
    given = asks.parse_args()
    found = run_leaping(replay(given.hours, model=given.model), timed=False)
    print(json.dumps(scored(found), indent=1))


if __name__ == "__main__":
    main()
