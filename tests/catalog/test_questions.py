"""Which facts the sample shop answers with, in three languages and as live chat writes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.types import LANGUAGES, Facts, Focus, Language, Topic
from catalog.store import Store
from models.embed import embedders


@dataclass(frozen=True)
class Case:
    language: Language
    pinned: str | None
    question: str
    skus: tuple[str | None, ...]
    """Of which product; of a comparison both, either first."""
    topic: Topic
    fields: tuple[str, ...]
    chat: bool


def cases() -> list[Case]:
    found = []
    for line in (
        (Path(__file__).parents[2] / "evals" / "cases" / "questions.tsv")
        .read_text("utf-8")
        .splitlines()
    ):
        if line.startswith("#"):
            continue
        own, pinned, question, sku, topic, fields, style = line.split("\t")
        language = next(known for known in LANGUAGES if known == own)
        found.append(
            Case(
                language,
                pinned or None,
                question,
                tuple(None if one == "-" else one for one in sku.split("|")),
                Topic(topic),
                tuple(fields.split()),
                style == "chat",
            )
        )
    return found


CASES = cases()


@pytest.fixture(scope="module")
def answers(built: Path) -> dict[Case, Facts]:
    """What a store that knows meanings answers to every case."""

    async def ask() -> dict[Case, Facts]:
        store = await Store.open(built, embedders=embedders)
        try:
            assert await store.embedded()
            return {
                case: await store.facts(case.question, case.language, Focus(case.pinned))
                for case in CASES
            }
        finally:
            await store.close()

    return asyncio.run(ask())


@pytest.mark.real
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.pinned} {case.question}")
def test_a_question_gets_its_facts(case: Case, answers: dict[Case, Facts]) -> None:
    facts = answers[case]
    sku = facts.product.sku if facts.product else None
    assert sku in case.skus
    assert (facts.topic, tuple(fact.field for fact in facts.asked)) == (case.topic, case.fields)


@pytest.mark.real
def test_no_question_gets_a_fact_of_another_product(answers: dict[Case, Facts]) -> None:
    for case, facts in answers.items():
        skus = {fact.sku for fact in (*facts.asked, *facts.context)} - {""}
        assert skus <= set(case.skus), case.question


@pytest.mark.real
def test_fields_are_unique_and_few(answers: dict[Case, Facts]) -> None:
    for case, facts in answers.items():
        fields = [fact.field for fact in (*facts.asked, *facts.context)]
        assert len(fields) == len(set(fields)), case.question
        assert len(facts.context) <= 15


def test_a_third_of_the_questions_are_written_as_in_live_chat() -> None:
    assert len(CASES) >= 90
    assert sum(case.chat for case in CASES) >= len(CASES) / 3


STRUCTURED = [
    case for case in CASES if "answer" not in case.fields and case.topic is not Topic.FREE
]


def test_structured_questions_need_no_embedding_model(store: Store) -> None:
    async def ask() -> list[str]:
        missed = []
        for case in STRUCTURED:
            facts = await store.facts(case.question, case.language, Focus(case.pinned))
            sku = facts.product.sku if facts.product else None
            right = sku in case.skus and facts.topic == case.topic
            if not right and case.topic is not Topic.OVERVIEW:
                missed.append(case.question)
        return missed

    assert asyncio.run(ask()) == []


async def ask(store: Store, question: str, focus: Focus, language: Language = "en") -> Facts:
    return await store.facts(question, language, focus)


def test_it_is_the_pinned_product_before_the_one_just_spoken_of(store: Store) -> None:
    focus = Focus(pinned="HP-LAMP", spoken_of="HP-MUG")
    facts = asyncio.run(ask(store, "how much is it?", focus))
    assert facts.product is not None
    assert facts.product.sku == "HP-LAMP"


def test_it_is_the_one_just_spoken_of_where_nothing_is_pinned(store: Store) -> None:
    facts = asyncio.run(ask(store, "how much is it?", Focus(spoken_of="HP-MUG")))
    assert facts.product is not None
    assert facts.product.sku == "HP-MUG"


@pytest.mark.parametrize(
    ("line", "language"), [("is the last one in stock?", "en"), ("上一个还有货吗", "zh")]
)
def test_the_last_one_is_the_one_just_spoken_of(
    store: Store, line: str, language: Language
) -> None:
    focus = Focus(pinned="HP-LAMP", spoken_of="HP-MUG")
    facts = asyncio.run(ask(store, line, focus, language))
    assert facts.product is not None
    assert facts.product.sku == "HP-MUG"


def test_facts_are_in_the_viewer_s_language_where_the_shop_wrote_them(store: Store) -> None:
    facts = asyncio.run(ask(store, "c'est en quelle matière ?", Focus("HP-LAMP"), "fr"))
    assert facts.asked[0].value.items == ("chêne massif", "lin")  # type: ignore[union-attr]
    assert facts.asked[0].id == "HP-LAMP/material/fr"
    assert store.current("HP-LAMP/material/fr") == facts.asked[0]


@pytest.mark.parametrize(
    "line",
    ["", " ", "?!", "🔥🔥🔥", "a" * 10_000, "号" * 3000, "\0\u202e\u200b", "<b>price</b>",
     "' or 1=1 --",
     "0号", "link 0", "#99999999", "link " + "9" * 500, "，，，", "le le le le", "第一百二十三个"],
)  # fmt: skip
def test_nonsense_gets_an_answer_of_no_other_product(store: Store, line: str) -> None:
    facts = asyncio.run(ask(store, line, Focus("HP-LAMP")))
    assert facts.product is None or facts.product.sku == "HP-LAMP"


def test_a_focus_on_what_is_gone_is_no_focus(store: Store) -> None:
    facts = asyncio.run(ask(store, "how much is it?", Focus("GONE-1")))
    assert facts.topic is Topic.UNKNOWN
    assert facts.product is None
