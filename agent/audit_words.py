"""A line of the record in a sentence, for an auditor who does not know the program."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Data = Mapping[str, Any]
RUNGS: Mapping[str, str] = {
    "notice": "fixed AI notice",
    "fact": "catalog fact, by template",
    "template": "fixed wording, claims nothing",
    "model": "worded by the language model, checked",
    "operator": "written by the operator, checked",
    "prepared": "prepared sound, claims nothing",
}
_DROPPED: Mapping[str, str] = {
    "emoji_only": "no words in it",
    "hostile": "an attempt to steer or abuse the host",
    "merged": "somebody else had just asked the same",
    "repeated": "the same had been answered several times",
    "flooding": "this viewer wrote too much at once",
    "crowded_out": "too many were waiting",
    "expired": "it had waited too long",
    "cleared": "the operator cleared the queue",
    "hype": "cheering",
    "spam": "advertising",
}
_LEFT: Mapping[str, str] = {
    "said": "all of it was said",
    "sold_out": "the product is sold out",
    "skipped": "the operator went on",
    "withdrawn": "the product is no longer in the catalog",
    "no_offer": "there is no offer now",
}
"""Why a part of the run of show ended."""
_NO_CONSENT: Mapping[str, str] = {
    "NO_RECORD": "there is no record of it",
    "UNKNOWN_SCHEMA": "its record is of an unknown form",
    "MALFORMED": "its record cannot be read",
    "BAD_SIGNATURE": "a signature is missing or is not of this record",
    "HASH_MISMATCH": "the picture or voice is not the one that was consented to",
    "NOT_COVERED": "the record does not cover this picture or voice",
    "NOT_YET_VALID": "its time has not begun",
    "EXPIRED": "its time is over",
    "REVOKED": "the person has taken it back",
    "STALE_STATUS": "nobody has said lately that it still stands",
    "PURPOSE": "it is not given for this use",
    "PLATFORM": "it is not given for a platform of this show",
    "TERRITORY": "it is not given for a country of this show",
    "LANGUAGE": "it is not given for a language of this show",
    "CATEGORY": "it is not given for goods of this kind",
    "HOURS_EXCEEDED": "the hours agreed on are used up",
    "CLOCK": "the clock of the machine was set back",
    "MINOR": "the person is not of age",
}
"""Why consent does not hold, by the code that the record keeps."""


def sentence(kind: str, data: Data) -> str:
    """A line of *kind* with *data*, in words; plain text, to be escaped."""
    words = _WORDS.get(kind)
    return words(data) if words else _other(kind, data)


def facts(evidence: str | None, found: bool = False) -> str:
    """Facts a sentence rests on, or that were looked up: name, version, and value where kept."""
    named = []
    for fact in json.loads(evidence) if evidence else ():
        name = str(fact.get("fact", fact.get("id", "?")))
        value = f" = {fact['text']}" if fact.get("text") else ""
        named.append(f"{name}{value} (version {fact.get('version', '?')})")
    if not named:
        return "no fact of the catalog was looked up" if found else ""
    return ("found in the catalog: " if found else "rests on ") + "; ".join(named)


def _consent(data: Data) -> str:
    if data.get("holds"):
        records = [str(name) for name in data.get("records", ())]
        which = f"record {', '.join(records)}" if records else "no record is needed"
        return f"Consent to face and voice looked at: it holds ({which})."
    kept = str(data.get("why", "no reason kept"))
    words = _NO_CONSENT.get(kept.partition(":")[0])
    return f"CONSENT NO LONGER HOLDS: {f'{words} ({kept})' if words else kept}"


def _answered(data: Data) -> str:
    times = data.get("times_s", {})
    first = times.get("first_frame", times.get("first_audio"))
    parts = [f"first picture after {first:.1f} s"] if isinstance(first, int | float) else []
    if isinstance(done := times.get("done"), int | float):
        parts.append(f"ended after {done:.1f} s")
    ways = [RUNGS.get(str(rung), str(rung)) for rung in data.get("rungs", ())]
    return f"Ended ({'; '.join([*parts, *ways]) or 'nothing was said'})."


def _dropped(data: Data) -> str:
    reason = str(data.get("reason", "no reason kept"))
    if reason == "taken_back":
        return "Taken back by its platform, or looked at again and answered for what it is."
    if reason == "interrupted":
        return "Cut short: the operator, a notice or a change of facts came first."
    return f"Not answered: {_DROPPED.get(reason, reason.replace('_', ' '))}."


def _stopped(data: Data) -> str:
    by = data.get("by")
    if by == "consent":
        return "The host was stopped because consent ended; the built-in host takes over."
    return f"Stopped by the {by or 'operator'}."


def _taken_over(data: Data) -> str:
    return "The operator took over." if data.get("on") else "The operator gave back to the host."


def _alert(data: Data) -> str:
    if data.get("why") == "distress":
        return "The operator was told: a viewer may be in danger of hurting themselves."
    return f"The operator was told: {data.get('why', '')}"


def _segment(data: Data) -> str:
    part = str(data.get("name") or data.get("kind") or "a part without a name")
    if data.get("what") == "ended":
        why = str(data.get("why", ""))
        return f"Run of show: “{part}” is left: {_LEFT.get(why, why or 'no reason kept')}."
    again = f", in round {int(data['round']) + 1}" if data.get("round") else ""
    return f"Run of show: “{part}” begins{again}."


def _pinned(data: Data) -> str:
    card = data.get("card") or {}
    return f"Product on show: {card.get('title', card.get('sku', 'none'))}."


def _output(data: Data) -> str:
    told = " ".join(str(value) for value in data.values() if value not in (None, ""))
    return f"Stream to another platform: {told}"


def _other(kind: str, data: Data) -> str:
    told = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in data.items())
    name = kind.replace("_", " ").capitalize()
    return f"{name}: {told}" if told else f"{name}."


_WORDS: Mapping[str, Callable[[Data], str]] = {
    "consent": _consent,
    "answered": _answered,
    "dropped": _dropped,
    "stopped": _stopped,
    "taken_over": _taken_over,
    "alert": _alert,
    "segment": _segment,
    "pinned": _pinned,
    "output": _output,
    "withdrawn": lambda data: "Withdrawn before it aired: a fact in it had changed.",
    "end": lambda data: "The show ended, and its record with it.",
}
