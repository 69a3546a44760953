"""``candor catalog load | search | show``: the merchant's commands."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.types import LANGUAGES, Fact, Focus, Language
from catalog import push_cli, questions_cli
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import command as loading
from catalog.load.options import Judge
from catalog.load.understood import value
from catalog.sheet import Sheet
from catalog.shelf import shelves
from catalog.store import Embedders, Store

DEFAULT_DB = Path(".candor/shop.duckdb")


def add_arguments(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``catalog`` to those of ``candor``."""
    parser = subparsers.add_parser("catalog", help="load, search and show the shop's products")
    commands = parser.add_subparsers(dest="catalog_command", required=True)
    loads = loading.add_arguments(commands)
    search = commands.add_parser("search", help="what the catalog answers to a question")
    search.add_argument("question")
    search.add_argument("--lang", choices=LANGUAGES, default="en", dest="language")
    search.add_argument("--pinned", help="sku of the product on show")
    search.add_argument("--explain", action="store_true", help="how the question was read")
    show = commands.add_parser("show", help="all facts of a product")
    show.add_argument("sku", help="of a product, or shop for the shop's own facts")
    show.add_argument("--lang", choices=LANGUAGES, default="en", dest="language")
    show.add_argument("--history", action="store_true", help="all that was ever said of it")
    show.add_argument(
        "--as-of", metavar="TIME", type=_moment, help="as it was held, and was valid, at this time"
    )
    for command in (loads, search, show):
        command.add_argument("--db", type=Path, default=DEFAULT_DB, help=f"default: {DEFAULT_DB}")
    questions_cli.add_arguments(commands, DEFAULT_DB)
    push_cli.add_arguments(commands)


def run(
    args: argparse.Namespace, embedders: Embedders | None = None, judge: Judge | None = None
) -> int:
    """Do what *args* say; gives the exit status: 0, 1 if something was refused, 2 if the catalog
    cannot be used. With *embedders*, search goes by meaning as well as by words; with *judge*, a
    load says which texts the host will never speak."""
    try:
        match args.catalog_command:
            case "load":
                return loading.run(args, judge)
            case "questions":
                _print(questions_cli.run(args, judge))
                return 0
            case "push":
                status, lines = push_cli.run(args)
                _print(lines)
                return status
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
    with Database(args.db) as database:
        sku = "" if args.sku == "shop" else args.sku
        if sku and not database.said(sku):
            sku = database.owner(sku)
        at = args.as_of or datetime.now(UTC)
        lines = _history(database, sku) if args.history else _as_of(database, sku, at)
    if not lines:
        raise CatalogError(f"{args.sku}: there never was such a product")
    _print(lines)
    return 0


def _history(database: Database, sku: str) -> list[str]:
    """All that was ever said, oldest first; each line with its version, its time and its place."""
    return [
        f"{ver:>6}  {at:%Y-%m-%d %H:%M:%S %Z}  {'withdrawn ' if gone else ''}{part} {key}  "
        f"{_short(content)}  ({source})"
        for part, key, content, ver, at, gone, source in database.history(sku)
    ]


def _as_of(database: Database, sku: str, at: datetime) -> list[str]:
    """The facts that the host would have had at a moment: of what was held then, what was valid."""
    skus = {sku, ""}
    shop, by_sku = shelves(database.holding(at, skus), database.withdrawals([sku]))
    if shop is None or sku not in by_sku:
        if not database.said(sku):
            return []
        raise CatalogError(f"{sku or 'shop'}: nothing was held of it at {at:%Y-%m-%d %H:%M:%S %Z}")
    said = tuple(one for one in database.said(sku) if one.at <= at)
    shelf = replace(by_sku[sku], said=said)
    return _facts(Sheet(shelf, shop, at).collect().values())


def _moment(text: str) -> datetime:
    """An ISO time; one without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-25T20:00") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _short(content: object) -> str:
    cells = json.loads(str(content))
    return ", ".join(f"{name} {value}" for name, value in cells.items() if value is not None)


def _facts(facts: Iterable[Fact]) -> list[str]:
    return [f"{f.id}  {value(f)}  v{f.version}  ({f.source}){_validity(f)}" for f in facts]


def _validity(fact: Fact) -> str:
    start = f" from {fact.valid_from:%Y-%m-%d %H:%M %Z}" if fact.valid_from else ""
    end = f" until {fact.valid_until:%Y-%m-%d %H:%M %Z}" if fact.valid_until else ""
    return start + end


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201 - a command speaks here
