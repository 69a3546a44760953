"""Questions that stay open are kept, counted, merged and bounded; the show never waits for it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ports import Questions
from catalog import unanswered
from catalog.db import Database
from catalog.unanswered import LONGEST, Unanswered, Vector
from tests.catalog.conftest import WallClock


@pytest.fixture
def database(db: Path) -> Iterator[Database]:
    with Database(db) as opened:
        yield opened


@pytest.fixture
def book(database: Database, clock: WallClock) -> Iterator[Unanswered]:
    opened = Unanswered(database, clock)
    yield opened
    opened.close()


def noted(book: Unanswered, *texts: str, sku: str = "HP-MUG") -> list[tuple[str, int]]:
    for text in texts:
        book.note(text, "en", sku)
    book.settle()
    return [(question.text, question.asked) for question in book.all()]


def test_it_is_what_a_show_notes_questions_in(book: Unanswered) -> None:
    port: Questions = book
    port.note("Is it heavy?", "en", "", 3)
    book.settle()
    assert [(q.text, q.asked) for q in book.all()] == [("Is it heavy?", 3)]


def test_the_same_question_counts_up_whatever_its_case_and_marks(book: Unanswered) -> None:
    assert noted(
        book, "Does it fit a car?", "does it fit a car", "DOES IT FIT A CAR???", "Heavy?"
    ) == [
        ("Does it fit a car?", 3),
        ("Heavy?", 1),
    ]


def test_the_same_words_about_another_product_are_another_question(book: Unanswered) -> None:
    noted(book, "Is it heavy?")
    assert len(noted(book, "Is it heavy?", sku="HP-LAMP")) == 2


def test_other_words_of_the_same_meaning_are_one_question(
    database: Database, clock: WallClock
) -> None:
    def meaning(text: str, language: str) -> Vector | None:
        angle = 0.0 if "car" in text else 1.2
        return np.array([np.cos(angle), np.sin(angle)], np.float32)

    book = Unanswered(database, clock, meaning)
    told = noted(book, "Does it fit my car?", "will that go in a car holder", "is it heavy")
    assert told == [("Does it fit my car?", 2), ("is it heavy", 1)]
    book.close()


def test_questions_are_there_when_the_catalog_is_opened_again(
    database: Database, clock: WallClock
) -> None:
    first = Unanswered(database, clock)
    noted(first, "Is it heavy?", "Is it heavy?", "Is it loud?")
    first.close()
    again = Unanswered(database, clock)
    assert noted(again, "is it heavy") == [("Is it heavy?", 3), ("Is it loud?", 1)]
    (loud,) = [q for q in again.all() if "loud" in q.text]
    assert again.dismiss(loud.id)
    assert not again.dismiss(loud.id)
    again.close()
    last = Unanswered(database, clock)
    assert [q.text for q in last.all()] == ["Is it heavy?"]
    last.close()


def test_what_nobody_asks_any_more_goes(book: Unanswered, clock: WallClock) -> None:
    noted(book, "Is it heavy?")
    clock.later(days=20)
    noted(book, "Is it loud?")
    clock.later(days=11)
    assert [q.text for q in book.all()] == ["Is it loud?"]
    assert noted(book, "Is it red?") == [("Is it red?", 1), ("Is it loud?", 1)]
    assert book.losses["expired"] == 1


def test_the_list_is_bounded_and_the_least_asked_go(
    book: Unanswered, clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "MOST", 3)
    noted(book, "one?", "one?")
    for text in ("two?", "three?", "four?", "five?"):
        clock.later(seconds=1)
        noted(book, text)
    assert [q.text for q in book.all()] == ["one?", "five?", "four?"]
    assert book.losses["crowded_out"] == 2


def test_a_flood_is_dropped_and_counted_and_nobody_waits(
    database: Database, clock: WallClock
) -> None:
    go = threading.Event()

    def slow(text: str, language: str) -> Vector | None:
        go.wait(10)
        return None

    book = Unanswered(database, clock, slow)
    for number in range(1000):
        book.note(f"question {number}?", "en", "")
    assert book.losses["flood"] == 1000 - unanswered.WAITING
    go.set()
    book.close()
    book.note("after the end?", "en", "")
    assert book.losses["flood"] == 1001 - unanswered.WAITING


def test_what_points_to_a_person_is_not_kept(book: Unanswered) -> None:
    told = noted(book, "Mail me at ann@example.org or call +33 6 12 34 56 78 https://x.example/a?")
    assert [text for text, _ in told] == ["Mail me at … or call … …"]


@given(st.text(max_size=3000))
def test_any_text_is_kept_short_and_plain(text: str) -> None:
    cleaned = unanswered._clean(text)
    assert len(cleaned) <= LONGEST
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & {"\n", "\x00", "\u202e"}
