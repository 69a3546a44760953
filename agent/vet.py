"""Judge any text as if the host were about to say it: for merchants' scripts, and for tests."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from agent import showplan
from agent.app import CannotBegin, open_store
from agent.config import Config
from agent.plaintext import clean
from agent.ports import Catalog
from agent.rules import Run, own
from agent.sentences import sentences
from agent.showplan_vet import faults
from agent.types import Facts, Focus, Language, Line, Refusal, Rung, Sentence, Stream, Verdict
from agent.understand import language_of
from agent.vet_reasons import QUESTIONS, class_of, remedy, told, why


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one sentence."""

    line: int
    text: str
    said: str | None
    """As the host would say it; None: refused."""
    rule: str | None
    reason: str | None
    """Why, as the rule has it."""
    evidence: tuple[tuple[str, int], ...] = ()
    about: str | None = None
    """The class of the claim that was refused."""
    why: str | None = None
    """Why, for the shopkeeper."""
    instead: str | None = None
    """What facts say of the matter, where they say anything."""
    nothing: str | None = None
    """Why nothing is said in its place."""


async def vet_file(config: Config, arguments: argparse.Namespace) -> int:
    """``candor vet``: 0 when every sentence may be said, 1 when one may not."""
    try:
        own.put_in_force(own.load(config.rules.file) if config.rules.file else own.OwnRules())
    except own.OwnRulesError as error:
        raise CannotBegin(str(error)) from error
    store = await open_store(config)
    try:
        if arguments.plan:
            return await _vet_plan(store, arguments, arguments.lang or config.show.language)
        if arguments.sku and store.product(arguments.sku) is None:
            raise CannotBegin(f"there is no product {arguments.sku} in {config.show.catalog}")
        judged = []
        for number, text in _texts(arguments.file):
            language = arguments.lang or language_of(clean(text), config.show.language)
            if language is None:
                raise CannotBegin(
                    f"{arguments.file}, line {number}: neither English, French nor Chinese; the "
                    "host speaks no other language (if it is one of them: --lang)"
                )
            focus = Focus(arguments.sku, arguments.sku)
            facts = await _facts(store, text, language, focus)
            async with aclosing(sentences(_whole(text))) as cut:
                pieces = [sentence async for sentence in cut]
            run = Run(facts, Rung.OPERATOR, language, language)
            for piece in pieces:
                one = _judged(number, piece, run.vet(Line(piece)), facts, language, focus)
                judged.append(await _looked_up(store, one, focus, language))
    finally:
        await store.close()
    if arguments.json:
        rows = [
            {
                "line": item.line,
                "text": item.text,
                "allowed": item.rule is None,
                "said": item.said,
                "rule": item.rule,
                "class": item.about,
                "why": item.why,
                "reason": item.reason,
                "instead": item.instead,
                "nothing_instead": item.nothing,
                "evidence": [{"fact": fact, "version": version} for fact, version in item.evidence],
            }
            for item in judged
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))  # noqa: T201
    else:
        for item in judged:
            _print(item)
        refused = sum(item.rule is not None for item in judged)
        print(f"{len(judged) - refused} of {len(judged)} may be said")  # noqa: T201
    return 1 if any(item.rule for item in judged) else 0


async def _facts(store: Catalog, text: str, language: Language, focus: Focus) -> Facts:
    """What the catalog has on *text*; of the product that was named, and of no other."""
    facts = await store.facts(text, language, focus)
    product = store.product(focus.pinned) if focus.pinned else None
    if product and any(fact.sku not in ("", product.sku) for fact in facts.slots().values()):
        return await store.facts(f"#{product.number}", language, focus)
    return facts


async def _looked_up(store: Catalog, one: Judged, focus: Focus, language: Language) -> Judged:
    """*one* with what the catalog says of its matter, where the line itself did not find it."""
    question = QUESTIONS.get(one.about or "")
    if one.rule is None or one.instead or question is None or not focus.pinned:
        return one
    facts = await store.facts(question[language], language, focus)
    refusal = Refusal(Sentence(one.text), one.rule, one.reason or "")
    instead = told(refusal, one.about or "", facts, language)
    return replace(one, instead=instead, nothing=None) if instead else one


def _print(item: Judged) -> None:
    if item.rule is None:
        also = f"\n      said as: {item.said}" if item.said != item.text else ""
        print(f"{item.line:4}  yes  {item.text}{also}")  # noqa: T201
        return
    print(f"{item.line:4}  NO   {item.text}")  # noqa: T201
    print(f"      {item.about} (rule {item.rule}): {item.why}")  # noqa: T201
    instead = (
        f"say instead: {item.instead}" if item.instead else f"instead: nothing; {item.nothing}"
    )
    print(f"      {instead}")  # noqa: T201


async def _vet_plan(store: Catalog, arguments: argparse.Namespace, language: Language) -> int:
    """``candor vet --plan FILE``."""
    try:
        plan = showplan.load(arguments.plan)
    except showplan.PlanError as error:
        raise CannotBegin(str(error)) from error
    wrong = await faults(plan, store, language, language)
    if arguments.json:
        print(json.dumps([asdict(one) for one in wrong], ensure_ascii=False, indent=2))  # noqa: T201
    else:
        for fault in wrong:
            print(f"no   {arguments.plan}, {fault}")  # noqa: T201
        if not wrong:
            print(f"yes  {arguments.plan}: {len(plan.segments)} segments")  # noqa: T201
    return 1 if wrong else 0


async def _whole(text: str) -> Stream[str]:
    yield text


def _judged(
    number: int, text: str, verdict: Verdict, facts: Facts, language: Language, focus: Focus
) -> Judged:
    if isinstance(verdict, Refusal):
        about = class_of(verdict, language)
        instead = told(verdict, about, facts, language)
        return Judged(
            number,
            verdict.sentence,
            None,
            verdict.rule,
            verdict.reason,
            about=about,
            why=why(verdict, about),
            instead=instead,
            nothing=None
            if instead
            else remedy(verdict, about, facts, named=focus.pinned is not None),
        )
    evidence = tuple((item.fact, item.version) for item in verdict.evidence)
    return Judged(number, text, verdict.written, None, None, evidence)


def _texts(file: str) -> Iterator[tuple[int, str]]:
    """Line number and text of each line: plain text, or JSON objects with a "text"."""
    try:
        content = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotBegin(f"{file}: cannot be read: {error}") from error
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield number, line
            continue
        try:
            yield number, str(json.loads(line)["text"])
        except (ValueError, KeyError, TypeError) as error:
            raise CannotBegin(
                f'{file}, line {number}: give {{"text": ...}} or plain text ({error})'
            ) from error
