"""Questions of shoppers with labelled facts (ePQA, hetPQA, semiPQA), as products of a catalog.

The data are not in this repository: github.com/amazon-science/contextual-product-qa,
CDLA-Sharing-1.0. A folder holds the three files under their upstream names.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.rows import AttributeRow, FaqRow, Row
from evals.retrieval.shop import SHOP, product


@dataclass(frozen=True, slots=True)
class Candidate:
    name: str
    """The id of the pair of question and candidate."""
    text: str
    source: str
    """attribute, bullet, description, review, cqa, osp."""
    right: bool
    """Labelled as fully answering."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is known of its product, in the published order."""

    qid: str
    question: str
    asin: str
    title: str
    candidates: tuple[Candidate, ...]

    @property
    def answerable(self) -> bool:
        return any(one.right for one in self.candidates)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    path: str
    delimiter: str
    right: str
    """The label of a candidate that fully answers."""


FILES = (
    File("ePQA", "ePQA_dev.csv", ",", "2"),
    File("hetPQA", "hetPQA_evidence_ranking_dev.csv", "\t", "1"),
    File("semiPQA", "semiPQA_attribute_ranking_testunseen.csv", "\t", "1"),
)


def read(folder: Path, file: File) -> list[Asked]:
    """Raises FileNotFoundError."""
    by_question: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / file.path).open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter=file.delimiter):
            by_question[line["qid"]].append(line)
    return [
        Asked(
            qid,
            lines_[0]["question"],
            lines_[0].get("ASIN") or qid,
            lines_[0].get("title") or "Product",
            tuple(
                Candidate(
                    line["qa_pair_id"],
                    line["candidate"],
                    (line.get("source") or "attribute").lower(),
                    line["label"] == file.right,
                )
                for line in lines_
            ),
        )
        for qid, lines_ in by_question.items()
    ]


@dataclass(frozen=True, slots=True)
class Shelved:
    """Questions as rows of a catalog, and where each candidate went."""

    rows: Sequence[Row]
    sku: Mapping[str, str]
    """By question."""
    right: Mapping[str, frozenset[str]]
    """Ids of the facts that answer, by question."""
    first: Mapping[str, str]
    """The fact that stands first in the published order, by question."""
    size: Mapping[str, int]
    """How many candidate facts the product has, by question."""


def shelve(asked: Sequence[Asked], *, pooled: bool) -> Shelved:
    """Each question's candidates as facts of a product: of a product of its own as published, or
    *pooled* with those of all questions to the same product, which is harder. An attribute becomes
    a detail of that name, all else an answer, with its own question where it has one. A text that
    two candidates share is one fact, and right if either is."""
    rows: list[Row] = [SHOP]
    sku: dict[str, str] = {}
    right: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for one in asked:
        owner = f"P{one.asin}" if pooled else f"Q{one.qid}"
        if owner not in facts:
            rows += product(len(facts) + 1, owner, one.title)
        sku[one.qid] = owner
        held = facts[owner]
        for candidate in one.candidates:
            text = candidate.text.strip()
            if text not in held:
                row, held[text] = _row(owner, candidate, held.values())
                rows.append(row)
            if candidate.right:
                right[one.qid].add(held[text])
            first.setdefault(one.qid, held[text])
    return Shelved(
        rows,
        sku,
        {qid: frozenset(names) for qid, names in right.items()},
        first,
        {qid: len(facts[owner]) for qid, owner in sku.items()},
    )


_TAKEN = frozenset(("title", "description", "link", "gtin", "model", "also_called"))
"""Names of attributes that are no facts to be said: a candidate's gets a number."""


def _row(owner: str, candidate: Candidate, held: Collection[str]) -> tuple[Row, str]:
    """A row and the id of its fact, none of those that are *held*."""
    name, colon, value = candidate.text.strip().partition(":")
    if candidate.source == "attribute" and colon and re.fullmatch(r"[a-z][a-z0-9_]*", name):
        field = name
        while field in _TAKEN or f"{owner}/{field}" in held:
            field = f"{name}_{len(held)}" if field == name else f"{field}_"
        text = "; ".join(values(value)) or value.strip()
        return AttributeRow(owner, field, "en", (text,)), f"{owner}/{field}"
    answer, _, question = candidate.text.strip().partition(" Question: ")
    row = FaqRow(f"{owner}-{len(held)}", owner, "en", question.strip(), answer.strip())
    return row, f"{owner}/answer/{row.faq_id}"


_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}\[\],;:])|([^\s{}\[\],;:"]+(?: [^\s{}\[\],;:"]+)*)')


def values(text: str) -> Iterator[str]:
    """An upstream attribute, ``{ value:13.5, unit:inches, ... }``, as a shop would write it:
    "13.5 inches", "width: 3 inches", "yes"."""
    tree, _ = _parse([match.group(0) for match in _TOKEN.finditer(text)], 0)
    yield from _said(tree, "")


Tree = list["Tree | str"] | dict[str, "Tree | str"]


def _parse(tokens: Sequence[str], at: int) -> tuple["Tree | str", int]:
    """One value from *at* on, and where it ends. Several at the top are a list."""
    found: list[Tree | str] = []
    while at < len(tokens) and tokens[at] not in ("}", "]"):
        token = tokens[at]
        if token == "{":
            inner: dict[str, Tree | str] = {}
            at += 1
            while at < len(tokens) and tokens[at] != "}":
                if tokens[at] in (",", ";") or at + 1 >= len(tokens) or tokens[at + 1] != ":":
                    at += 1
                    continue
                inner[tokens[at]], at = _value(tokens, at + 2)
            found.append(inner)
            at += 1
        elif token == "[":
            inside, at = _parse(tokens, at + 1)
            found.append(inside)
            at += 1
        else:
            if token not in (",", ";", ":"):
                found.append(token.strip('"'))
            at += 1
    return found, at


def _value(tokens: Sequence[str], at: int) -> tuple["Tree | str", int]:
    """One value of a key."""
    if at < len(tokens) and tokens[at] in ("{", "["):
        depth, end = 0, at
        while end < len(tokens):
            depth += (tokens[end] in ("{", "[")) - (tokens[end] in ("}", "]"))
            end += 1
            if not depth:
                break
        return _parse(tokens[at:end], 0)[0], end
    return (tokens[at].strip('"') if at < len(tokens) else ""), at + 1


def _said(tree: "Tree | str", name: str) -> Iterator[str]:
    if isinstance(tree, str):
        word = {"true": "yes", "false": "no"}.get(tree, tree.rstrip("."))
        yield f"{name}: {word}" if name else word
    elif isinstance(tree, list):
        for one in tree:
            yield from _said(one, name)
    else:
        number, unit = tree.get("value"), tree.get("unit")
        if isinstance(number, str) and isinstance(unit, str):
            yield from _said(f"{number.rstrip('.')} {unit}", name)
        elif isinstance(number, str):
            yield from _said(number, name)
        for key, inner in tree.items():
            if key not in ("value", "unit", "normalized_value", "language_tag"):
                yield from _said(inner, key.replace("_", " "))
        if isinstance(number, list | dict):
            yield from _said(number, name)
