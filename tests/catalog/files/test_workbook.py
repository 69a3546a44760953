"""Workbooks and Parquet: read as they are shown, and within bounds."""

import io
import struct
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.load.files import Limits, kind_of
from catalog.load.files.formats import format_of
from tests.catalog.files import Reading, read, written
from tests.catalog.files.workbooks import cell, row, texts, workbook

HEAD = texts(1, "sku", "title", "price")
SHOP = {"Products": [HEAD, texts(2, "A1", "Lamp", "19.90")]}


def one_cell(folder: Path, raw: str, **more: object) -> Reading:
    rows = [texts(1, "sku", "value"), row(2, cell("A2", "A1"), cell("B2", raw=raw))]
    return read(written(folder, "a.xlsx", workbook({"S": rows}, **more)))  # type: ignore[arg-type]


# What a sheet shows


def test_a_sheet_is_read_with_the_lines_it_has(tmp_path: Path) -> None:
    rows = [texts(3, "sku", " title "), texts(5, "A1", " Lamp\nof oak "), row(9, cell("B9", "x"))]
    path = written(tmp_path, "a.xlsx", workbook({"Products": rows}))
    found = read(path)
    assert found.columns == ("sku", "title")
    assert found.rows == [
        (5, {"sku": "A1", "title": "Lamp\nof oak"}),
        (9, {"sku": "", "title": "x"}),
    ]
    assert found.head == {"sheet": "Products"}
    assert kind_of(path) == "xlsx"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("><v>19.899999999999999</v>", "19.9"),
        ("><v>19.9</v>", "19.9"),
        ("><v>4006381333931</v>", "4006381333931"),
        ("><v>4.006381333931E+12</v>", "4006381333931"),
        ("><v>1234567890123456789</v>", "1234567890123456789"),
        ("><v>1.0000000000000001E-7</v>", "0.0000001"),
        ("><v>0.30000000000000004</v>", "0.3"),
        ("><v>-0.0</v>", "0"),
        (' t="b"><v>1</v>', "TRUE"),
        (' t="str"><f>A2&amp;"x"</f><v>A1x</v>', "A1x"),
        (' t="str"><f>""</f><v></v>', ""),
        ("><f>1+1</f><v>2</v>", "2"),
        (' t="d"><v>2026-11-20</v>', "2026-11-20"),
        (' t="inlineStr"><is><t>a_x000D_b_x005F_c</t></is>', "a\rb_c"),
        (' t="inlineStr"><is><r><t>Li</t></r><r><t>nen</t></r></is>', "Linen"),
        (' t="s"><v>0</v>', "shared"),
        (' t="s"><v>1</v>', "東京"),
        ("/><c/>", ""),
    ],
)
def test_a_cell_is_read_as_it_is_shown(tmp_path: Path, raw: str, shown: str) -> None:
    shared = ["<si><t>shared</t></si>", "<si><r><t>東京</t></r><rPh><t>トウキョウ</t></rPh></si>"]
    raw = raw.replace("/><c/>", "></c><c>")
    found = one_cell(tmp_path, raw, shared=shared)
    assert found.report.ok, found.report.refused
    assert found.rows[0][1]["value"] == shown


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("yyyy-mm-dd", "46346", "2026-11-20"),
        ("dd/mm/yyyy hh:mm", "46346.4376736111", "2026-11-20 10:30:15"),
        ('d" de "mmmm" de "yyyy', "46346", "2026-11-20"),
        ('yyyy"年"m"月"d"日"', "46346", "2026-11-20"),
        ("[$-409]mmm-yy", "46346", "2026-11-20"),
        ("yyyy-mm-dd", "46346.5", "2026-11-20 12:00:00"),
        ("h:mm AM/PM", "0.4375", "10:30:00"),
        ("[h]:mm", "1.25", "30:00:00"),
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("0%", "0.2", "20%"),
        ("0.0%", "0.155", "15.5%"),
        ("[$€-407] #,##0.00", "1234.5", "€ 1234.5"),
        ('_-* #,##0.00 "€"_-', "12.5", "12.5 €"),
        ("[$USD] 0.00", "12", "USD 12"),
        ("[>100]0;0.0", "12", "12"),
        ('0.0 "kg"', "1.5", "1.5 kg"),
        ("00000000", "123", "00000123"),
        ('"SKU-"0000', "12", "SKU-0012"),
        ("0.00", "16.658333333333333", "16.66"),
        ("0.0", "19.95", "19.95"),
        ("#,##0", "19.9", "19.9"),
        ("@", "12", "12"),
        ("0.00E+00", "1234", "1234"),
        ("General", "5", "5"),
        ("#,##0.00_);[Red](#,##0.00)", "-3.5", "-3.5"),
    ],
)
def test_a_number_is_shown_in_its_format(code: str, value: str, shown: str) -> None:
    assert format_of(164, code).shown(value) == shown


def test_formats_are_taken_from_the_workbook(tmp_path: Path) -> None:
    assert format_of(14, None).shown("46346") == "2026-11-20"
    assert format_of(22, None).shown("46346.5") == "2026-11-20 12:00:00"
    assert format_of(9, None).shown("0.2") == "20%"
    rows = [texts(1, "sku", "from"), row(2, cell("A2", "A"), cell("B2", 44884, style=1))]
    content = workbook({"S": rows}, formats=["yyyy-mm-dd"], dates_from_1904=True)
    assert read(written(tmp_path, "a.xlsx", content)).rows[0][1]["from"] == "2026-11-20"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (' t="e"><v>#REF!</v>', "error of the spreadsheet"),
        ("><f>1+1</f>", "whose result is not stored"),
        ("><f>1+1</f><v></v>", "whose result is not stored"),
        ("><v>1e999</v>", "no number"),
        ("><v>nan</v>", "no number"),
        ("><v>abc</v>", ""),
        (f' t="inlineStr"><is><t>{"x" * 200_000}</t></is>', "characters"),
    ],
)
def test_a_cell_that_is_no_fact_refuses_its_row(tmp_path: Path, raw: str, reason: str) -> None:
    rows = [
        texts(1, "sku", "value"),
        row(2, cell("A2", "A1"), cell("B2", raw=raw)),
        texts(3, "A2", "x"),
    ]
    found = read(written(tmp_path, "a.xlsx", workbook({"S": rows})))
    assert [line for line, _ in found.rows] == [3]
    assert (found.refusal.line, found.refusal.field) == (2, "value")
    assert reason in found.refusal.reason


def test_a_day_that_is_none_refuses_its_row(tmp_path: Path) -> None:
    rows = [texts(1, "sku", "from"), row(2, cell("A2", "A"), cell("B2", 1e9, style=1))]
    found = read(written(tmp_path, "a.xlsx", workbook({"S": rows}, formats=["yyyy-mm-dd"])))
    assert found.refusal.reason == "is no date"


def test_the_first_sheet_that_is_not_hidden_is_read_or_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    sheets = {"Notes": [texts(1, "x"), texts(2, "y")], "Été": SHOP["Products"], "Old": [HEAD]}
    path = written(tmp_path, "a.xlsx", workbook(sheets, hidden=["Notes"]))
    assert read(path).head == {"sheet": "Été"}
    assert read(path, sheet="notes").rows == [(2, {"x": "y"})]
    found = read(path, sheet="Products")
    assert found.refusal.value == "Products"
    assert found.refusal.remedy == "it has: Notes, Été, Old"
    assert "no rows below" in read(path, sheet="Old").refusal.reason


# What is no sheet


def test_links_macros_and_packed_files_in_a_workbook_are_left_alone(tmp_path: Path) -> None:
    extra = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0",
        "xl/externalLinks/externalLink1.xml": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///x'>]>",
        "xl/embeddings/a.zip": b"PK\x05\x06" + bytes(18),
    }
    assert len(read(written(tmp_path, "a.xlsm", workbook(SHOP, extra=extra))).rows) == 1


def test_a_workbook_that_is_cut_short_or_damaged_is_refused(tmp_path: Path) -> None:
    whole = workbook(SHOP)
    at = whole.index(b"xl/worksheets/sheet1.xml") + 40
    damaged = bytearray(whole)
    damaged[at] ^= 0xFF
    for content in (whole[:-40], whole[: len(whole) // 2], bytes(damaged)):
        found = read(written(tmp_path, "a.xlsx", content))
        assert not found.opened
        assert "damaged" in found.refusal.reason


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_comes_out(tmp_path: Path) -> None:
    small = Limits(large=100_000, ratio=20)
    bomb = workbook(SHOP, extra={"xl/media/a.bin": bytes(2_000_000)})
    found = read(written(tmp_path, "a.xlsx", bomb), limits=small)
    assert "zip bomb" in found.refusal.reason
    lying = workbook({"S": [HEAD, *(texts(i, "A", "B") for i in range(2, 9_000))]})
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = lying.replace(struct.pack("<I", true), struct.pack("<I", 5_000))
    found = read(written(tmp_path, "a.xlsx", lying), limits=small)
    assert not found.opened
    many = workbook(SHOP, extra={f"x/{i}": b"" for i in range(50)})
    assert (
        "files" in read(written(tmp_path, "a.xlsx", many), limits=Limits(parts=20)).refusal.reason
    )


def test_other_zip_files_are_refused_saying_what_they_are(tmp_path: Path) -> None:
    for names, reason in (
        (["a.csv"], "zip file and not a workbook"),
        (["content.xml", "mimetype"], "OpenDocument"),
        (["[Content_Types].xml", "word/document.xml"], "text document"),
        (["[Content_Types].xml", "xl/workbook.bin"], ".xlsb"),
        (["[Content_Types].xml", "xl/a.xml"], "missing"),
    ):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        assert reason in read(written(tmp_path, "a.xlsx", packed.getvalue())).refusal.reason


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "nothing in its sheet"),
        ([HEAD], "no rows below"),
        ([texts(1, "sku", "sku"), texts(2, "A", "B")], "columns 1 and 2"),
        ([texts(2, "sku"), texts(1, "A")], "not in order"),
        ([HEAD, row(2, cell("A2", raw=' t="s"><v>7</v>'))], "not there"),
        ([HEAD, row(2, cell("2", "x"))], "has no place"),
        ([HEAD, "<row r='2'><c r='A2'>"], "damaged"),
        ([HEAD, f"<row r='2' x='{'x' * 200_000}'/>"], "a tag of more than"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(
    tmp_path: Path, rows: list[str], reason: str
) -> None:
    found = read(written(tmp_path, "a.xlsx", workbook({"S": rows})), limits=Limits(item=1_000))
    assert not found.opened
    assert reason in found.refusal.reason or "not XML" in found.refusal.reason


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    content = workbook(SHOP, doctype='<!DOCTYPE worksheet [<!ENTITY a "b">]>')
    assert "DOCTYPE" in read(written(tmp_path, "a.xlsx", content)).refusal.reason


# Parquet


def parquet(folder: Path, query: str, name: str = "a.parquet") -> Path:
    path = folder / name
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        """SELECT 'A1' AS sku, 4006381333931.0::DOUBLE AS gtin, 19.9::DOUBLE AS price,
        19.90::DECIMAL(9, 2) AS exact, 0.1::FLOAT AS rate, 'nan'::DOUBLE AS gap, NULL::INT AS none,
        3e20::DOUBLE AS big, DATE '2026-11-20' AS day_, TIMESTAMPTZ '2026-11-20 10:00:00+01' AS at_,
        true AS live, ['a', 'é'] AS tags, {'g': 3} AS of_, encode('thé') AS raw""",
        "we[i]rd*.parquet",
    )
    parquet(tmp_path, "SELECT 'other' AS sku", "weirdo.parquet")
    assert read(path).rows == [
        (
            1,
            {
                "sku": "A1",
                "gtin": "4006381333931",
                "price": "19.9",
                "exact": "19.90",
                "rate": "0.1",
                "gap": "",
                "none": "",
                "big": "300000000000000000000",
                "day_": "2026-11-20",
                "at_": "2026-11-20 09:00:00+00",
                "live": "true",
                "tags": '["a","é"]',
                "of_": '{"g":3}',
                "raw": "thé",
            },
        )
    ]


def test_parquet_that_is_no_shop_s_is_refused(tmp_path: Path) -> None:
    small = Limits(cell=100, columns=3, rows=1_000)
    for query, reason in (
        ("SELECT 1 AS a WHERE false", "no rows"),
        ("SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d", "4 columns"),
        ("SELECT repeat('x', 500) AS a", "500 characters"),
        ("SELECT 'a' || chr(0) AS a", "null characters"),
        ("SELECT '\\xFF'::BLOB AS a", "not text"),
        ("SELECT 1 AS a FROM range(1001)", "1,001 rows"),
    ):
        found = read(parquet(tmp_path, query), limits=small)
        assert not found.opened
        assert reason in found.refusal.reason


def test_parquet_that_is_cut_short_or_damaged_is_refused(tmp_path: Path) -> None:
    whole = parquet(tmp_path, "SELECT i AS sku, 'Lamp ' || i AS title FROM range(5000) t(i)")
    content = whole.read_bytes()
    for bad in (content[:-8], content[: len(content) // 2], content[:4], b"PAR1" + bytes(40)):
        found = read(written(tmp_path, "b.parquet", bad))
        assert not found.opened
        assert "damaged Parquet" in found.refusal.reason


RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@RELAXED
@given(st.data())
def test_no_damage_to_a_workbook_does_more_than_refuse_it(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(workbook(SHOP, formats=["0.00"], shared=["<si><t>x</t></si>"]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = read(written(tmp_path, "a.xlsx", bytes(content)))
    assert found.opened or found.report.refused[0].reason
