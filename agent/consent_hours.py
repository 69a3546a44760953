"""How long a consented face or voice has been on the air, counted from the records of the shows.

Each look at a consent leaves a line ``consent`` in the show's record with the identifiers of the
records that held; one such line stands for the time until the next, which counts whole once
begun. What a show did not record was not on the air with somebody's face: the first look is
written before the first picture.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

EVERY = timedelta(seconds=45)
"""Between two looks at a consent on air. At most 60 s are allowed until face and voice are gone
(rules.md, section 6); a notice that is being spoken when it is found out takes up to 10 s more."""
_LIVE = 2 * EVERY
"""A show whose last look is older has ended, whether it said so or not."""
_SIGN = b'"kind":"consent"'


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of one consent."""

    today: timedelta = timedelta()
    """In the current day, UTC."""
    total: timedelta = timedelta()
    elsewhere: int = 0
    """Other shows that it is on the air in now."""


@dataclass
class Hours:
    """Reads the records of the shows in *folder* (``*/show.jsonl``), each line once."""

    folder: Path
    _read: dict[Path, int] = field(default_factory=dict)
    """Bytes of each record that were counted."""
    _looks: defaultdict[str, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    _last: dict[tuple[str, Path], datetime] = field(default_factory=dict)

    def used(self, record_id: str, now: datetime, own: Path | None = None) -> Used:
        """Of the consent *record_id*, up to *now*; *own*: the record of the show that asks, which
        is no other show. Blocking: reads what was added. Raises OSError."""
        for path in {*self.folder.glob("*/show.jsonl"), *([own] if own else [])}:
            self._follow(path.resolve())
        looks = self._looks[record_id]
        mine = own.resolve() if own else None
        return Used(
            looks[now.date()] * EVERY,
            looks.total() * EVERY,
            sum(
                name == record_id and path != mine and now - at < _LIVE
                for (name, path), at in self._last.items()
            ),
        )

    def _follow(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._read[path] = self._read.get(path, 0) + len(line)
                    if _SIGN in line:
                        self._count(path, line)
        except FileNotFoundError:
            return  # swept away meanwhile, or not begun

    def _count(self, path: Path, line: bytes) -> None:
        try:
            entry = json.loads(line)
            at, data = datetime.fromisoformat(entry["at"]), entry["data"]
            names = [str(name) for name in data["records"]] if data["holds"] else []
            gone = not data["holds"]
        except (ValueError, KeyError, TypeError):
            return  # of an older version, or broken: `candor audit` finds that
        for name in names:
            self._looks[name][at.date()] += 1
            self._last[name, path] = at
        if gone:
            for key in [key for key in self._last if key[1] == path]:
                del self._last[key]
