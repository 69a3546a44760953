"""``candor catalog questions``: what viewers asked and the catalog did not know, between shows."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

from agent.ports import SetAnswer
from agent.types import LANGUAGES
from catalog.errors import CatalogError
from catalog.load.options import Judge
from catalog.store import Store
from catalog.unanswered import Question


def add_arguments(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", db: Path
) -> None:
    """Add the command to those of ``candor catalog``. *db*: the catalog if none is named."""
    questions = commands.add_parser(
        "questions", help="what viewers asked and the catalog did not know; answer it"
    )
    act = questions.add_mutually_exclusive_group()
    act.add_argument("--answer", nargs=2, metavar=("ID", "TEXT"), help="becomes an approved fact")
    act.add_argument("--dismiss", metavar="ID", help="it wants no answer")
    questions.add_argument("--lang", choices=LANGUAGES, help="of the answer; by default as asked")
    questions.add_argument("--sku", help='the product it is about; "" for the whole shop')
    questions.add_argument("--json", action="store_true")
    questions.add_argument("--db", type=Path, default=db, help=f"default: {db}")


def run(args: argparse.Namespace, judge: Judge | None = None) -> list[str]:
    """Do what *args* say; gives the lines to print. *judge*: why the host would never say a text.
    Raises CatalogError."""
    store = Store.open_now(Path(args.db))
    try:
        if args.answer:
            return [_answer(store, args, judge)]
        if args.dismiss:
            if not store.unanswered.dismiss(args.dismiss):
                raise CatalogError(f"{args.dismiss}: there is no such question")
            return [f"{args.dismiss} dismissed"]
        found = store.unanswered.all()
    finally:
        store.close_now()
    return [_json(found)] if args.json else list(_lines(found))


def _answer(store: Store, args: argparse.Namespace, judge: Judge | None) -> str:
    name, text = args.answer
    asked = store.unanswered.get(name)
    if asked is None:
        raise CatalogError(f"{name}: there is no such question")
    language = args.lang or asked.language
    if judge is not None and (reason := judge(text, language)) is not None:
        raise CatalogError(f"the host would not say this: {reason}")
    sku = asked.sku if args.sku is None else args.sku
    change = SetAnswer(
        sku, f"asked-{asked.id}", language, asked.text, text, "answered at the command line"
    )
    version = asyncio.run(store.change([change]))
    store.unanswered.dismiss(name)
    return f"answered: {asked.text} (catalog version {version})"


def _json(questions: Iterable[Question]) -> str:
    rows = [
        {
            "id": one.id,
            "text": one.text,
            "language": one.language,
            "sku": one.sku,
            "asked": one.asked,
            "first_at": one.first_at.isoformat(),
            "last_at": one.last_at.isoformat(),
        }
        for one in questions
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _lines(questions: Iterable[Question]) -> Iterable[str]:
    none = True
    for one in questions:
        none = False
        about = f"{one.language}  {one.sku or 'the shop'}  {one.last_at:%Y-%m-%d}"
        yield f"{one.asked:>5} x  {one.id}  {about}  {one.text}"
    if none:
        yield "nothing is open"
