"""Every text that the host may say or a model is given: plain files with named variables.

``prompts/<language>/<name>.txt``, and ``prompts/others`` for languages that the host does not
speak. Lines that begin with ``#`` are notes. ``$name`` is a variable,
filled once and strictly; ``{slot}`` is left for the facts.
"""

import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from agent.types import Language


class PromptError(Exception):
    """A prompt file is missing or not as it should be: names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One text with named variables."""

    file: str
    text: str

    @property
    def version(self) -> str:
        """First 12 hex digits of the text's SHA-256: stands in the record."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(string.Template(self.text).get_identifiers())

    def fill(self, **variables: str) -> str:
        """The text with each variable in its place. Raises PromptError for one missing or extra."""
        wanted = self.variables
        if missing := sorted(wanted - variables.keys()):
            raise PromptError(
                f"{self.file}, line {self._line(missing[0])}: ${missing[0]} has no value; give it"
            )
        if extra := sorted(variables.keys() - wanted):
            raise PromptError(f"{self.file}: has no ${extra[0]}; add it to the file or drop it")
        return string.Template(self.text).substitute(variables)

    def _line(self, variable: str) -> int:
        """The first line with *variable*, counted without notes."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if variable in string.Template(line).get_identifiers():
                return number
        return 1


@cache
def load(name: str, language: Language) -> Prompt:
    """The prompt ``<language>/<name>.txt``. Raises PromptError."""
    file = f"prompts/{language}/{name}.txt"
    lines = [line for line in _read(name, language) if not line.startswith("#")]
    prompt = Prompt(file, "\n".join(lines).strip())
    if not string.Template(prompt.text).is_valid():
        raise PromptError(f"{file}: a $ that begins no variable; write $$ for a dollar sign")
    return prompt


@cache
def lines(name: str, language: Language) -> Mapping[str, tuple[str, ...]]:
    """The keyed templates ``<language>/<name>.txt``: ``[key]``, then one template a line.

    Several templates under one key are wordings of the same. Raises PromptError.
    """
    return _keyed(name, language)


@cache
def others(name: str) -> Mapping[str, tuple[str, ...]]:
    """The texts ``prompts/others/<name>.txt`` by language (ISO 639-1). Raises PromptError."""
    return _keyed(name, "others")


@cache
def version(language: Language) -> str:
    """Twelve hex digits that change with any text in *language*: stands in the record."""
    digest = hashlib.sha256()
    for entry in sorted(files("prompts").joinpath(language).iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".txt"):
            digest.update(f"{entry.name}\n{entry.read_text(encoding='utf-8')}\n".encode())
    return digest.hexdigest()[:12]


def _keyed(name: str, folder: str) -> Mapping[str, tuple[str, ...]]:
    file = f"prompts/{folder}/{name}.txt"
    found: dict[str, list[str]] = {}
    key: str | None = None
    for number, raw in enumerate(_read(name, folder), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            key = line.removeprefix("[").removesuffix("]")
            if not line.endswith("]") or not key.replace("_", "").replace("+", "").isalnum():
                raise PromptError(f"{file}, line {number}: not a [key]: {line!r}")
            if key in found:
                raise PromptError(f"{file}, line {number}: [{key}] a second time; join them")
            found[key] = []
        elif key is None:
            raise PromptError(f"{file}, line {number}: a template before any [key]")
        else:
            found[key].append(line)
    if empty := [key for key, templates in found.items() if not templates]:
        raise PromptError(f"{file}: [{empty[0]}] holds no template")
    return {key: tuple(templates) for key, templates in found.items()}


def _read(name: str, folder: str) -> list[str]:
    path = files("prompts").joinpath(folder, f"{name}.txt")
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise PromptError(f"prompts/{folder}/{name}.txt: no such file; add it") from None
