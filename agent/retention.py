"""How long records, recordings and viewers' words are kept, and their end.

Three years for the record: live-commerce rules in China want it that long (Order 117, article 16
and 31: rules.md, CN-5), and claims about what was said on the air can be made for about as long in
the EU and the US. Viewers' words are theirs, and needed for less: half a year, after which nobody
can read them; the host's own words stay.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from agent.ledger import erase_words

KEEP_DAYS = 3 * 365 + 1
WORDS_DAYS = 183
_OURS = ("show.jsonl", "show-*.mp4", "show-*.vtt", "record.html", "record.jsonl", "record.parquet")
"""The files of a show's folder that a show makes. Nothing else is ever deleted."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    shows_deleted: int = 0
    lines_erased: int = 0


def sweep(folder: Path, now: datetime, keep_days: int, words_days: int) -> Swept:
    """Go through the shows in *folder*: delete those that ended more than *keep_days* ago, erase
    viewers' words in those that ended more than *words_days* ago. A record without a readable
    last line is left alone: somebody should look at it. Blocking. Not for a show that is running
    (whose last line is new)."""
    deleted = erased = 0
    for record in sorted(folder.glob("*/show.jsonl")):
        ended = _ended(record)
        if ended is None:
            continue
        if now - ended > timedelta(days=keep_days):
            for pattern in _OURS:
                for file in record.parent.glob(pattern):
                    file.unlink()
            if not any(record.parent.iterdir()):
                record.parent.rmdir()
            deleted += 1
        elif now - ended > timedelta(days=words_days):
            erased += erase_words(record, lambda words: True)
    return Swept(deleted, erased)


def _ended(record: Path) -> datetime | None:
    """When the last line of *record* was written."""
    try:
        with record.open("rb") as file:
            file.seek(max(0, record.stat().st_size - 65_536))
            last = file.read().splitlines()[-1]
        return datetime.fromisoformat(json.loads(last)["at"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
