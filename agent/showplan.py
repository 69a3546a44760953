"""The run of show as the merchant writes it: showplan.toml, read strictly."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Kind: TypeAlias = Literal[
    "opening", "product", "demonstration", "offer", "questions", "break", "closing"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT_ONE: frozenset[Kind] = frozenset({"product", "demonstration", "offer"})
"""Kinds that are about one product, and need its sku."""
TIMED: frozenset[Kind] = frozenset({"questions", "break"})
"""Kinds that last: ``seconds`` is theirs alone."""
LONGEST = 64 * 1024
"""Bytes of a plan."""
_FIELDS = re.compile(r"[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


class PlanError(ValueError):
    """The plan cannot be used: names file, line, key and remedy."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to say: fields of the catalog, or a sentence of the merchant's."""

    fields: tuple[str, ...] = ()
    line: str = ""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Segment(_Strict):
    kind: Kind
    name: Annotated[str, Field(max_length=80)] = ""
    sku: Annotated[str, Field(max_length=80)] = ""
    points: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()
    picture: Path | None = None
    seconds: Annotated[float, Field(gt=0, le=4 * 3600)] | None = None


class _File(_Strict):
    loop: bool = True
    pause_s: Annotated[float, Field(ge=0, le=60)] = 1.5
    segment: Annotated[tuple[_Segment, ...], Field(min_length=1, max_length=500)]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the show."""

    kind: Kind
    name: str
    sku: str
    points: tuple[Point, ...]
    """What is said, sentence by sentence; empty: what the host says of itself."""
    picture: Path | None
    """Shown on the card while the product is described."""
    seconds: float
    """How long a question window or a break lasts."""
    line: int
    """Where it stands in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run of show."""

    segments: tuple[Segment, ...]
    loop: bool
    """Whether it begins again after its end, for a show round the clock."""
    pause_s: float
    """Between one sentence of the plan and the next."""
    text: str
    """The file as it was written."""


def load(path: Path, pictures: Path | None = None) -> Plan:
    """The plan in the file *path*; its pictures lie beside it, or beside *pictures*. Raises
    PlanError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlanError(
            f"{path}: no such file; write one, or take [show] plan out of candor.toml"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: cannot be read: {error}") from error
    return parse(text, path, pictures)


def parse(text: str, path: Path, pictures: Path | None = None) -> Plan:
    """The plan in *text*, called *path* in errors; pictures are looked for beside it, or beside
    *pictures*. Raises PlanError."""
    if len(text.encode()) > LONGEST:
        raise PlanError(f"{path}: longer than {LONGEST} bytes; make it shorter, it may loop")
    try:
        read = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        raise PlanError("\n".join(_explain(text, path, error))) from error
    return Plan(
        tuple(
            _segment(one, index, text, path, pictures or path)
            for index, one in enumerate(read.segment)
        ),
        read.loop,
        read.pause_s,
        text,
    )


def _segment(one: _Segment, index: int, text: str, path: Path, pictures: Path) -> Segment:
    def wrong(key: str, why: str) -> PlanError:
        return PlanError(f"{path}, line {_line_of(text, index, key)}: segment {index + 1}: {why}")

    if one.kind in ABOUT_ONE and not one.sku:
        raise wrong("kind", f'a {one.kind} is about one product; add sku = "..."')
    if one.sku and one.kind not in ABOUT_ONE:
        raise wrong("sku", f"{one.kind} is about no product; take sku out")
    if one.seconds is not None and one.kind not in TIMED:
        raise wrong("seconds", f"{one.kind} lasts as long as what is said; take seconds out")
    if one.picture is not None and one.kind not in ("product", "demonstration"):
        raise wrong("picture", f"{one.kind} shows no picture; take picture out")
    if one.kind == "demonstration" and one.picture is None:
        raise wrong("kind", 'a demonstration shows a picture; add picture = "file.jpg"')
    picture = pictures.parent / one.picture if one.picture else None
    if picture and not picture.is_file():
        raise wrong("picture", f"there is no picture {picture}; the path is from the plan's folder")
    points = []
    for written in one.points:
        if _FIELDS.fullmatch(written):
            if one.kind not in ABOUT_ONE:
                raise wrong("points", f"{written} is a field, and {one.kind} is of no product")
            points.append(Point(tuple(written.split("+"))))
        else:
            points += [Point(line=line) for line in _SENTENCES.split(written.strip()) if line]
    usual = 60.0 if one.kind == "questions" else 300.0
    return Segment(
        one.kind,
        one.name or f"{one.kind} {one.sku}".strip(),
        one.sku,
        tuple(points),
        picture,
        one.seconds or usual,
        _line_of(text, index, ""),
    )


def _explain(text: str, path: Path, error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors():
        at = fault["loc"]
        inside = len(at) > 2 and at[0] == "segment" and isinstance(at[1], int)
        key = str(at[2] if inside else at[0])
        line = _line_of(text, int(at[1]) if inside else None, key)
        where = f"{path}, line {line}: {f'segment {int(at[1]) + 1}: ' if inside else ''}{key}"
        if fault["type"] == "extra_forbidden":
            known = list((_Segment if inside else _File).model_fields)
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            lines.append(f"{where} is not a key; {hint}")
        elif fault["type"] == "missing":
            remedy = "add [[segment]] with a kind" if key == "segment" else f"add {key} = ..."
            lines.append(f"{where} is missing; {remedy}")
        else:
            lines.append(f"{where}: {fault['msg'].lower()} (it is {fault['input']!r})")
    return lines


def _line_of(text: str, index: int | None, key: str) -> int:
    """The line of *key* in segment *index* (None: above all segments); of its head without it."""
    segment, head = -1, 1
    for number, raw in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*segment\s*\]\]", raw):
            segment += 1
            if segment == index:
                head = number
        here = segment == (-1 if index is None else index)
        if here and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", raw):
            return number
    return head
