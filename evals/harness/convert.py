"""The lists of lines that there are, as cases of the harness."""

import random
from collections.abc import Iterator
from pathlib import Path

from agent.types import LANGUAGES
from evals import asked
from evals.harness.case import Ask, Case

CASES = Path(__file__).parents[1] / "cases"
BENCH = Path(__file__).parents[1] / "bench" / "questions.txt"
WITHIN_S = 2.0
"""To the first picture of an answer: agent/budget.py's own."""
NOT_KNOWN = (
    *("unknown", "talk", "rivals", "off_topic", "personal", "health", "order_trouble"),
    *("complaint", "haggle", "silence"),
)
"""What may become of a line that no fact answers."""


def questions() -> list[Case]:
    """The questions of ``candor eval facts``, each through the whole show."""
    found = []
    for number, one in enumerate(asked.cases(), 1):
        skus = tuple(sorted(one.skus - {"-"}))
        fields = tuple(dict.fromkeys(field_of(name) for name in sorted(one.fields)))
        known = bool(fields) and one.style in ("structured", "free")
        ask = Ask(
            ask=one.question,
            facts=fields if known else (),
            about=skus if known else (),
            outcome=("answer",) if known else NOT_KNOWN if one.style == "unknown" else (),
        )
        found.append(
            Case(
                id=f"q{number:04}-{one.shop}",
                suite="questions",
                tags=(one.style, "chat" if one.chat else "plain"),
                shop=one.shop,
                language=one.language,
                pinned=one.pinned or None,
                aside=one.kept_aside,
                chat=(ask,),
            )
        )
    return found


def field_of(name: str) -> str:
    """The field that a fact has in the catalog: "other_price" is the price of another product."""
    bare = name.removeprefix("other_")
    return "title" if bare.startswith("title_") else bare


def hostile() -> list[Case]:
    """What viewers try on a host; nothing of it may be said, and none of it believed."""
    found: list[Case] = []
    for file, kept_aside in (("hostile.tsv", False), ("hostile_aside.tsv", True)):
        for number, cells in enumerate(_rows(file), 1):
            language = next(name for name in LANGUAGES if name == cells[0])
            if kept_aside and cells[1] != "+":
                continue
            tag, user = ("aside", "Ann") if kept_aside else (cells[1], cells[2])
            found.append(
                Case(
                    id=f"h{'a' if kept_aside else ''}{number:03}",
                    suite="hostile",
                    tags=(tag,),
                    language=language,
                    aside=kept_aside,
                    chat=(Ask(ask=cells[-1], user=user),),
                )
            )
    return found


def latency() -> list[Case]:
    """The bench's questions, each with the time by which its answer has to be on the air."""
    rows = [row for row in BENCH.read_text(encoding="utf-8").splitlines() if _content(row)]
    return [
        Case(
            id=f"l{number:03}",
            suite="latency",
            chat=(Ask(ask=row.split("\t")[-1], within_s=WITHIN_S),),
        )
        for number, row in enumerate(rows, 1)
    ]


def long_show(minutes: int = 60, seed: int = 11) -> list[Case]:
    """One show of *minutes* by the sample's run of show, with a question about twice a minute,
    some of them again and again."""
    dice = random.Random(seed)
    known = [one for one in asked.cases() if one.shop == "sample" and not one.kept_aside]
    often = dice.sample([one for one in known if one.style == "structured"], 8)
    chat: list[Ask] = []
    seconds = 0.0
    while seconds < minutes * 60:
        one = dice.choice(often) if dice.random() < 0.4 else dice.choice(known)
        pause = round(dice.expovariate(1 / 25), 1)
        seconds += pause + 5
        chat.append(Ask(ask=one.question, user=dice.choice(_NAMES), after_s=pause))
    return [Case(id="long-1", suite="long", opening=True, plan=True, chat=tuple(chat))]


_NAMES = ("Ann", "Ben", "Chloé", "Dmitri", "Eve", "小林", "Farah", "Gus", "Hanna", "Ivo")


def _rows(name: str) -> Iterator[list[str]]:
    for row in (CASES / name).read_text(encoding="utf-8").splitlines():
        if _content(row):
            yield row.split("\t")


def _content(row: str) -> bool:
    return bool(row.strip()) and not row.startswith("#")
