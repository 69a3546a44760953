"""A small invented shop, Harbour & Pine: enough to see a show with, and for the tests."""

from pathlib import Path

from catalog.load import load
from catalog.load.report import Report

FOLDER = Path(__file__).parent
PLAN = FOLDER / "showplan.toml"


def build(db_path: Path) -> Report:
    """Load the sample shop into *db_path*, made where there is none. Blocking, about a second."""
    return load(FOLDER, db_path)
