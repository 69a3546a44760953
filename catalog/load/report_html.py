"""A report as one page for a browser: no scripts, nothing from outside, every cell escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from catalog.load.report import FileRead, Finding, Report, Understood

MOST = 1_000
"""Findings of each kind that the page lists."""
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --bad: #b3261e; --mind: #8a5a00 }
@media (prefers-color-scheme: dark) { :root { --bad: #ff9a92; --mind: #f2c063 } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 66rem; padding: 1rem }
h1 { font-size: 1.4rem; margin: .5rem 0; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere }
p { margin: .5rem 0 }
.said { border-left: .3rem solid; padding: .25rem .75rem; background: var(--soft) }
.bad { border-color: var(--bad) } .mind { border-color: var(--mind) }
.good { border-color: #2e7d32 }
dl.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: .5rem;
  margin: 1rem 0 }
dl.counts div { background: var(--soft); border-radius: .5rem; padding: .5rem .75rem }
dl.counts dt { font-size: .85rem } dl.counts dd { margin: 0; font-size: 1.3rem }
dl.counts small { display: block; font-size: .8rem }
table { border-collapse: collapse; width: 100% }
th, td { border-top: 1px solid var(--line); padding: .4rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere }
th { font-size: .85rem; font-weight: 600 }
code { font: .9em ui-monospace, monospace; white-space: pre-wrap }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0;
  padding: .5rem .75rem }
summary { cursor: pointer; overflow-wrap: anywhere }
@media (min-width: 40.01rem) {
  table.found { table-layout: fixed }
  table.found th:nth-child(1) { width: 17% } table.found th:nth-child(2) { width: 13% }
  table.found th:nth-child(3) { width: 30% }
}
@media (max-width: 40rem) {
  table.found thead { display: none }
  table.found, table.found tbody { display: block }
  table.found tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0 }
  table.found td { display: block; border: 0; padding: .1rem 0 }
  td.place { font-weight: 600 }
}
"""
_HEAD = (
    "<!doctype html>\n"
    '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
)


def page(report: Report) -> str:
    """The whole page. It may be opened from a disk, sent by mail, or shown within another."""
    parts = [
        _HEAD,
        f"<title>{escape(report.source)}: what was loaded</title>\n",
        f"<style>{_STYLE}</style>\n</head>\n<body>\n",
        f"<h1>{escape(report.source)}</h1>\n",
        _outcome(report),
        _counts(report),
        *(f"<p>{escape(note)}</p>\n" for note in report.notes),
        _findings("Refused", "bad", report.refused, report.refusals),
        _findings("Loaded, but look at it", "mind", report.suspicious, report.suspicions),
        _understood(report.understood),
        _files(report.files),
        "</body>\n</html>\n",
    ]
    return "".join(parts)


def _outcome(report: Report) -> str:
    kind = "good" if report.ok else "mind" if report.partial else "bad"
    return f'<p class="said {kind}">{escape(report.outcome)}</p>\n'


def _counts(report: Report) -> str:
    cells = [("rows read", report.read, "")]
    for name, counter in report.counts.items():
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in counter.items())
        cells.append((name, sum(counter.values()), kinds))
    cells.append(("unchanged", report.unchanged, ""))
    if report.left_out:
        cells.append(("products left out", report.left_out, ""))
    shown = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{number:,}<small>{escape(more)}</small></dd></div>\n"
        for name, number, more in cells
    )
    return f'<dl class="counts">\n{shown}</dl>\n'


def _findings(title: str, kind: str, found: Sequence[Finding], count: int) -> str:
    if not count:
        return ""
    rows = "".join(
        f'<tr><td class="place">{escape(_place(one))}</td><td>{escape(one.field)}</td>'
        f"<td><code>{escape(one.value)}</code></td><td>{escape(one.reason)}</td>"
        f"<td>{escape(one.remedy)}</td></tr>\n"
        for one in found[:MOST]
    )
    more = f"<p>... and {count - MOST:,} more.</p>\n" if count > MOST else ""
    return (
        f'<h2>{escape(title)}: {count:,}</h2>\n<div class="said {kind}">'
        '<table class="found">\n<thead><tr><th>where</th><th>column</th><th>value</th><th>why</th>'
        f"<th>what to do</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n{more}"
    )


def _place(one: Finding) -> str:
    return f"{one.file}, line {one.line}" if one.line else one.file


def _understood(products: Iterable[Understood]) -> str:
    shown = "".join(
        f"<details open><summary><b>{escape(one.sku)}</b>{_number(one.number)}, "
        f"{escape(one.place)}</summary>\n{_pairs(dict(one.facts))}</details>\n"
        for one in products
    )
    return f"<h2>The first products, as they were understood</h2>\n{shown}" if shown else ""


def _number(number: int) -> str:
    return f", link number {number}" if number else ""


def _files(files: Iterable[FileRead]) -> str:
    shown = []
    for one in files:
        columns = _pairs(one.columns, "column", "read as") if one.columns else ""
        unused = f"<p>Not used: {escape(', '.join(one.unused))}</p>\n" if one.unused else ""
        form = escape(one.form or "not recognised")
        shown.append(
            f"<h3>{escape(one.file)}</h3>\n<p>{form}, {one.read:,} rows</p>{columns}{unused}"
        )
    return "<h2>The files</h2>\n" + "".join(shown) if shown else ""


def _pairs(pairs: Mapping[str, str], left: str = "fact", right: str = "value") -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>\n"
        for name, value in pairs.items()
    )
    return f"<table>\n<tr><th>{left}</th><th>{right}</th></tr>\n{rows}</table>\n"
