"""A record as one page that an auditor can read: no scripts, nothing from outside, prints well."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from pathlib import Path

from agent.audit_rows import rows
from agent.audit_words import RUNGS, facts, sentence
from agent.ledger import END, Fault
from agent.vet_reasons import of_rule

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:#1c1c1e}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}
th{font-weight:600}
.turn{border:1px solid #ddd;border-radius:8px;padding:.6rem .9rem;margin:.6rem 0}
.turn p{margin:.2rem 0}.q{font-weight:600}.when,.facts{color:#63636b;font-size:.85rem}
.no{color:#9c1c1c}.ok{color:#176b32}.erased{color:#63636b;font-style:italic}
code{font-size:.85rem;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#161618;color:#ececee}.turn,td,th{border-color:#3a3a3e}
.when,.facts,.erased{color:#a5a5ad}.no{color:#ff8f8f}.ok{color:#7fd69b}}
"""
_KEY = """<details><summary>How to read this</summary><p>Each box is one viewer's question, with
what came of it in order; times are UTC. The host may say only what a row of the shop's catalog
says: under each sentence stands the row that it rests on, with the version that held at that moment
(the catalog keeps every version). “Refused” is a sentence that was drafted, never aired, and the
rule that refused it. A frame is a picture of the recording; 25 are one second. The consent to face
and voice is looked at at least once a minute, and told here when it begins and when it changes.
Each line of the record is bound to the one before by a hash, so that none can be changed or taken
out unseen.
</p></details>"""
FPS = 25
"""Of the recordings."""
Row = Mapping[str, object]
OPEN_END = "no end on record: lines were cut off, or the show was killed or still runs"


def write_page(paths: Sequence[Path], faults: Mapping[Path, Sequence[Fault]], out: Path) -> int:
    """Write the records of *paths*, each with its *faults*, as one page. Gives how many lines."""
    parts: list[str] = []
    count = 0
    for path in paths:
        found = list(rows(path))
        count += len(found)
        parts += _show(path, found, faults.get(path, ()))
    out.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width"><title>Record of the show</title>'
        f"<style>{_STYLE}</style>{''.join(parts)}</html>\n",
        encoding="utf-8",
    )
    return count


def _show(path: Path, found: Sequence[Row], faults: Sequence[Fault]) -> Iterable[str]:
    name = escape(path.resolve().parent.name)
    state = f"<b class=no>BROKEN in {len(faults)} places</b>" if faults else "<b class=ok>whole</b>"
    yield f"<h1>Record of show {name}</h1><p>The chain of its {len(found)} lines is {state}.</p>"
    if faults:
        yield "<ul>"
        yield from (f"<li class=no>line {f.line}: {escape(f.reason)}</li>" for f in faults[:100])
        yield "</ul>"
    if not found:
        return
    if found[-1]["kind"] != END:
        yield f"<p class=no>There is {OPEN_END}.</p>"
    yield from _summary(found)
    yield _KEY
    yield "<h2>What was asked, and what was said</h2>"
    yield from _turns(found)


def _summary(found: Sequence[Row]) -> Iterable[str]:
    begin, end = _at(found[0]), _at(found[-1])
    notices = [_at(row) for row in found if row["kind"] == "notice"]
    gaps = [after - before for before, after in pairwise([*notices, end])]
    air = [json.loads(str(row["data"])) for row in found if row["kind"] == "air"]
    last = air[-1] if air else {}
    kinds = [str(row["kind"]) for row in found]
    said = [row for row in found if row["kind"] == "said"]
    lines = [
        ("From", f"{begin:%Y-%m-%d %H:%M:%S %Z}"),
        ("To", f"{end:%Y-%m-%d %H:%M:%S %Z} ({_span(end - begin)})"),
        ("Questions taken", kinds.count("asked")),
        ("Sentences on the air", len(said)),
        ("of them resting on facts", sum(bool(row["evidence"]) for row in said)),
        ("Drafted sentences refused", kinds.count("refused")),
        ("Withdrawn in the queue: a fact had changed", kinds.count("withdrawn")),
        ("AI notices played to their end", len(notices)),
        ("First notice after", _span(notices[0] - begin) if notices else "none was played"),
        ("Longest time without one", _span(max(gaps)) if gaps else "none was played"),
        (
            "Pictures looked at for the label, replaced by the slate (told once a minute)",
            f"{last.get('frame', '?')}, {last.get('slates', '?')}" if last else "not counted",
        ),
        ("Interventions by the operator", sum(map(_intervenes, found))),
        ("Looks at the consent to face and voice", _consents(found)),
    ]
    yield "<table>"
    yield from (f"<tr><th>{escape(k)}<td>{escape(str(v))}</tr>" for k, v in lines)
    yield "</table>"


def _consents(found: Sequence[Row]) -> str:
    looks = [row for row in found if row["kind"] == "consent"]
    ended = next((row for row in looks if not _holds(row)), None)
    if ended is not None:
        return f"{len(looks)}; at {_at(ended):%H:%M:%S} it no longer held"
    return f"{len(looks)}; it held each time" if looks else "none: the built-in face and voice"


def _holds(row: Row) -> bool:
    return bool(json.loads(str(row["data"])).get("holds"))


def _still(row: Row, before: Row | None) -> bool:
    """Whether *row* only says again of the consent what the look *before* it said."""
    return before is not None and _holds(row) and before["data"] == row["data"]


def _intervenes(row: Row) -> bool:
    """Whether the operator did it; a consent that ends stops the host by itself."""
    by = json.loads(str(row["data"])).get("by")
    return row["kind"] in ("stopped", "taken_over") and by != "consent"


def _turns(found: Sequence[Row]) -> Iterable[str]:
    """Lines that belong to one question together, where it was picked; others by themselves."""
    by_id: dict[str, list[Row]] = {}
    order: list[list[Row]] = []
    looked: Row | None = None
    for row in found:
        if row["kind"] in ("air", "cleared", "aired"):
            continue
        if row["kind"] == "consent":
            again, looked = _still(row, looked), row
            if again:
                continue
        name = row["id"]
        if isinstance(name, str):
            if name not in by_id:
                order.append(by_id.setdefault(name, []))
            by_id[name].append(row)
        else:
            order.append([row])
    for turn in order:
        yield "<div class=turn>"
        for row in turn:
            yield _line(row)
        yield "</div>"


def _line(row: Row) -> str:
    when = f"<span class=when>{_at(row):%H:%M:%S}</span> "
    text = _text(row)
    match row["kind"]:
        case "asked":
            author = escape(str(row["author"] or ""))
            return f"<p class=q>{when}{author or '<span class=erased>someone</span>'}: {text}</p>"
        case "said":
            spoken = row["spoken"]
            other = (
                f" <span class=when>(spoken: {escape(str(spoken))})</span>"
                if spoken and spoken != row["text"]
                else ""
            )
            rung = escape(RUNGS.get(str(row["rung"]), str(row["rung"])))
            frame = f"<span class=when>{_frame(row)}; {rung}</span>"
            return f"<p>{when}{text}{other} {frame}{_evidence(row)}</p>"
        case "refused":
            kept = f"rule {row['rule']}: {row['reason']}"
            why = escape(f"{plain} ({kept})" if (plain := of_rule(str(row["rule"]))) else kept)
            return f"<p class=no>{when}refused: {text} <span class=when>{why}</span></p>"
        case "facts":
            return f"<p class=facts>{when}{escape(facts(_kept(row), found=True))}</p>"
        case "notice":
            return f"<p class=ok>{when}AI notice played to its end, {_frame(row)}</p>"
        case "picked":
            return ""
        case kind:
            data = json.loads(str(row["data"]))
            bad = kind == "alert" or (kind == "consent" and not data.get("holds"))
            words = escape(sentence(str(kind), {k: v for k, v in data.items() if k != "id"}))
            said = f" <q>{text}</q>" if kind in ("alert", "withdrawn") and text else ""
            return f"<p class={'no' if bad else 'facts'}>{when}{words}{said}</p>"


def _frame(row: Row) -> str:
    """Which picture of the film, and when it is there."""
    number = row["frame"]
    if not isinstance(number, int):
        return "frame not kept"
    minutes, seconds = divmod(number // FPS, 60)
    return f"frame {number} ({minutes}:{seconds:02} in the film)"


def _text(row: Row) -> str:
    if row["text"] is None:
        return "<span class=erased>words erased</span>" if row["erased"] else ""
    return escape(str(row["text"]))


def _evidence(row: Row) -> str:
    known = facts(_kept(row))
    return f"<br><span class=facts>{escape(known)}</span>" if known else ""


def _kept(row: Row) -> str | None:
    return str(row["evidence"]) if row["evidence"] else None


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(str(row["at"]))


def _span(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
