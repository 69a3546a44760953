"""What is right and wrong with a case that was played: one check after the other, each by code.

A check is of one line and its answer, or of the whole case. None of them asks the gate: what was
said is held against the facts it rests on by ``evals.judged``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

import prompts
from agent import tally
from agent.plaintext import fold
from agent.types import LANGUAGES, Language, Topic
from evals.harness.case import OUTCOMES, Ask, Operating
from evals.harness.played import Played, Said, Turn
from evals.judged import is_fixed, judged

SCORERS = (
    "facts",
    "says",
    "never_says",
    "grounded",
    "no_denial",
    "outcome",
    "language",
    "helpful",
    "in_time",
    "notice",
    "label",
)
"""In the order of the report. ``helpful`` and ``in_time`` are measures, too."""
LONGEST_GAP_S = 960.0
"""Between two notices: the most that a show may be set to, 15 minutes, and a minute's grace."""
LONG_ANSWER = 60
"""Words (Chinese: half as many characters) from which an answer is a speech."""
_EXTREMES = frozenset({"cheapest", "le moins cher", "最低", "最便宜"})
_TALK = frozenset({"greet", "greet_name", "thanks", "chatter", "ask_repeat", "holding"})
_MET = frozenset(
    {
        "order_trouble",
        "complaint",
        "haggle",
        "health",
        "distress",
        "off_topic",
        "personal",
        "rivals",
    }
)
"""Lines that decide what became of a turn, whatever follows them."""
_SURE = 0.95
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    """One of SCORERS."""
    ok: bool
    what: str = ""
    """What is wrong, where something is."""
    step: int = -1
    """Of the case's chat; -1: of the case as a whole."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What of the shop a judge has to know: its words for materials, origins and certificates by
    language, and its name."""

    words: Mapping[Language, Mapping[str, set[str]]]
    shop: str


def checks(played: Played, shelf: Shelf) -> list[Check]:
    """All checks of *played*."""
    found: list[Check] = []
    for turn in played.turns:
        found += _of_turn(played, turn, shelf)
    found += _grounded(played, played.unasked, shelf)
    return [*found, *_of_show(played)]


def _of_turn(played: Played, turn: Turn, shelf: Shelf) -> list[Check]:
    at, wanted = turn.step, turn.expected
    found = _grounded(played, turn, shelf)
    never = (*played.case.never_says, *(wanted.never_says if wanted else ()))
    if never:
        hit = [text for text in never if holds(turn.words, text)]
        found.append(Check("never_says", not hit, f"said {hit[0]!r}" if hit else "", at))
    became = outcome(turn, shelf.shop)
    if isinstance(wanted, Operating):
        if wanted.outcome:
            ok = became == wanted.outcome
            found.append(Check("outcome", ok, "" if ok else f"{became}: {turn.words}", at))
        return found
    if wanted is None:
        return found
    if wanted.outcome:
        ok = became in wanted.outcome
        want = " or ".join(wanted.outcome)
        found.append(Check("outcome", ok, "" if ok else f"{became}, and not {want}", at))
    if wanted.facts or wanted.about:
        missing = [name for name in wanted.facts if not _has_fact(turn, name)]
        other = _others(turn, wanted.about) if wanted.about else []
        what = _listed("not said", missing) or _listed("of another product", other)
        found.append(Check("facts", not what, what, at))
    if wanted.says:
        missing = [text for text in wanted.says if not any_of(turn.words, text)]
        found.append(Check("says", not missing, _listed("not said", missing), at))
    if turn.said and (wanted.reply_language or turn.language):
        found.append(_language(turn, wanted.reply_language, at))
    if wanted.outcome == ("answer",) or wanted.facts:
        points = rubric(turn, wanted, became)
        lost = [name for name, got in points.items() if not got]
        found.append(Check("helpful", not lost, _listed("short of", lost), at))
    if wanted.within_s is not None and turn.said:
        took = turn.times_s.get("first_frame", float("inf"))
        ok = took <= wanted.within_s
        what = "" if ok else f"{took:.2f} s, and not {wanted.within_s:g} s"
        found.append(Check("in_time", ok, what, at))
    return found


def _listed(begin: str, names: Sequence[str]) -> str:
    return f"{begin}: {', '.join(names)}" if names else ""


# --- said on facts ---------------------------------------------------------------------------


def _grounded(played: Played, turn: Turn, shelf: Shelf) -> list[Check]:
    wrong: list[str] = []
    denials: list[str] = []
    wanted = turn.expected
    mine = wanted.may_say if isinstance(wanted, Ask) else ()
    may = [fold(text) for text in (*played.case.may_say, *mine)]
    for said in turn.said:
        for suspect in judged(
            said.text,
            turn.text,
            said.facts,
            shelf.words[said.language],
            said.language,
            template=said.text if _template(said, turn, shelf.shop) else "",
            granted=_EXTREMES if turn.topic in (Topic.CHEAPEST, Topic.DEAREST) else (),
        ):
            if fold(suspect.what) in may:
                continue
            told = f"{suspect.kind} {suspect.what!r} in {said.text!r}"
            (denials if suspect.kind == "denial" else wrong).append(told)
        gone = [one.fact for one in said.evidence if one.fact not in {f.id for f in said.facts}]
        if len(said.facts) < len(said.evidence) and gone:
            wrong.append(f"{said.text!r} rests on {gone[0]}, which did not hold any more")
        asked = 1 + sum(other.dropped == "merged" for other in played.turns)
        if any(tally.ours(one) and one.version > asked for one in said.evidence):
            wrong.append(f"{said.text!r}, and {asked} asked it")
    if not turn.said:
        return []
    return [
        Check("grounded", not wrong, "; ".join(wrong), turn.step),
        Check("no_denial", not denials, "; ".join(denials), turn.step),
    ]


def _template(said: Said, turn: Turn, shop: str) -> bool:
    """Whether it is one of the host's fixed lines, which rest on nothing."""
    return not said.evidence and (
        said.is_notice
        # the prepared line, too, which stands with the notices, and lines of the run of show
        or is_fixed(said.text, turn.author, shop)
        or fixed_key(said.text, said.language, turn.author, shop) is not None
    )


def _has_fact(turn: Turn, name: str) -> bool:
    """Whether something was said on the fact *name*: an id, what one begins with, or a field."""
    return any(_named(one.fact, (name,)) for said in turn.said for one in said.evidence)


def _others(turn: Turn, about: Sequence[str]) -> list[str]:
    """The facts said that are of a product which the line is not about."""
    on = {one.fact for said in turn.said for one in said.evidence if not tally.ours(one)}
    return sorted(fact for fact in on if fact.split("/")[0] not in ("shop", *about))


# --- what became of it -----------------------------------------------------------------------


def outcome(turn: Turn, shop: str) -> str:
    """One of OUTCOMES."""
    if turn.door:
        return "turned_away"
    if turn.dropped == "merged":
        return "merged"
    if not turn.said:
        silent = "refused" if isinstance(turn.expected, Operating) else "silence"
        return "interrupted" if turn.dropped == "interrupted" else silent
    if any(said.is_notice for said in turn.said):
        return "notice"
    unserved = [text for texts in prompts.others("unserved").values() for text in texts]
    if any(said.text in unserved for said in turn.said):
        return "unserved"
    keys = [_key(said, turn, shop) for said in turn.said]
    if keys[0] in _MET:  # a contact may follow it, which is a fact
        return keys[0]
    if any(said.evidence for said in turn.said) or isinstance(turn.expected, Operating):
        return "answer"
    return next((key for key in keys if key), "talk")


def _key(said: Said, turn: Turn, shop: str) -> str:
    """Which of OUTCOMES the fixed line *said* is; "" where it is none."""
    if said.evidence:
        return ""
    key = (fixed_key(said.text, said.language, turn.author, shop) or "").partition("+")[0]
    if key in _TALK:
        return "talk"
    known = (name for name in OUTCOMES if key == name or key.startswith(f"{name}_"))
    return next(known, "talk" if key else "")


@cache
def _fixed(language: Language) -> Mapping[str, str]:
    """The host's fixed lines, bare, and their keys."""
    return {
        _bare(re.sub(r"\$\w+", " ", line)): key
        for key, wordings in prompts.lines("answers", language).items()
        for line in wordings
        if "{" not in line
    }


def fixed_key(text: str, language: Language, *names: str) -> str | None:
    """The key of the fixed line in prompts/ that *text* is, with *names* in it; None for none."""
    lines = _fixed(language)
    if (whole := lines.get(_bare(text))) is not None:
        return whole
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ") if name else text
    return lines.get(_bare(text))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


# --- texts -----------------------------------------------------------------------------------


def holds(text: str, part: str) -> bool:
    """Whether *part* stands in *text*, whatever the case, the accents and the kinds of space; a
    part that begins or ends with a letter or digit of an alphabet begins or ends a word there."""
    wanted, said = (unicodedata.normalize("NFKC", fold(one)) for one in (part, text))
    if not wanted:
        return False
    head = r"(?<![\w.,])" if wanted[0].isdigit() else r"\b" if _latin(wanted[0]) else ""
    tail = r"(?![\d]|[.,]\d)" if wanted[-1].isdigit() else r"\b" if _latin(wanted[-1]) else ""
    if _HAN.search(said):
        head = head and r"(?<![a-z0-9.,])"
        tail = tail and r"(?![a-z0-9])"
    return re.search(head + re.escape(wanted) + tail, said) is not None


def any_of(text: str, parts: str) -> bool:
    """Whether one of *parts* ("a | b") stands in *text*."""
    return any(holds(text, part.strip()) for part in parts.split("|"))


def _latin(char: str) -> bool:
    return char.isalnum() and not _HAN.match(char)


# --- the language ----------------------------------------------------------------------------


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def _language(turn: Turn, wanted: Language | None, at: int) -> Check:
    """That the reply is in the language wanted, or else in the viewer's own as the host read it;
    said by the reply itself, and by its letters and words."""
    want = wanted or turn.language
    for said in turn.said:
        if said.language != want:
            return Check("language", False, f"{said.language}, and not {want}: {said.text!r}", at)
        if (seen := written_in(said.text)) not in (None, want):
            return Check("language", False, f"reads as {seen}, not {want}: {said.text!r}", at)
    return Check("language", True, "", at)


def written_in(text: str) -> Language | None:
    """The language that *text* is plainly written in; None where one cannot tell."""
    han = len(_HAN.findall(text))
    words = re.findall(r"[^\W\d_]+", _HAN.sub(" ", text))
    if han > len(words):
        return "zh"
    plain = [word for word in words if not word[0].isupper()]
    if len(plain) < 4:
        return None
    found, sure = _identifier().classify(" ".join(plain))
    if float(sure) < _SURE or found == "zh":
        return None
    return "fr" if found == "fr" else "en"


# --- how helpful -----------------------------------------------------------------------------


def rubric(turn: Turn, wanted: Ask, became: str) -> dict[str, bool]:
    """The points of a helpful answer, each got or not: that there is one; that its first sentence
    has one of the facts asked for; that it has all of them; that it is no speech; that it says
    nothing twice."""
    texts = [said.text for said in turn.said]
    spoken = [said for said in turn.said if not all(map(tally.ours, said.evidence))]
    first = next(iter(spoken or turn.said), None)
    asked = tuple(wanted.facts) or turn.asked
    first_on = {one.fact for one in first.evidence} if first else set()
    return {
        "an answer": became == "answer",
        "the fact first": not asked or any(_named(fact, asked) for fact in first_on),
        "all of it": all(_has_fact(turn, name) for name in wanted.facts),
        "short": _length(turn.words) <= LONG_ANSWER,
        "nothing twice": len(texts) == len(set(texts)),
    }


def _named(fact: str, names: Iterable[str]) -> bool:
    """Whether *fact* is one of *names*: an id, what one begins with (a product, too), a field."""
    return any(
        fact == name or fact.startswith(f"{name}/") or fact.split("/")[1:2] == [name]
        for name in names
    )


def _length(text: str) -> int:
    return len(re.findall(r"[^\W_]+", _HAN.sub(" ", text))) + len(_HAN.findall(text)) // 2


# --- the whole show --------------------------------------------------------------------------


def _of_show(played: Played) -> list[Check]:
    found: list[Check] = []
    if played.case.opening:
        said = played.said
        ok = bool(said) and said[0].is_notice
        found.append(Check("notice", ok, "" if ok else "the first sentence is no notice"))
        gaps = [
            b - a
            for a, b in zip(played.notices, [*played.notices[1:], played.seconds], strict=True)
        ]
        if gaps and max(gaps) > LONGEST_GAP_S:
            found.append(Check("notice", False, f"{max(gaps):.0f} s without a notice"))
    if played.looked_at:
        ok = played.slates == 0
        what = "" if ok else f"{played.slates} pictures without a label, replaced by the slate"
        found.append(Check("label", ok, what))
    return found
