"""Whom and what the operator wants no more of: viewers by who they are, and words in any line."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from agent.plaintext import fold

KEPT: Final = 2000
"""Lines whose writers are known: who wrote before these cannot be blocked by them."""
MOST: Final = 200
"""Viewers, and words, that are blocked at a time."""
LEAST_WORD: Final = 2
_PLAIN: Final = re.compile(r"[a-z0-9]", re.ASCII)


@dataclass(slots=True)
class Blocklist:
    """Of one show, while it runs."""

    _wrote: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    """By a line's id: who the viewer is, and by what name they go."""
    _viewers: dict[str, tuple[str, str]] = field(default_factory=dict)
    _words: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def note(self, line: str, viewer: str, name: str) -> None:
        """That *viewer* wrote *line*."""
        self._wrote[line] = (viewer, name)
        while len(self._wrote) > KEPT:
            self._wrote.popitem(last=False)

    def bars(self, viewer: str, text: str) -> bool:
        """Whether a line of theirs is not taken."""
        if any(viewer == one for one, _ in self._viewers.values()):
            return True
        if not self._words:
            return False
        folded = fold(text)
        return any(word.search(folded) for word in self._words.values())

    def block(self, line: str) -> list[str]:
        """Whoever wrote *line*; gives the ids of all their lines. Raises ValueError with a text for
        the operator."""
        if line not in self._wrote:
            raise ValueError("Nobody is known by that line any more.")
        viewer, name = self._wrote[line]
        if all(viewer != one for one, _ in self._viewers.values()):
            if len(self._viewers) >= MOST:
                raise ValueError(f"{MOST} viewers are blocked: let one back first.")
            self._viewers[line] = (viewer, name)
        return [one for one, (who, _) in self._wrote.items() if who == viewer]

    def let_back(self, line: str) -> None:
        """Whoever was blocked by *line*, if anybody was."""
        self._viewers.pop(line, None)

    def word(self, text: str, on: bool) -> None:
        """Block *text*, or no more. Raises ValueError."""
        folded = fold(text).strip()
        if not on:
            self._words.pop(folded, None)
        elif len(folded) < LEAST_WORD:
            raise ValueError(f"Too short to block: at least {LEAST_WORD} characters.")
        elif len(self._words) >= MOST:
            raise ValueError(f"{MOST} words are blocked: take one back first.")
        else:
            # Whole words where a script has such: "ass" is no part of "class".
            before = r"(?<![a-z0-9])" if _PLAIN.match(folded) else ""
            after = r"(?![a-z0-9])" if _PLAIN.match(folded[-1]) else ""
            self._words[folded] = re.compile(before + re.escape(folded) + after)

    def told(self) -> dict[str, object]:
        """For the studio: viewers by the line that blocked them, and words."""
        viewers = [{"id": line, "name": name} for line, (_, name) in self._viewers.items()]
        return {"viewers": viewers, "words": sorted(self._words)}
