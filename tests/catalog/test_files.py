"""A file that a shop exports is read as it is, or refused where and why it cannot be."""

import codecs
import csv
import gzip
import io
import os
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from catalog.errors import CatalogError
from catalog.load.files import Limits, kind_of, opened
from catalog.load.report import Report
from tests.catalog.files import read, written

SMALL = Limits(line=2_000, cell=100, columns=5, large=10_000, ratio=20)
TABLE = "sku,title,price\nA1,Lamp,19.90\nA2,Desk,120\n"


# Tables


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_table_is_found(tmp_path: Path, separator: str) -> None:
    path = written(tmp_path, "a.csv", TABLE.replace(",", separator))
    assert read(path).rows[0] == (2, {"sku": "A1", "title": "Lamp", "price": "19.90"})


def test_decimal_commas_do_not_make_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "sku;title;price, EUR\nA1;Lamp, oak;19,90\nA2;Desk;5,00\n")
    assert read(path).rows[0][1] == {"sku": "A1", "title": "Lamp, oak", "price, EUR": "19,90"}


def test_a_separator_that_excel_is_told_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "sep=;\nsku;title\nA1;Lamp\n")
    assert read(path).rows == [(3, {"sku": "A1", "title": "Lamp"})]


def test_a_line_is_counted_as_an_editor_does(tmp_path: Path) -> None:
    text = 'sku,title\n\nA1,"a lamp\nof\nthree lines"\r\nA2,a\x85b\u2028c\x0bd\nA3,x\n'
    lines = [line for line, _ in read(written(tmp_path, "a.csv", text)).rows]
    assert lines == [3, 6, 7]


def test_empty_rows_are_no_rows(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.csv", "sku,title,price\n,,\nA1,Lamp,1\n\n , ,\n"))
    assert [line for line, _ in found.rows] == [3]
    assert found.report.ok


def test_a_row_that_has_lost_its_empty_cells_is_whole(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.csv", "sku,title,price,note,tag\nA1,Lamp,1\nA2,Desk,2,,\nA3,Mug,3\n"
    )
    found = read(path)
    assert found.report.ok
    assert found.rows[0][1] == {"sku": "A1", "title": "Lamp", "price": "1", "note": "", "tag": ""}


def test_a_row_that_a_line_break_has_torn_is_refused_in_both_halves(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "sku,title,price,stock\nA1,Lamp\nof oak,19,3\nA2,Desk,20,4\n")
    found = read(path)
    assert [line for line, _ in found.rows] == [4]
    assert [(one.line, one.field) for one in found.report.refused] == [(2, "title"), (3, "price")]
    assert "torn" in found.report.refused[0].reason
    assert found.report.read == 2


def test_a_cell_that_stands_alone_is_refused_with_its_neighbours(tmp_path: Path) -> None:
    text = "sku,title,text\nA1,Lamp,x\nA2,Mug,of\nclay\nA3,Desk,\nA4,Bowl,\n"
    found = read(written(tmp_path, "a.csv", text))
    assert [line for line, _ in found.rows] == [2, 6]
    assert [one.line for one in found.report.refused] == [3, 4, 5]


def test_empty_cells_beyond_the_heading_are_nothing_and_others_refuse_their_row(
    tmp_path: Path,
) -> None:
    found = read(written(tmp_path, "a.csv", "sku,title\nA1,Lamp,,\nA2,Desk,oak\nA3,Mug\n"))
    assert [line for line, _ in found.rows] == [2, 4]
    assert (found.refusal.line, found.refusal.field, found.refusal.value) == (3, "column 3", "oak")


def test_columns_without_a_name_are_called_by_their_place(tmp_path: Path) -> None:
    """As pandas writes its index, and Excel empty columns."""
    found = read(written(tmp_path, "a.csv", ",sku,title,,\n0,A1,Lamp,,\n"))
    assert found.columns == ("column 1", "sku", "title")
    assert found.rows[0][1] == {"column 1": "0", "sku": "A1", "title": "Lamp"}


def test_a_wrong_quote_refuses_its_line_alone(tmp_path: Path) -> None:
    text = 'sku,title,price\nA1,"Desk 5" wide",3\nA2,Mug 5" high,4\nA3,"Lamp, oak",5\n'
    found = read(written(tmp_path, "a.csv", text))
    assert [line for line, _ in found.rows] == [3, 4]
    assert found.refusal.line == 2
    assert "double each quote" in found.refusal.remedy


def test_a_quote_too_many_takes_no_other_row_with_it(tmp_path: Path) -> None:
    text = 'sku,title\nA1,"Lamp\nA2,Desk\nA3,"Mug, blue"\nA4,Bowl\n'
    found = read(written(tmp_path, "a.csv", text))
    assert [line for line, _ in found.rows] == [3, 4, 5]
    assert found.refusal.line == 2


# Tables that cannot be read


def test_an_open_quote_refuses_the_file_at_the_line_where_it_opens(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.csv", 'sku,title\nA1,Lamp\nA2,"Desk\nof oak\n'))
    assert not found.opened
    assert (found.refusal.line, found.refusal.field) == (3, "column 2")
    assert "never closed" in found.refusal.reason


def test_an_export_that_is_cut_short_is_refused_at_its_last_line(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.csv", "sku,title,price\nA1,Lamp,1\nA2,De"))
    assert not found.opened
    assert (found.refusal.line, found.refusal.field, found.refusal.value) == (3, "title", "De")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "nothing but blanks"),
        (b"\xef\xbb\xbf", "nothing but blanks"),
        (b"sku,title\n", "no rows"),
        (b"sku,title", "no rows"),
        (b"sku,title\n\n\n", "no rows"),
        (b"sku,title,sku\nA1,Lamp,A1\n", "columns 1 and 3"),
        (b"sku,title\nA1,La\0mp\n", "null characters"),
        (b"s\0k\0u\0,\0t\0\n\0A\0,\0", "null characters"),
        (b"\x7fELF\x02\x01", "is a program"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x1f\x8b\x08\x00garbage", "gzip"),
        (b"a,b,c,d,e,f\n1,2,3,4,5,6\n", "6 columns"),
    ],
)
def test_what_is_no_table_is_refused_saying_what_it_is(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    found = read(written(tmp_path, "a.csv", content), limits=SMALL)
    assert not found.opened
    assert reason in found.refusal.reason
    assert found.refusal.file == "a.csv"


def test_a_line_that_does_not_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"sku,title\nA1,")
        file.seek(200 * 2**20)  # a hole: nothing on the disk
        file.write(b"x")
    assert read(path).refusal.reason.startswith(("has null", "has a line"))
    path = written(tmp_path, "b.csv", "sku,title\nA1," + "x" * 3_000 + "\n")
    found = read(path, limits=SMALL)
    assert found.refusal.line == 2
    assert "more than 2,000 characters" in found.refusal.reason


def test_a_row_over_too_many_lines_is_refused_where_it_begins(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'sku,title\nA1,"' + "x\n" * 3_000 + '"\n')
    found = read(path, limits=SMALL)
    assert (found.opened, found.refusal.line) == (False, 2)


def test_a_cell_that_is_too_long_refuses_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", f"sku,title\nA1,{'x' * 101}\nA2,Desk\n")
    found = read(path, limits=SMALL)
    assert [line for line, _ in found.rows] == [3]
    assert (found.refusal.line, found.refusal.field) == (2, "title")
    assert "101 characters" in found.refusal.reason


# What is no file


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name, reason in (
        ("none.csv", "no such file"),
        ("", "is a folder"),
        ("pipe", "is a pipe"),
        ("loop", "cannot be opened"),
        ("x" * 300, "cannot be opened"),
        ("a\0b", "cannot be opened"),
    ):
        assert reason in read(tmp_path / name).refusal.reason
        assert kind_of(tmp_path / name) is None
    assert "is a pipe or a device" in read(Path(os.devnull)).refusal.reason


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "a.csv", TABLE)

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # who runs the tests may read everything
    assert "may not be read" in read(path).refusal.reason


def test_a_sheet_can_only_be_named_of_a_workbook(tmp_path: Path) -> None:
    assert "no sheets" in read(written(tmp_path, "a.csv", TABLE), sheet="Products").refusal.reason


def test_a_file_that_changes_while_it_is_read_ends_the_load(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", TABLE)
    found = opened(path, Report("a"))
    assert found
    path.write_text("sku,title,price\nA1,La", "utf-8")
    with pytest.raises(CatalogError, match="changed while it was read"):
        list(found.records)


# Encodings


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_western_text_is_read_in_the_encoding_it_is_in(
    tmp_path: Path, codec: str, said: str
) -> None:
    text = "sku;désignation\nA1;Théière émaillée, cœur de chêne\n"
    text = text.replace("œ", "oe") if codec == "latin-1" else text
    found = read(written(tmp_path, "a.csv", text.encode(codec)))
    assert found.report.ok
    assert found.rows[0][1]["désignation"] == text.split(";")[-1].strip()
    noted = found.report.suspicious
    assert [one.reason for one in noted] == ([f"read as {said}: check accents"] if said else [])
    assert not noted or "désignation" in noted[0].value


@pytest.mark.parametrize("order", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_both_orders_of_utf_16_are_read(tmp_path: Path, order: bytes) -> None:
    name = "utf-16-le" if order == codecs.BOM_UTF16_LE else "utf-16-be"
    text = "sku\ttitle\r\nA1\t茶壶 🫖\r\n"
    found = read(written(tmp_path, "a.txt", order + text.encode(name)))
    assert found.rows == [(2, {"sku": "A1", "title": "茶壶 🫖"})]


def test_chinese_exports_are_read_and_said_to_be_guessed(tmp_path: Path) -> None:
    text = "编号,名称,价格\nA1,蓝色电脑鼠标,¥59.90\nA2,纯棉毛巾(大号),12元\n"
    found = read(written(tmp_path, "a.csv", text.encode("gb18030")))
    assert found.rows[0][1]["名称"] == "蓝色电脑鼠标"
    assert found.report.suspicious[0].reason == "read as GB18030: check accents"


@pytest.mark.parametrize(
    ("codec", "title"),
    [
        ("cp1251", "Чайник стальной, большой"),
        ("cp1250", "Długopis żółty, świetny kształt"),
        ("shift_jis", "とても良いお茶です。茶碗もあります"),
        ("euc_kr", "좋은 차 주전자와 찻잔 세트 그리고 수건"),
        ("mac_roman", "Théière émaillée à poignée"),
        ("cp850", "Théière émaillée à poignée"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused(tmp_path: Path, codec: str, title: str) -> None:
    found = read(written(tmp_path, "a.csv", f"sku;title\nA1;{title}\n".encode(codec)))
    assert not found.opened
    assert "UTF-8" in found.refusal.remedy
    assert found.refusal.line == 2


def test_a_broken_byte_in_utf_8_is_refused_with_its_place(tmp_path: Path) -> None:
    content = "sku,title\nA1,Thé\nA2,Caf".encode() + b"\xe9" + " au lait, thé\n".encode()
    found = read(written(tmp_path, "a.csv", content))
    assert not found.opened
    assert found.refusal.line == 3
    assert f"byte {content.index(0xE9) + 1:,}" in found.refusal.reason.replace("0xE9", "")
    assert "Caf" in found.refusal.value


def test_a_file_cut_in_the_middle_of_a_character_is_refused(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.csv", "sku,title\nA1,thé\nA2,茶".encode()[:-1]))
    assert not found.opened
    assert "middle of a character" in found.refusal.reason


def test_utf_32_is_refused(tmp_path: Path) -> None:
    assert "UTF-32" in read(written(tmp_path, "a.csv", TABLE.encode("utf-32"))).refusal.reason


# Packed files


def test_packed_tables_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv.gz", gzip.compress(TABLE.encode()))
    assert len(read(path).rows) == 2
    assert kind_of(path) == "table"


def test_packed_files_that_are_cut_short_damaged_or_bombs_are_refused(tmp_path: Path) -> None:
    whole = gzip.compress(TABLE.encode() * 500)
    bad = bytearray(whole)
    bad[-8] ^= 0xFF
    bomb = gzip.compress(b"sku,title\n" + b"A1,Lamp\n" * 10_000)
    for content, reason in (
        (whole[:-20], "cut short"),
        (bytes(bad), "damaged gzip"),
        (bomb, "unpacks to more than"),
        (gzip.compress(gzip.compress(b"a,b")), "packed twice"),
        (gzip.compress(b""), "is empty"),
    ):
        found = read(written(tmp_path, "a.csv.gz", content), limits=SMALL)
        assert not found.opened
        assert reason in found.refusal.reason


# What kind it is


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", TABLE, "table"),
        ("a.csv", '[{"sku": "A"}]', "json"),
        ("a.csv", "[id],[name]\n1,2\n", "table"),
        ("a.json", '{"products": [\n', "json"),
        ("a.json", '{"sku": "A"}\n{"sku": "B"}\n', "jsonl"),
        ("a.ndjson", "oops\n", "jsonl"),
        ("a.xls", "<html><table>", "html"),
        ("a.txt", "<?xml version='1.0'?>\n<!-- x -->\n<rss>", "xml"),
        ("a.xml", "<?xml version='1.0'?><!DOCTYPE html><html>", "html"),
        ("a.html", "\n<!DOCTYPE HTML>\n<HTML>", "html"),
    ],
)
def test_the_content_tells_the_kind_before_the_name(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    assert kind_of(written(tmp_path, name, content)) == kind
    assert kind_of(written(tmp_path, name, codecs.BOM_UTF8 + content.encode())) == kind


# Properties


MINIMAL: Literal[0] = 0
ALL: Literal[1] = 1
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20).map(
    str.strip
)
NAMES = st.lists(
    st.text(st.sampled_from("abcdefgé茶 "), min_size=1, max_size=6).map(str.strip).filter(bool),
    min_size=2,
    max_size=5,
    unique=True,
)
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(NAMES)
    row = st.lists(CELLS, min_size=len(names), max_size=len(names))
    return names, draw(st.lists(row, min_size=1, max_size=5))


@RELAXED
@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([MINIMAL, ALL]),
)
def test_any_table_is_read_as_it_was_written_with_its_lines(
    tmp_path: Path,
    table: tuple[list[str], list[list[str]]],
    separator: str,
    codec: str,
    end: str,
    quoting: Literal[0, 1],
) -> None:
    names, rows = table
    if end != "\r\n":  # Python's writer puts no quotes around an end of line that is not its own
        quoting = ALL
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerow(names)
    expected = []
    for cells in rows:
        before = out.getvalue()
        line = 1 + before.count("\n") + before.replace("\r\n", "").count("\r")
        writer.writerow(cells)
        if any(cells):
            expected.append((line, dict(zip(names, cells, strict=True))))
    found = read(written(tmp_path, "a.csv", out.getvalue().encode(codec)))
    assume(expected)
    assert found.rows == expected
    assert found.report.ok


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


WESTERN = st.text(st.sampled_from("abcdrstéèàçêîôœ’ -,;"), max_size=30)


@RELAXED
@given(st.lists(WESTERN, min_size=1, max_size=5))
def test_western_text_is_read_right_or_refused_never_as_something_else(
    tmp_path: Path, titles: list[str]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["sku", "title"], *([f"A{i}", title] for i, title in enumerate(titles))])
    content = out.getvalue().encode("cp1252")
    assume(not _is_utf8(content) or content.isascii())  # then it is that, for whoever reads it
    found = read(written(tmp_path, "a.csv", content))
    if found.opened:
        assert [row["title"] for _, row in found.rows] == [title.strip() for title in titles]


BYTES = st.binary(max_size=300)
HEADS = st.sampled_from(
    (
        *(b"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"),
        *(b"sku,title\nA,", b'sku,title\nA,"', b'{"products": [', b"[", b'{"a": 1}\n{"'),
        *(b"<rss><item>", b"<?xml ", b"<html>", b'<script type="application/ld+json">'),
    )
)


@settings(RELAXED, max_examples=300)
@given(HEADS, BYTES, st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xml", "a.html", "a.xlsx"]))
@example(b"", b"sku;title\n1;\xe9", "a.csv")
def test_no_bytes_do_more_than_be_refused(
    tmp_path: Path, head: bytes, rest: bytes, name: str
) -> None:
    found = read(written(tmp_path, name, head + rest))
    assert found.opened or found.report.refused[0].reason
