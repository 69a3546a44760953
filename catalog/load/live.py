"""Load a file into the catalog of a running show, which goes on meanwhile."""

from pathlib import Path

from agent.ports import LoadReport, Progress
from catalog.errors import CatalogError
from catalog.store import Store


async def load_while_running(
    store: Store,
    path: Path,
    name: str,
    *,
    partial: bool,
    add: bool,
    dry_run: bool,
    progress: Progress,
) -> LoadReport:
    raise CatalogError(f"{name}: files cannot be loaded yet")
