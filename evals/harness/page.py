"""The report: one folder, one page, nothing fetched from anywhere; what was said, to hear and see.

Everything that viewers, merchants or models wrote is escaped: it is data here as on the air.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from agent.trace import STAGES
from evals.harness import plots, summary
from evals.harness.results import ReportError
from evals.harness.scorers import SCORERS

PAGE = "index.html"
_NEVER = {
    "grounded": "false claims",
    "no_denial": "denials",
    "label": "label missing",
}
_STAGES = tuple(stage for stage in STAGES if stage != "done")


def write(folder: Path, results: Mapping[str, Any]) -> Path:
    """Write the page of *results* into *folder*. Raises ReportError."""
    path = folder / PAGE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(page(results), encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{path}: cannot be written: {error}; choose another folder") from error
    return path


def page(results: Mapping[str, Any]) -> str:
    about = results["about"]
    here = files("evals.harness")
    held = results["gate"] == "held"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        # nothing is fetched but the sounds and pictures beside this page
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">",
        f"<title>Candor eval {escape(about['date'])}</title>",
        f"<style>{here.joinpath('page.css').read_text(encoding='utf-8')}</style></head><body>",
        f'<header><h1>Candor eval</h1><p class="gate {"good" if held else "bad"}">'
        f"gate {escape(results['gate'])}</p>{_about(about)}</header>",
        _overview(results["suites"]),
        _broken(results["suites"]),
        _difference(results.get("difference")),
    ]
    for name, suite in results["suites"].items():
        mine = [one for one in results["cases"] if one["suite"] == name]
        parts.append(_suite(name, suite, mine))
    parts += [
        _cases(results["cases"]),
        f"<script>{here.joinpath('page.js').read_text(encoding='utf-8')}</script></body></html>",
    ]
    return "\n".join(part for part in parts if part)


def _about(about: Mapping[str, Any]) -> str:
    rows = (("date", "date"), ("commit", "commit"), ("model", "model"), ("prompts", "prompts"))
    told = "".join(
        f"<div><dt>{label}</dt><dd>{escape(str(about[key]) or 'none')}</dd></div>"
        for label, key in rows
    )
    command = f"<code>{escape(about['command'])}</code>"
    return f"<dl>{told}<div><dt>command</dt><dd>{command}</dd></div></dl>"


def _overview(suites: Mapping[str, Any]) -> str:
    """A row for each suite of cases: how many hold, what may never happen, how fast."""
    rows = []
    for name, suite in suites.items():
        for part in ("tuned", "aside"):
            if (told := suite.get("parts", {}).get(part)) is None:
                continue
            never = [told["checks"].get(key) for key in _NEVER]
            wrong = "".join(f"<td>{_wrong(row)}</td>" for row in never)
            times = told["times_s"].get("first_frame")
            took = f"{times['p50']:.2f} / {times['p95']:.2f} s" if times else ""
            good = told["cases"]["share"]
            aside = ' <span class="chip">aside</span>' if part == "aside" else ""
            rows.append(
                f"<tr><th>{escape(name)}{aside}</th><td>{told['cases']['right']} of "
                f'{told["cases"]["n"]}</td><td><meter min="0" max="1" value="{good}"></meter> '
                f"{good:.0%}</td>{wrong}<td>{took}</td></tr>"
            )
    if not rows:
        return ""
    head = "".join(
        f"<th>{text}</th>"
        for text in ("suite", "cases held", "", *_NEVER.values(), "first picture, p50 / p95")
    )
    return (
        f'<section><h2>At a glance</h2><table class="glance"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table><p class=dim>Answers with a claim that no fact "
        "holds, answers that deny being an AI, shows with a picture whose label could not be read "
        "back.</p></section>"
    )


def _wrong(row: Mapping[str, Any] | None) -> str:
    if not row or not row["n"]:
        return '<span class="dim">not drawn</span>'
    wrong = row["n"] - row["right"]
    return f'<b class="{"bad" if wrong else "good"}">{wrong}</b> of {row["n"]}'


def _broken(suites: Mapping[str, Any]) -> str:
    faults = [fault for suite in suites.values() for fault in suite.get("broken", ())]
    faults += [
        f"{name}: its gate is broken"
        for name, suite in suites.items()
        if "result" in suite and suite["gate"] != "held"
    ]
    if not faults:
        return ""
    return f'<section><h2>What falls short</h2><ul class="bad">{_items(faults)}</ul></section>'


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


# --- suites ----------------------------------------------------------------------------------


def _suite(name: str, suite: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> str:
    good = "good" if suite["gate"] == "held" else "bad"
    head = f'<section><h2>{escape(name)} <small class="{good}">{escape(suite["gate"])}</small></h2>'
    if "result" in suite:
        told = escape(json.dumps(suite["result"], ensure_ascii=False, indent=1))
        whole = f"<details><summary>all of it</summary><pre>{told}</pre></details>"
        return f"{head}{_table(suite['result'])}{whole}</section>"
    wanted = summary.thresholds()
    limits = {**wanted.get("all", {}), **wanted.get(name, {})}
    rows: list[tuple[str, Mapping[str, Any], float | None]] = []
    for part, told in suite["parts"].items():
        if part not in ("tuned", "aside"):
            rows.append((f"cases in {part}", told["cases"], None))
            continue
        mark = "" if part == "tuned" else ", aside"
        hold = part == "tuned"
        rows.append((f"cases{mark}", told["cases"], limits.get("cases") if hold else None))
        for check in SCORERS:
            if check in told["checks"]:
                limit = limits.get(check) if hold or limits.get(check) == 1 else None
                rows.append((f"{check.replace('_', ' ')}{mark}", told["checks"][check], limit))
        for key in ("answered_of_what_can_be", "declined_of_what_cannot"):
            rows.append((f"{key.replace('_', ' ')}{mark}", told[key], None))
    took: dict[str, list[float]] = {stage: [] for stage in _STAGES}
    for one in cases:
        for turn in one["turns"]:
            for stage in _STAGES:
                if stage in turn["times_s"]:
                    took[stage].append(turn["times_s"][stage])
    return "".join(
        [
            head,
            plots.shares(rows),
            "<h3>How long from the line to each stage</h3>" if any(took.values()) else "",
            plots.times(took),
            _by_tag(cases),
            _failing(cases),
            _variety(suite["parts"]),
            "</section>",
        ]
    )


def _by_tag(cases: Sequence[Mapping[str, Any]]) -> str:
    tags = dict.fromkeys(tag for one in cases for tag in one["tags"])
    rows: list[tuple[str, Mapping[str, Any], float | None]] = []
    for tag in tags:
        mine = [one["ok"] for one in cases if tag in one["tags"]]
        rows.append((tag, summary.share(sum(mine), len(mine)), None))
    rows.sort(key=lambda row: row[1]["share"])
    return f"<h3>Cases that hold, by tag</h3>{plots.shares(rows)}" if len(rows) > 1 else ""


def _failing(cases: Sequence[Mapping[str, Any]]) -> str:
    failing = [one for one in cases if not one["ok"]]
    if not failing:
        return ""
    told = "".join(
        f'<li><a href="#{escape(one["id"])}">{escape(one["id"])}</a> '
        f"{escape('; '.join(dict.fromkeys(_fault(check) for check in _faults(one))))}</li>"
        for one in failing
    )
    return f"<details><summary>Cases that fail: {len(failing)}</summary><ul>{told}</ul></details>"


def _faults(one: Mapping[str, Any], step: int | None = None) -> list[Mapping[str, Any]]:
    """The checks that failed, of a step of the case (-1: of the whole) or all."""
    return [check for check in one["checks"] if not check["ok"] and step in (None, check["step"])]


def _fault(check: Mapping[str, Any]) -> str:
    return f"{check['name'].replace('_', ' ')}: {check['what']}"


def _variety(parts: Mapping[str, Any]) -> str:
    told = parts.get("tuned") or parts.get("aside")
    if not told or not told["variety"]["sentences"]:
        return ""
    found = told["variety"]
    often = _items(f"{count} times: {text}" for text, count in found["often"] if count > 1)
    return (
        f"<h3>Variety</h3><p>{found['sentences']} sentences, {found['distinct']} of them distinct "
        f"({found['distinct_share']:.0%}).</p><ul>{often}</ul>"
    )


def _table(result: Mapping[str, Any]) -> str:
    """A result that holds a table: a row for each way to answer."""
    table = result.get("table")
    if not isinstance(table, Mapping) or not table:
        return ""
    keys = list(dict.fromkeys(key for row in table.values() for key in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in table)
    body = "".join(
        f"<tr><th>{escape(key)}</th>"
        + "".join(f"<td>{escape(str(row.get(key, '')))}</td>" for row in table.values())
        + "</tr>"
        for key in keys
    )
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"


def _difference(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    broken = [f"{one['id']}: {'; '.join(one['wrong'])}" for one in found["broken"]]
    moved = "".join(
        f"<tr><td>{escape(row['suite'])}</td><td>{escape(row['part'])}</td>"
        f"<td>{escape(row['name'])}</td><td>{row['was']:g}</td><td>{row['is']:g}</td></tr>"
        for row in found["moved"]
    )
    anew = "".join(
        f"<details><summary>{escape(one['id'])}</summary><p>before: "
        f"{escape(' / '.join(one['before']))}</p><p>now: {escape(' / '.join(one['after']))}</p>"
        "</details>"
        for one in found["worded_anew"]
    )
    return "".join(
        [
            f"<section><h2>Since {escape(str(found['before']['commit']))}, ",
            f"{escape(str(found['before']['date']))}</h2>",
            f'<h3>Broken: {len(broken)}</h3><ul class="bad">{_items(broken)}</ul>',
            f"<h3>Mended: {len(found['mended'])}</h3><ul>{_items(found['mended'])}</ul>",
            f"<p>{len(found['added'])} cases are new, {len(found['gone'])} are gone.</p>",
            "<details><summary>Figures that moved, of the cases in both runs</summary><table>",
            "<thead><tr><th>suite</th><th>part</th><th>figure</th><th>was</th><th>is</th></tr></thead>",
            f"<tbody>{moved}</tbody></table></details>",
            f"<details><summary>Said otherwise: {len(found['worded_anew'])}</summary>",
            f"{anew}</details></section>",
        ]
    )


# --- cases -----------------------------------------------------------------------------------


def _cases(cases: Sequence[Mapping[str, Any]]) -> str:
    if not cases:
        return ""
    suites = "".join(
        f"<option>{escape(name)}</option>" for name in dict.fromkeys(one["suite"] for one in cases)
    )
    failing = sum(not one["ok"] for one in cases)
    return (
        f"<section><h2>Cases: {len(cases)}, {failing} of them fail</h2>"
        f'<form id="sift"><label><input type="checkbox" id="failing"{" checked" * bool(failing)}> '
        "failing only</label> "
        f'<select id="suite"><option value="">all suites</option>{suites}</select> '
        '<input id="text" type="search" placeholder="text, id or tag"> '
        '<output id="count"></output></form>'
        f"{''.join(_case(one) for one in cases)}</section>"
    )


def _case(one: Mapping[str, Any]) -> str:
    tags = "".join(f'<span class="chip">{escape(tag)}</span>' for tag in one["tags"])
    aside = '<span class="chip">aside</span>' if one["aside"] else ""
    title = escape(one["title"] or (one["turns"][0]["text"] if one["turns"] else ""))
    faults = _items(_fault(check) for check in _faults(one, -1))
    media = ""
    if one["film"]:
        media = f'<video controls preload="none" src="{escape(one["film"])}"></video>'
    elif one["sound"]:
        media = f'<audio controls preload="none" src="{escape(one["sound"])}"></audio>'
    label = f", label in {one['label']} pictures" if one["label"] else ""
    notices = f", notices at {', '.join(map(str, one['notices_s']))} s" if one["notices_s"] else ""
    return "".join(
        [
            f'<details class="case {"good" if one["ok"] else "bad"}" id="{escape(one["id"])}" '
            f'data-suite="{escape(one["suite"])}"><summary><code>{escape(one["id"])}</code> ',
            f"{title} {tags}{aside}</summary>",
            f'<ul class="bad">{faults}</ul>' if faults else "",
            f"<p class=dim>{escape(one['shop'])}, stream in {escape(one['language'])}, "
            f"{one['seconds']:g} s of show{label}{notices}. "
            f"Looked at: {_passed(one['checks'])}</p>",
            f'<div class="seen">{media}<div>' if media else "",
            _unasked(one),
            "".join(_turn(one, turn) for turn in one["turns"]),
            "</div></div>" if media else "",
            "</details>",
        ]
    )


def _passed(checks: Sequence[Mapping[str, Any]]) -> str:
    names = dict.fromkeys(check["name"] for check in checks)
    return escape(", ".join(names).replace("_", " ") or "nothing")


def _unasked(one: Mapping[str, Any]) -> str:
    if not one["unasked"]:
        return ""
    said = "".join(_sentence(said) for said in one["unasked"])
    return (
        f"<details><summary>said when nobody asked: {len(one['unasked'])}</summary>{said}</details>"
    )


def _turn(one: Mapping[str, Any], turn: Mapping[str, Any]) -> str:
    before = [
        f"{next(k for k in ('change', 'operator', 'rest_s') if k in step)}: "
        + json.dumps(next(iter(step.values())), ensure_ascii=False)
        for step in one["steps"][_last_ask(one, turn) : turn["step"]]
        if "ask" not in step
    ]
    times = " · ".join(f"{name.replace('_', ' ')} {at:g} s" for name, at in turn["times_s"].items())
    refused = _items(
        f"refused ({row['rule']}: {row['reason']}): {row['text']}" for row in turn["refused"]
    )
    withdrawn = _items(f"withdrawn, as it no longer held: {text}" for text in turn["withdrawn"])
    lost = turn["door"] or turn["dropped"]
    faults = _items(_fault(check) for check in _faults(one, turn["step"]))
    return "".join(
        [
            "".join(f'<p class="step">{escape(text)}</p>' for text in before),
            f'<div class="viewer"><b>{escape(turn["user"])}</b> {escape(turn["text"])}</div>',
            "".join(_sentence(said) for said in turn["said"]),
            f'<div class="dim">{escape(lost)}</div>' if lost else "",
            f"<ul class=dim>{refused}{withdrawn}</ul>" if refused or withdrawn else "",
            f'<ul class="bad">{faults}</ul>' if faults else "",
            f'<p class="dim">{escape(turn["outcome"])}'
            f", read as {escape(str(turn['read_as'] or 'another language'))}"
            f"{', ' + escape(turn['topic']) if turn['topic'] else ''} · {escape(times)}</p>",
        ]
    )


def _last_ask(one: Mapping[str, Any], turn: Mapping[str, Any]) -> int:
    earlier = [other["step"] for other in one["turns"] if other["step"] < turn["step"]]
    return max(earlier, default=-1) + 1


def _sentence(said: Mapping[str, Any]) -> str:
    until = said["until_s"] or said["from_s"]
    still = f'<img loading="lazy" alt="" src="{escape(said["still"])}">' if said["still"] else ""
    spoken = f'<div class="dim">heard: {escape(said["spoken"])}</div>' if said["spoken"] else ""
    cut = "" if said["whole"] else ' <span class="chip">cut off</span>'
    on = escape(", ".join(said["evidence"]) or "no facts")
    return (
        f'<div class="host">{still}<div><button data-from="{said["from_s"]}" '
        f'data-until="{until}" title="hear it">▶</button> {escape(said["text"])}{cut}'
        f'{spoken}<div class="dim"><span class="chip">{escape(said["rung"])}</span>'
        f"on {on} · {said['from_s']:g} to {until:g} s</div></div></div>"
    )
