"""A web page's JSON-LD: what a shop tells search engines of its products, in schema.org's words."""

import re
from collections.abc import Iterator

from catalog.load.files.errors import FileError
from catalog.load.files.limits import Limits
from catalog.load.files.objects import recorded, refuse
from catalog.load.files.source import Source
from catalog.load.files.stream import Stream
from catalog.load.files.text import Encoding, text
from catalog.load.records import Opened, Record
from catalog.load.report import Report

_OPENS = re.compile(r"<!--|<script\b", re.I)
_CLOSES = re.compile(r"</script\b", re.I)
_JSON_LD = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.I)
_LANGUAGE = re.compile(r"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([\w-]{1,20})""", re.I)


def opened_page(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Opened:
    """A record for each node of JSON-LD in the page: of a list, of a ``@graph``, or alone; at the
    line where it begins, or its ``@graph`` does. A script that is not JSON is refused alone. Raises
    FileError where there is none."""
    with text(source, encoding, lines=False) as stream:
        page = stream.read(limits.page + 1)
    if len(page) > limits.page:
        raise FileError(
            f"is larger than {limits.page // 2**20} MiB, which no page of a shop is",
            "save the page of one product",
        )
    found = list(scripts(page))
    if not found:
        raise FileError(
            'has no JSON-LD: no <script type="application/ld+json"> to read products from',
            "load the export of the shop, or the page as it is served",
        )
    language = _LANGUAGE.search(page[:4096])
    head = {"lang": language[1]} if language else {}
    return Opened(source.name, "html", _records(source.name, found, report, limits), head=head)


def scripts(page: str) -> Iterator[tuple[int, str]]:
    """The JSON-LD of a page, each with its line; what is in a comment is left out."""
    at = line = counted = 0
    while opens := _OPENS.search(page, at):
        if opens[0] == "<!--":
            end = page.find("-->", opens.end())
            if end < 0:
                return
            at = end + 3
            continue
        start = page.find(">", opens.end()) + 1
        closes = _CLOSES.search(page, start) if start else None
        if not closes:
            return
        if _JSON_LD.search(page, opens.end(), min(start, opens.end() + 2000)):
            line += page.count("\n", counted, start)
            counted = start
            yield line + 1, page[start : closes.start()]
        at = closes.end()


def _records(
    file: str, found: list[tuple[int, str]], report: Report, limits: Limits
) -> Iterator[Record]:
    for line, script in found:
        try:
            json = Stream(_unwrapped(script), limits, line=line, lenient=True)
            items = list(json.elements()) if json.next() == "[" else [json.item()]
            json.end()
        except FileError as error:
            refuse(report, file, error.line, "", error.value, error.reason, error.remedy)
            continue
        for item in items:
            yield from recorded(file, item, report)


def _unwrapped(script: str) -> str:
    """Without the CDATA or comment signs that old pages put around a script; its lines stay."""
    inner = script
    for opens, closes in (("<![CDATA[", "]]>"), ("<!--", "-->")):
        start = inner.lstrip().removeprefix("//").lstrip()
        if start.startswith(opens) and inner.rstrip().endswith(closes):
            body = start.removeprefix(opens).rstrip().removesuffix(closes).rstrip()
            lead = inner[: len(inner) - len(start)]
            inner = "\n" * lead.count("\n") + body.removesuffix("//")
    return inner
