"""What a chat line tries on the host: to steer it, to abuse it, to bait it; or distress in it.

Nothing rests on this: what may be said is decided by the rules alone. It ranks, counts and tells,
and it sends the few lines that want a fixed answer to it.
"""

import re
from enum import StrEnum
from functools import cache

from agent.identity import simplifier
from agent.lexicon import patterns
from agent.plaintext import fold


class Flag(StrEnum):
    """What was recognised. Of several, the first here."""

    DISTRESS = "distress"
    """Someone may hurt themselves: a fixed kind answer, and the operator is told."""
    STEER = "steer"
    """Wants the host to leave its rules, to play a part, or to say words put into its mouth."""
    ABUSE = "abuse"
    OFF_TOPIC = "off_topic"
    """Politics, hatred, crime, money: not this host's matter."""
    PERSONAL = "personal"
    """Wants what is private of someone."""
    RIVALS = "rivals"
    """Wants others run down."""


_CLAUSE = re.compile(r"[^.?!;,:\n。？！；，：]+[.?!;,:\n。？！；，：]*|[.?!;,:\n。？！；，：]+")
_JOINED = re.compile(r"\b(?:and|then|et|puis)\b|然后|并且|顺便|还有")
_SINGLE = re.compile(r"(?<!\w)(?:\w[\s.\-_*]+){3,}\w(?!\w)")
"""Letters set apart, "i g n o r e": four or more."""
_MIXED = re.compile(r"[a-z@$!|]*[0134578@$!|][a-z0134578@$!|]*")
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
_GLUED = 12
"""Letters from which a word may be several run together."""
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff])[\s.\-_*·|/]+(?=[\u3400-\u9fff])")
_NO_LETTERS = re.compile(r"[^a-z\u3400-\u9fff]")


def flag(text: str) -> Flag | None:
    """What the cleaned line *text* tries; None for nothing that the lists know."""
    plain = _plain(text)
    lists = _lists()
    found = {name for name in Flag if any(lists[name].search(form) for form in _forms(plain))}
    if Flag.STEER not in found and _hidden(plain):
        found.add(Flag.STEER)
    return next((name for name in Flag if name in found), None)


def question_in(text: str) -> str:
    """What of a flagged line asks something, its flagged clauses left out; "" where nothing
    does."""
    kept = [part for part in _parts(text) if part.strip() and flag(part) is None]
    rest = " ".join(" ".join(kept).split())
    return rest if asks(rest) else ""


def asks(text: str) -> bool:
    """Whether *text* has the words or the sign of a question."""
    return bool(patterns("agent", "lexicons/hostile.txt")["asks"].search(_plain(text)))


def skeleton(text: str) -> str:
    """What is left of *text* when looks, spacing, stretching, case and signs are taken away: the
    same for lines that a reader takes for the same."""
    letters = re.sub(r"[\W_]", "", _plain(text))
    return re.sub(r"([^\W\d])\1{2,}", r"\1", letters)


@cache
def _lists() -> dict[Flag, re.Pattern[str]]:
    found = patterns("agent", "lexicons/hostile.txt")
    return {name: found[name.value] for name in Flag}


def _plain(text: str) -> str:
    return str(simplifier().convert(fold(text)))


def _forms(plain: str) -> set[str]:
    """*plain* as it stands, by clauses, and with what was set apart or dressed up undone."""
    joined = _HAN_GAP.sub("", plain)
    worded = _MIXED.sub(_unleet, joined)
    forms = {plain, joined, worded, joined.replace("'", "")}
    return forms | {part.strip() for form in (joined, worded) for part in _parts(form)}


def _parts(text: str) -> list[str]:
    return [half for part in _CLAUSE.findall(text) for half in _JOINED.split(part)]


def _unleet(match: re.Match[str]) -> str:
    """Letters for the digits of a word that has both, as "1gn0re"; measures stay as they are."""
    word = match[0]
    letters = sum(char.isalpha() for char in word)
    return word.translate(_LEET) if letters >= 3 and letters * 2 >= len(word) else word


def _hidden(plain: str) -> bool:
    """Whether letters set apart, or words run together, say something of the tight list; or the
    line does in pinyin."""
    lists = patterns("agent", "lexicons/hostile.txt")
    runs = [run[0] for run in _SINGLE.finditer(plain)]
    runs += [word for word in plain.split() if len(word) >= _GLUED]
    tight = (_NO_LETTERS.sub("", run.translate(_LEET)) for run in runs)
    return any(lists["tight"].search(run) for run in tight) or bool(
        lists["pinyin"].search(_NO_LETTERS.sub("", plain))
    )
