"""What an auditor gets of a record: a page, a table, and nothing that was to be forgotten."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from agent.__main__ import main
from agent.ledger import Ledger, verify
from agent.retention import Swept, sweep

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def written(folder: Path, at: datetime = NOON) -> Path:
    """A short record: a notice, a question with a hostile text, its answer, a refusal."""

    async def write() -> None:
        clock: Iterator[datetime] = (at + timedelta(seconds=n) for n in range(99))
        ledger = Ledger(folder / "show.jsonl", lambda: next(clock))
        price = [{"fact": "HP-LAMP/price", "version": 7}]
        await ledger.append("notice", {"frame": 180, "next_due_s": 600})
        await ledger.append(
            "asked", {"id": "a1", "language": "en"}, {"author": "Ann", "text": "<script>x</script>"}
        )
        await ledger.append("refused", {"id": "a1", "rule": "numbers", "reason": "no such fact"})
        await ledger.append(
            "said",
            {
                "id": "a1",
                "frame": 200,
                "rung": "fact",
                "text": "It costs $39.90.",
                "spoken": "It costs.",
                "evidence": price,
            },
        )
        await ledger.append("air", {"frame": 1500, "slates": 0})
        ledger.close()

    asyncio.run(write())
    return folder / "show.jsonl"


def test_the_page_shows_what_was_asked_said_refused_and_on_which_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = written(tmp_path)
    assert main(["audit", str(record), "--export", "html"]) == 0
    page = (tmp_path / "record.html").read_text()
    for wanted in (
        "whole",
        "$39.90",
        "HP-LAMP/price",
        "version 7",
        "no such fact",
        "frame 200",
        "Ann",
    ):
        assert wanted in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page


EVENTS: tuple[tuple[str, dict[str, object], str], ...] = (
    ("consent", {"holds": True, "records": ["0192-ab"]}, "it holds (record 0192-ab)"),
    ("consent", {"holds": False, "why": "REVOKED: by mail"}, "HOLDS: the person has taken it back"),
    ("segment", {"what": "begun", "name": "product LAMP", "round": 0}, "“product LAMP” begins"),
    ("segment", {"what": "ended", "name": "tea", "why": "sold_out"}, "the product is sold out"),
    (
        "refused",
        {"rule": "number_outside_slot", "reason": "'1' is a number and stands in no slot"},
        "a number is said only where your catalog has the same number",
    ),
    ("answered", {"id": "a1", "rungs": ["fact"], "times_s": {"done": 3.21}}, "ended after 3.2 s"),
    ("dropped", {"id": "a1", "reason": "emoji_only"}, "no words in it"),
    ("stopped", {"by": "consent"}, "the built-in host takes over"),
    ("taken_over", {"on": False}, "gave back to the host"),
    ("something_new", {"how": "so"}, "Something new: how: so"),
)


def test_the_page_says_in_words_what_the_record_keeps_as_data(tmp_path: Path) -> None:
    async def write() -> None:
        ledger = Ledger(tmp_path / "show.jsonl", lambda: NOON)
        for kind, data, _ in EVENTS:
            await ledger.append(kind, data)
        ledger.close()

    asyncio.run(write())
    assert main(["audit", str(tmp_path / "show.jsonl"), "--export", "html"]) == 0
    page = (tmp_path / "record.html").read_text()
    for _, _, wanted in EVENTS:
        assert wanted in page
    assert "{" not in page.partition("</style>")[2], "no data in the form of the program"


def test_the_page_tells_of_consent_when_it_changes_and_not_each_minute(tmp_path: Path) -> None:
    looks: list[dict[str, object]] = [{"holds": True, "records": ["01"]}] * 9
    looks.append({"holds": False, "why": "EXPIRED: term.end: agree on a new record"})

    async def write() -> None:
        ledger = Ledger(tmp_path / "show.jsonl", lambda: NOON)
        for look in looks:
            await ledger.append("consent", look)
        ledger.close()

    asyncio.run(write())
    assert main(["audit", str(tmp_path / "show.jsonl"), "--export", "html"]) == 0
    page = (tmp_path / "record.html").read_text()
    assert page.count("it holds (record 01)") == 1
    assert "10; at 12:00:00 it no longer held" in page
    assert "its time is over (EXPIRED" in page


def test_the_page_says_where_a_record_was_changed(tmp_path: Path) -> None:
    record = written(tmp_path)
    record.write_text(record.read_text().replace('"version":7', '"version":8'))
    assert main(["audit", str(record), "--export", "html"]) == 1
    page = (tmp_path / "record.html").read_text()
    assert "BROKEN" in page
    assert "line 4: its content was changed" in page


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_record_answers_queries_in_sql(tmp_path: Path, form: str) -> None:
    record = written(tmp_path)
    out = tmp_path / f"it's.{form}"
    assert main(["audit", str(record), "--export", form, "--out", str(out)]) == 0
    reader = "read_json" if form == "jsonl" else "read_parquet"
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select show_id, text, evidence, frame from {reader}(?) where kind = 'said'",
            [str(out)],
        ).fetchall()
    ((show_id, text, evidence, frame),) = found
    assert (show_id, text, frame) == (tmp_path.name, "It costs $39.90.", 200)
    parsed = json.loads(evidence) if isinstance(evidence, str) else evidence
    assert parsed[0]["version"] == 7


def test_erased_words_are_in_no_export(tmp_path: Path) -> None:
    record = written(tmp_path)
    assert main(["audit", str(record), "--erase-viewer", "Ann", "--export", "html"]) == 0
    page = (tmp_path / "record.html").read_text()
    assert "Ann" not in page
    assert "words erased" in page


def test_viewers_words_go_after_half_a_year_and_the_chain_stays_whole(tmp_path: Path) -> None:
    record = written(tmp_path / "a")
    assert sweep(tmp_path, NOON + timedelta(days=183), 1096, 183) == Swept(0, 0)
    assert sweep(tmp_path, NOON + timedelta(days=184), 1096, 183) == Swept(0, 1)
    assert "Ann" not in record.read_text()
    assert "39.90" in record.read_text()
    assert not list(verify(record))


def test_a_show_goes_after_three_years_and_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    old = written(tmp_path / "old").parent
    (old / "show-001.mp4").write_bytes(b"film")
    kept = written(tmp_path / "kept").parent
    (kept / "contract.pdf").write_bytes(b"somebody's own")
    new = written(tmp_path / "new", NOON + timedelta(days=1000))
    broken = tmp_path / "broken" / "show.jsonl"
    broken.parent.mkdir()
    broken.write_text("?\n")
    assert sweep(tmp_path, NOON + timedelta(days=1100), 1096, 183).shows_deleted == 2
    assert not old.exists()
    assert [file.name for file in kept.iterdir()] == ["contract.pdf"]
    assert new.exists()
    assert broken.exists()
