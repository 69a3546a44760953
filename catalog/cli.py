"""``candor catalog load | search | show``: the merchant's commands."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from agent.types import LANGUAGES, Fact, Focus, Language, Moment, Money, Quantity, Span, Words
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import load
from catalog.sample import FOLDER
from catalog.store import Embedders, Store

DEFAULT_DB = Path(".candor/shop.duckdb")


def add_arguments(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``catalog`` to those of ``candor``."""
    parser = subparsers.add_parser("catalog", help="load, search and show the shop's products")
    commands = parser.add_subparsers(dest="catalog_command", required=True)
    loads = commands.add_parser("load", help="load a folder of tables or one CSV; all or nothing")
    loads.add_argument("path", type=Path, nargs="?", default=FOLDER, help="default: sample shop")
    search = commands.add_parser("search", help="what the catalog answers to a question")
    search.add_argument("question")
    search.add_argument("--lang", choices=LANGUAGES, default="en", dest="language")
    search.add_argument("--pinned", help="sku of the product on show")
    search.add_argument("--explain", action="store_true", help="how the question was read")
    show = commands.add_parser("show", help="all facts of a product")
    show.add_argument("sku")
    show.add_argument("--lang", choices=LANGUAGES, default="en", dest="language")
    show.add_argument("--history", action="store_true", help="all that was ever said of it")
    for command in (loads, search, show):
        command.add_argument("--db", type=Path, default=DEFAULT_DB, help=f"default: {DEFAULT_DB}")


def run(args: argparse.Namespace, embedders: Embedders | None = None) -> int:
    """Do what *args* say; gives the exit status: 0, 1 if something was refused, 2 if the catalog
    cannot be used. With *embedders*, search goes by meaning as well as by words."""
    try:
        match args.catalog_command:
            case "load":
                report = load(args.path, args.db)
                _print([str(report)])
                return 0 if report.ok else 1
            case "search":
                return asyncio.run(_search(args, embedders))
            case _:
                return _show(args)
    except BrokenPipeError:  # whoever read has read enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CatalogError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks here
        return 2


async def _search(args: argparse.Namespace, embedders: Embedders | None) -> int:
    store = await Store.open(args.db, embedders=embedders)
    try:
        await store.embedded()
        language: Language = args.language
        facts = await store.facts(args.question, language, Focus(pinned=args.pinned))
        product = facts.product
        lines = [f"topic    {facts.topic}", f"product  {product.sku if product else '-'}"]
        lines += [f"asked    {line}" for line in _facts(facts.asked)]
        lines += [f"context  {line}" for line in _facts(facts.context)]
        if args.explain:
            lines += [f"read as  {line}" for line in store.explain(args.question, language)]
        _print(lines)
    finally:
        await store.close()
    return 0


def _show(args: argparse.Namespace) -> int:
    if args.history:
        with Database(args.db) as database:
            rows = database.history(args.sku)
        if not rows:
            raise CatalogError(f"{args.sku}: there never was such a product")
        _print(
            f"{ver:>6}  {at}  {'withdrawn ' if gone else ''}{part} {key}  {_short(content)}  "
            f"({source})"
            for part, key, content, ver, at, gone, source in rows
        )
        return 0
    store = Store.open_now(args.db)
    try:
        found = store.sheet(args.sku)
    finally:
        store.close_now()
    _print(_facts(found))
    return 0


def _short(content: object) -> str:
    cells = json.loads(str(content))
    return ", ".join(f"{name} {value}" for name, value in cells.items() if value is not None)


def _facts(facts: Iterable[Fact]) -> list[str]:
    return [f"{f.id}  {value(f)}  v{f.version}  ({f.source}){_validity(f)}" for f in facts]


def _validity(fact: Fact) -> str:
    start = f" from {fact.valid_from:%Y-%m-%d %H:%M %Z}" if fact.valid_from else ""
    end = f" until {fact.valid_until:%Y-%m-%d %H:%M %Z}" if fact.valid_until else ""
    return start + end


def value(fact: Fact) -> str:
    """A fact's value for a terminal, as it is in the catalog."""
    match fact.value:
        case Money(amount, currency):
            return f"{amount} {currency}"
        case Quantity(amount, unit):
            return f"{amount.normalize():f} {unit}".strip()
        case Span(low, high, unit):
            return f"{low}-{high} {unit}"
        case Moment(at, zone):
            return f"{at:%Y-%m-%d %H:%M %Z} ({zone})"
        case Words(items):
            return "; ".join(items)
        case bool() as yes:
            return "yes" if yes else "no"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201 - a command speaks here
