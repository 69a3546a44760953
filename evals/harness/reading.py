"""Case files, read strictly: YAML or JSON lines; an error names file, line, field and remedy.

A YAML file is a list of cases, or ``{suite, defaults, cases}``, where *defaults* fills what a case
does not say. A JSONL file has one case a line. Files called ``*.aside.*`` are kept aside.
"""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from evals.harness.case import Ask, Case, Changing, Operating, Resting

Where = tuple[str | int, ...]
SUFFIXES = (".yaml", ".yml", ".jsonl")
_TAGS: dict[str, type[BaseModel]] = {
    "ask": Ask,
    "change": Changing,
    "operator": Operating,
    "rest_s": Resting,
}
_TOP = ("suite", "defaults", "cases")


class CaseError(Exception):
    """A case file is not as it should be: a line each, with file, line, field and remedy."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A case as it stands in its file."""

    value: Any
    lines: Mapping[Where, int]
    """Where each field of it stands; the case itself at ()."""


def read(path: Path) -> list[Case]:
    """All cases of the file *path*, or of the case files in the folder, by name. Raises
    CaseError."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        if not files:
            raise CaseError(f"{path}: no case file in it; write one, as cases.yaml")
    else:
        files = [path]
    found: list[Case] = []
    faults: list[str] = []
    seen: dict[str, str] = {}
    for file in files:
        for raw in _raw(file):
            here = f"{file}:{raw.lines.get((), 1)}"
            try:
                case = Case.model_validate(raw.value)
            except ValidationError as error:
                faults += _explained(file, raw, error)
                continue
            if case.id in seen:
                faults.append(
                    f"{here}: id: {case.id} stands in {seen[case.id]} already; give it another name"
                )
            seen.setdefault(case.id, here)
            found.append(case)
    if faults:
        raise CaseError("\n".join(faults))
    return found


def _raw(file: Path) -> Iterator[_Raw]:
    if file.suffix not in SUFFIXES:
        raise CaseError(f"{file}: not a case file; call it .yaml or .jsonl")
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CaseError(f"{file}: no such file or suite") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{file}: cannot be read: {error}; save it as UTF-8") from error
    yield from _json_lines(file, text) if file.suffix == ".jsonl" else _yaml(file, text)


def _json_lines(file: Path, text: str) -> Iterator[_Raw]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(
                f"{file}:{number}: not JSON at character {error.pos + 1}: {error.msg}; one case a "
                "line, in braces"
            ) from error
        yield _Raw(_filled(file, value, {}), {(): number})


def _yaml(file: Path, text: str) -> Iterator[_Raw]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CaseError(
            f"{file}:{line}: not YAML: {getattr(error, 'problem', error)}; mind the indentation, "
            "and put texts with : or # in quotes"
        ) from error
    if root is None:
        raise CaseError(f"{file}:1: no case in it; write - id: ... and chat: ...")
    lines: dict[Where, int] = {}
    value = _built(file, root, (), lines)
    if isinstance(value, dict):
        yield from _headed(file, value, lines)
        return
    if not isinstance(value, list):
        raise CaseError(f"{file}:1: not a list of cases; begin each with - id: ...")
    for at, one in enumerate(value):
        yield _Raw(_filled(file, one, {}), _below(lines, (at,)))


def _headed(file: Path, value: Mapping[str, Any], lines: Mapping[Where, int]) -> Iterator[_Raw]:
    for key in value:
        if key not in _TOP:
            raise CaseError(
                f"{file}:{lines[(key,)]}: {key} is not a field{_near(key, _TOP)}; known: "
                f"{', '.join(_TOP)}"
            )
    if not isinstance(value.get("cases"), list):
        raise CaseError(f"{file}:1: cases: missing, or no list; add it, each case with - id: ...")
    given = value.get("defaults") or {}
    if not isinstance(given, dict):
        raise CaseError(f"{file}:{lines[('defaults',)]}: defaults: not fields of a case")
    defaults = ({"suite": value["suite"]} if "suite" in value else {}) | given
    for at, one in enumerate(value["cases"]):
        yield _Raw(_filled(file, one, defaults), _below(lines, ("cases", at)))


def _filled(file: Path, value: Any, defaults: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    aside = {"aside": True} if ".aside." in file.name else {}
    return {**defaults, **aside, **value}


def _below(lines: Mapping[Where, int], under: Where) -> dict[Where, int]:
    size = len(under)
    return {where[size:]: line for where, line in lines.items() if where[:size] == under}


def _built(file: Path, node: yaml.Node, where: Where, lines: dict[Where, int]) -> Any:
    """*node* as plain values; the line of each into *lines*."""
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_built(file, one, (*where, at), lines) for at, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        maker = yaml.SafeLoader("")
        return maker.construct_object(node, deep=True)
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        line = key.start_mark.line + 1
        if name in found:
            raise CaseError(f"{file}:{line}: {name}: a second time; keep one of them")
        lines[(*where, name)] = line
        found[name] = _built(file, value, (*where, name), lines)
    return found


# --- what is wrong, and what to do -----------------------------------------------------------


def _explained(file: Path, raw: _Raw, error: ValidationError) -> list[str]:
    told = []
    for fault in error.errors():
        if fault["type"] == "too_short" and fault["input"]:
            continue  # there are some, each with a fault of its own
        where = tuple(fault["loc"])
        model, place = _placed(where)
        line = _line(raw.lines, place)
        named = _named(place)
        begin = f"{file}:{line}: {named}: " if named else f"{file}:{line}: "
        key = str(place[-1]) if place else ""
        if fault["type"] == "extra_forbidden":
            known = list(model.model_fields)
            told.append(f"{begin}not a field{_near(key, known)}; known: {', '.join(known)}")
        elif fault["type"] == "union_tag_not_found":
            told.append(f"{begin}no step; write one of ask, change, operator and rest_s")
        elif fault["type"] == "missing":
            told.append(f"{begin}missing; add {_remedy(model, key)}")
        elif fault["type"] == "value_error":
            told.append(begin + str(fault["msg"]).removeprefix("Value error, "))
        else:
            was = f" (it is {_short(fault['input'])})"
            told.append(f"{begin}{fault['msg'].lower()}{was}; write {_remedy(model, _last(place))}")
    return told


def _placed(where: Where) -> tuple[type[BaseModel], Where]:
    """The model that the last field of *where* belongs to, and *where* without the tags that
    pydantic puts into it."""
    model: type[BaseModel] = Case
    place: list[str | int] = []
    skip = False
    for part in where:
        if skip:  # the tag of a step
            model, skip = _TAGS[str(part)], False
            continue
        if model is Case and place and isinstance(part, int) and place[-1] == "chat":
            place.append(part)
            skip = True
            continue
        place.append(part)
        inside = _inside(model, part)
        if inside and part is not where[-1]:
            model = inside
    return model, tuple(place)


def _inside(model: type[BaseModel], part: str | int) -> type[BaseModel] | None:
    field = model.model_fields.get(str(part))
    if field is None:
        return None
    kinds = (field.annotation, *get_args(field.annotation))
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _line(lines: Mapping[Where, int], place: Where) -> int:
    """Of *place*, or of what it stands in."""
    for size in range(len(place), -1, -1):
        if place[:size] in lines:
            return lines[place[:size]]
    return 1


def _named(place: Where) -> str:
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _last(place: Where) -> str:
    return next((str(part) for part in reversed(place) if isinstance(part, str)), "")


def _remedy(model: type[BaseModel], key: str) -> str:
    field = model.model_fields.get(key)
    return (field.description if field else None) or "it as the guide has it"


def _near(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, 1)
    return f" (did you mean {close[0]}?)" if close else ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def written(cases: Iterable[Case]) -> str:
    """*cases* as a JSONL file, which ``read`` gives back."""
    rows = (case.model_dump(mode="json", exclude_defaults=True) for case in cases)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
