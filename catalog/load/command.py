"""``candor catalog load``: what is said of a load on the command line, and what it says."""

import argparse
import json
import sys
import time
from pathlib import Path

from catalog.errors import CatalogError
from catalog.load import load
from catalog.load.forms.mapping import ShopHint
from catalog.load.options import Judge, Options, Progress
from catalog.load.report import Report
from catalog.sample import FOLDER

_OFTEN_S = 0.2


def add_arguments(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> argparse.ArgumentParser:
    """Add the command to those of ``candor catalog``."""
    command = commands.add_parser(
        "load",
        help="load a shop's exports; all or nothing",
        description="Load exports (CSV, TSV, XLSX, Parquet, JSON, JSON lines, XML feeds, pages "
        "with JSON-LD), folders of them, or a folder with a shop.json. They are the whole shop: "
        "what they no longer say is withdrawn.",
    )
    command.add_argument(
        "path", type=Path, nargs="*", metavar="PATH", help="default: the sample shop"
    )
    command.add_argument(
        "--partial", action="store_true", help="load what is good although something is refused"
    )
    command.add_argument(
        "--add",
        action="store_true",
        help="stand beside what other files said, rather than be the whole shop",
    )
    command.add_argument("--dry-run", action="store_true", help="report, and store nothing")
    command.add_argument("--mapping", type=Path, metavar="FILE", help="how columns are read (TOML)")
    command.add_argument("--sheet", default="", metavar="NAME", help="of a workbook; the first")
    command.add_argument("--shop-name", default="", metavar="NAME")
    command.add_argument("--currency", default="", metavar="EUR", help="of the prices (ISO 4217)")
    command.add_argument("--market", default="", metavar="FR", help="of the viewers (ISO 3166)")
    command.add_argument("--zone", default="", metavar="Europe/Paris", help="of the times")
    command.add_argument(
        "--report",
        type=Path,
        action="append",
        default=[],
        metavar="OUT",
        help="write the report there, .html or .json; may be given again",
    )
    return command


def run(args: argparse.Namespace, judge: Judge | None) -> int:
    """Load; gives 0, or 1 if something was refused. Raises CatalogError."""
    for path in args.report:
        if path.suffix not in (".html", ".json"):
            raise CatalogError(f"{path}: a report is written as .html or .json")
    options = Options(
        partial=args.partial,
        add=args.add,
        dry_run=args.dry_run,
        mapping=args.mapping,
        sheet=args.sheet,
        shop=ShopHint(args.shop_name, args.zone, args.currency.upper(), args.market.upper()),
    )
    line = _Line()
    try:
        report = load(args.path or FOLDER, args.db, options, line.tell, judge)
    finally:
        line.clear()
    for path in args.report:
        _write(report, path)
    print(report, flush=True)  # noqa: T201 - a command speaks here
    return 0 if report.ok else 1


def _write(report: Report, path: Path) -> None:
    text = (
        report.as_html()
        if path.suffix == ".html"
        else json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CatalogError(f"{path}: the report could not be written: {error.strerror}") from error


class _Line:
    """Progress on one line of a terminal; silent elsewhere."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = 0.0
        self._width = 0

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if not self._shows or now < self._next:
            return
        self._next = now + _OFTEN_S
        of = f" of {progress.total:,}" if progress.total else ""
        what = "rows" if progress.stage == "reading" else "facts"
        text = f"{progress.stage}: {progress.done:,}{of} {what}"
        self._say(f"\r{text:<{self._width}}")
        self._width = len(text)

    def clear(self) -> None:
        if self._width:
            self._say(f"\r{'':<{self._width}}\r")

    def _say(self, text: str) -> None:
        print(text, end="", file=sys.stderr, flush=True)  # noqa: T201 - a command speaks here
