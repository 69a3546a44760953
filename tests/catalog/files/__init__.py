"""Files as shops and their programs write them, good and bad, and what is read of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog.load.files import LIMITS, Limits, opened
from catalog.load.records import Record
from catalog.load.report import Finding, Report


@dataclass
class Reading:
    """All that came of opening a file and reading it to its end."""

    report: Report
    records: Sequence[Record] = ()
    columns: Sequence[str] = ()
    head: dict[str, object] = field(default_factory=dict)
    opened: bool = False

    @property
    def rows(self) -> list[tuple[int, dict[str, object]]]:
        return [(record.line, dict(record.cells)) for record in self.records]

    @property
    def refusal(self) -> Finding:
        """The one thing that was refused."""
        assert len(self.report.refused) == 1, self.report.refused
        return self.report.refused[0]


def read(path: Path, *, sheet: str = "", limits: Limits = LIMITS) -> Reading:
    report = Report(str(path))
    found = opened(path, report, sheet=sheet, limits=limits)
    if found is None:
        assert report.refusals
        return Reading(report)
    records = list(found.records)
    return Reading(report, records, found.columns, dict(found.head), opened=True)


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
