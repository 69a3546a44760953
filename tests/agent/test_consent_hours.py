"""How long a consented face was on the air is counted from the records of the shows alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.consent_hours import EVERY, Hours, Used

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def looks(folder: Path, show: str, *lines: tuple[datetime, dict[str, object]]) -> Path:
    """Lines of consent in the record of *show*, beside others."""
    path = folder / show / "show.jsonl"
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        for at, data in lines:
            for kind, body in (("asked", {}), ("consent", data)):
                line = {"at": at.isoformat(), "data": body, "kind": kind}
                out.write(json.dumps(line, separators=(",", ":")) + "\n")
    return path


def test_hours_are_counted_from_the_records_of_all_shows(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    holds = {"holds": True, "records": ["a", "b"]}
    looks(tmp_path, "old", *((noon - timedelta(days=1), holds) for _ in range(80)))
    own = looks(tmp_path, "own", (noon, holds), (noon + EVERY, holds))
    hours = Hours(tmp_path)
    assert hours.used("a", noon + EVERY, own) == Used(2 * EVERY, 82 * EVERY, 0)
    assert hours.used("nobody", noon, own) == Used()
    other = looks(tmp_path, "other", (noon + EVERY, {"holds": True, "records": ["a"]}))
    assert hours.used("a", noon + EVERY, own) == Used(3 * EVERY, 83 * EVERY, 1)
    assert hours.used("b", noon + EVERY, own).elsewhere == 0
    looks(tmp_path, "other", (noon + EVERY, {"holds": False, "why": "REVOKED"}))
    assert hours.used("a", noon + EVERY, own).elsewhere == 0, "taken off the air there"
    with other.open("a") as out:
        out.write('{"kind":"consent","half')
    assert hours.used("a", noon + EVERY, own).total == 83 * EVERY


def test_a_show_that_ended_is_no_show_beside_this_one(tmp_path: Path) -> None:
    looks(tmp_path, "ended", (NOW, {"holds": True, "records": ["a"]}))
    hours = Hours(tmp_path)
    assert hours.used("a", NOW + EVERY).elsewhere == 1
    assert hours.used("a", NOW + 3 * EVERY).elsewhere == 0
