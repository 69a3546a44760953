"""A sample shop of one's own, at a time one sets."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog import sample
from catalog.store import Store


class WallClock:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def to(self, moment: str) -> None:
        self.now = datetime.fromisoformat(moment)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop, loaded once. Not to be written to."""
    path = tmp_path_factory.mktemp("catalog") / "shop.duckdb"
    assert sample.build(path).ok
    return path


@pytest.fixture
def db(built: Path, tmp_path: Path) -> Path:
    """A copy of the sample shop."""
    return Path(shutil.copy(built, tmp_path / "shop.duckdb"))


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def store(db: Path, clock: WallClock) -> Iterator[Store]:
    opened = Store.open_now(db, clock)
    yield opened
    opened.close_now()
