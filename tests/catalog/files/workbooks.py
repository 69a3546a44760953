"""Workbooks written by hand, so that each sign of the format can be right or wrong."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def cell(place: str, value: object = None, *, style: int = 0, raw: str = "") -> str:
    """A cell: a text is held inline; *raw* is the whole of what stands in the cell."""
    if raw:
        return f'<c r="{place}" s="{style}"{raw}</c>'
    if isinstance(value, str):
        text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
        return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def texts(number: int, *values: str) -> str:
    """A row of texts."""
    return row(number, *(cell(f"{chr(65 + i)}{number}", text) for i, text in enumerate(values)))


def workbook(
    sheets: Mapping[str, Sequence[str]],
    *,
    formats: Sequence[str] = (),
    shared: Sequence[str] = (),
    hidden: Sequence[str] = (),
    dates_from_1904: bool = False,
    extra: Mapping[str, bytes] | None = None,
    doctype: str = "",
) -> bytes:
    """Rows by sheet; style 0 is General, style n the nth of *formats*; *shared* are whole ``<si>``
    elements."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for i, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in enumerate(names, 1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{163 + i}" formatCode={quoteattr(code)}/>'
        for i, code in enumerate(formats, 1)
    )
    styles = "".join(f'<xf numFmtId="{163 + i}"/>' for i, _ in enumerate(formats, 1))
    since = '<workbookPr date1904="1"/>' if dates_from_1904 else ""
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package"/>',
        "xl/workbook.xml": f'{_XML}<workbook {_MAIN} xmlns:r="{_LINKS}">{since}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{_XML}<Relationships {_PACKAGE}>{links}</Relationships>",
        "xl/styles.xml": f"{_XML}<styleSheet {_MAIN}><numFmts>{codes}</numFmts>"
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"{_XML}<sst {_MAIN}>{''.join(shared)}</sst>"
    for i, name in enumerate(names, 1):
        data = "".join(sheets[name])
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f"{_XML}{doctype}<worksheet {_MAIN}><sheetData>{data}</sheetData></worksheet>"
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        for part, more in (extra or {}).items():
            archive.writestr(part, more)
    return packed.getvalue()
