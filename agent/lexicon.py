"""Word lists and patterns kept as data beside the code: sections, one entry a line."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_MACRO = re.compile(r"([A-Z_]+) := (.*)")


@cache
def entries(package: str, path: str) -> Mapping[str, tuple[str, ...]]:
    """The entries of a list by [section]. ``NAME := text`` stands for ``<NAME>`` further down;
    lines that begin with # are comments. Raises FileNotFoundError."""
    found: dict[str, list[str]] = {"": []}
    macros: dict[str, str] = {}
    section = ""
    for line in files(package).joinpath(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if re.fullmatch(r"\[[a-z_]+\]", line):
            section = line[1:-1]
            found[section] = []
            continue
        for name, text in macros.items():
            line = line.replace(f"<{name}>", text)
        if macro := _MACRO.fullmatch(line):
            macros[macro[1]] = macro[2]
        else:
            found[section].append(line)
    return {name: tuple(lines) for name, lines in found.items() if lines}


@cache
def patterns(package: str, path: str) -> Mapping[str, re.Pattern[str]]:
    """The sections of a list, each as one pattern of alternatives."""
    found = entries(package, path).items()
    return {name: re.compile("|".join(f"(?:{line})" for line in lines)) for name, lines in found}
