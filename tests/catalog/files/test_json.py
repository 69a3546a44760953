"""JSON, JSON lines and JSON-LD of pages, read item by item."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.load.files import Limits
from catalog.load.files.page import scripts
from catalog.load.files.stream import Stream
from tests.catalog.files import read, written

SMALL = Limits(line=300, cell=100, item=1_000, depth=5, page=2_000)
LD = '<script type="application/ld+json">'


# JSON


@pytest.mark.parametrize(
    ("text", "lines", "head"),
    [
        ('[\n{"sku": "A"},\n\n{"sku": "B"}]', [2, 4], {}),
        ('{"products": [{"sku": "A"}, {"sku": "B"}]}', [1, 1], {}),
        (
            '{"shop": {"currency": "EUR"},\n"items": [{"sku": "A"},\n{"sku": "B"}], "count": 2}',
            [2, 3],
            {"shop": {"currency": "EUR"}, "count": Decimal(2)},
        ),
        ('{"log": [[1, 2]], "data": {"products": [{"sku": "A"}, {"sku": "B"}]}}', [1, 1], None),
        ('{"teas": [{"sku": "A"}, {"sku": "B"}], "tags": ["x"]}', [1, 1], {}),
        (
            '{"data": {"products": {"edges": [{"node": {"sku": "A"}}, {"node": {"sku": "B"}}]}}}',
            [1, 1],
            None,
        ),
        (
            '{"@context": "schema.org", "@graph": [{"sku": "A"}, {"sku": "B"}]}',
            [1, 1],
            None,
        ),
    ],
)
def test_the_list_of_products_is_found_with_what_stands_around_it(
    tmp_path: Path, text: str, lines: list[int], head: dict[str, object] | None
) -> None:
    found = read(written(tmp_path, "a.json", text))
    assert [(line, row["sku"]) for line, row in found.rows] == list(zip(lines, "AB", strict=True))
    assert head is None or found.head == head
    assert found.report.ok


@pytest.mark.parametrize(
    "text",
    [
        '{"sku": "A", "images": [{"src": "x"}], "variants": [{"id": 1}, {"id": 2}]}',
        '{"product": {"sku": "A", "variants": [{"id": 1}]}}',
        '{"@type": "Product", "sku": "A", "offers": [{"price": "3"}]}',
        '{"@type": "Product", "sku": "A", "entries": [{"price": "3"}]}',
    ],
)
def test_one_product_is_one_record(tmp_path: Path, text: str) -> None:
    ((_, row),) = read(written(tmp_path, "a.json", text)).rows
    assert row["sku"] == "A"


def test_numbers_are_exact(tmp_path: Path) -> None:
    text = '[{"price": 19.90, "gtin": 4006381333931, "rate": 0.1}]'
    ((_, row),) = read(written(tmp_path, "a.json", text)).rows
    assert [str(value) for value in row.values()] == ["19.90", "4006381333931", "0.1"]


@pytest.mark.parametrize(
    ("item", "field", "reason"),
    [
        ('{"sku": "A", "price": 1, "price": 2}', "price", "twice"),
        ('{"price": 1e999999}', "", "no number"),
        ('{"price": -1E-999999}', "", "no number"),
        ('{"price": %s}' % ("9" * 200), "", "no number"),
        ('{"price": NaN}', "", "no number"),
        ('{"price": -Infinity}', "", "no number"),
        ('{"title": "a\\u0000b"}', "title", "null characters"),
        ('{"title": "a\\ud83d"}', "title", "half a character"),
        ('{"\\udead": 1}', "", "half a character"),
        ('{"a": {"title": "%s"}}' % ("x" * 101), "a.title", "101 characters"),
        ('{"a": [[[[[[[[1]]]]]]]]}', "a", "nested more than 5"),
        ("[1, 2]", "", "no object"),
        ('"text"', "", "no object"),
        ("null", "", "no object"),
    ],
)
def test_an_item_that_is_wrong_is_refused_alone(
    tmp_path: Path, item: str, field: str, reason: str
) -> None:
    for name, text in (
        ("a.json", f'[{{"sku": "A"}},\n{item},\n{{"sku": "B"}}]'),
        ("a.jsonl", f'{{"sku": "A"}}\n{item}\n{{"sku": "B"}}\n'),
    ):
        found = read(written(tmp_path, name, text), limits=SMALL)
        assert [line for line, _ in found.rows] == [1, 3]
        assert found.refusal.line == 2
        assert field in found.refusal.field
        assert reason in found.refusal.reason
        assert found.report.read == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"A": {"price": "1", "sizes": [{"n": 1}]}, "B": {"price": "2"}}',
        '{"shop": {"name": "X"}, "products": {"A": {"price": "1"}, "B": {"price": "2"}}}',
        '{"data": {"items": {"x": {"SKU": "A", "price": "1"}, "B": {"Price": "2"}}}}',
    ],
)
def test_products_under_their_skus_are_read(tmp_path: Path, text: str) -> None:
    found = read(written(tmp_path, "a.json", text))
    assert found.report.ok
    assert [row.get("sku") or row.get("SKU") for _, row in found.rows] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[{"sku": "A"},\n{"sku": "B', 2, "cut short"),
        ('[{"sku": "A"},\n{"sku": "B"', 2, "cut short"),
        ('[{"sku": "A"},\n{"sku": tru', 2, "cut short"),
        ('[{"sku": "A"},\n{"sku": "B"}\n', 3, "cut short"),
        ('[{"sku": "A"},\n', 2, "cut short"),
        ('{"products": [{"sku": "A"}', 1, "cut short"),
        ('[{"sku": "A"},\n{"sku": B}]', 2, "not JSON from here"),
        ('[{"sku": "A"}\n{"sku": "B"}]', 2, ", is expected"),
        ('[{"sku": "A"}]\n[]', 2, "more follows"),
        ("[]", 0, "is empty"),
        ('{"products": []}', 0, "no list of products"),
        ('["A", "B"]', 0, "not of objects"),
        ('{"a": 1, "b": {"c": 2}}', 0, "no list of products"),
        ('{"products": [{"sku": "A"}],\n"products": [{"sku": "B"}]}', 2, "twice"),
        ("[" * 10_000, 1, "nested"),
        ('[{"a":' * 10_000, 1, "nested"),
        ('[{"sku": "' + "x" * 300_000 + '"}]', 1, "more than 1,000 characters"),
        ('[{"sku": "' + "x" * 300_000, 1, ""),
        ('{"sku": "' + "x" * 600_000 + '"}', 1, "more than 1,000 characters"),
    ],
)
def test_what_is_no_json_is_refused_where_it_ceases_to_be(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    found = read(written(tmp_path, "a.json", text), limits=SMALL)
    assert not found.opened
    assert found.refusal.line == line
    assert reason in found.refusal.reason


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(-1000, 1000, places=2)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


class Dripping:
    """A text that comes in pieces of a few characters."""

    def __init__(self, text: str, piece: int) -> None:
        self._text = text
        self._piece = piece
        self._at = 0

    def read(self, _: int) -> str:
        found = self._text[self._at : self._at + self._piece]
        self._at += self._piece
        return found


@given(st.lists(JSON, max_size=5), st.integers(1, 7), st.sampled_from([None, 1]))
def test_how_a_file_comes_in_pieces_changes_nothing(
    values: list[object], piece: int, indent: int | None
) -> None:
    text = json.dumps(values, default=float, indent=indent, ensure_ascii=piece % 2 == 0)
    stream = Stream(Dripping(text, piece), Limits())  # type: ignore[arg-type]  # read is all
    found = [item.value for item in stream.elements()]
    stream.end()
    assert found == json.loads(text, parse_float=Decimal, parse_int=Decimal)


# JSON lines


def test_json_lines_are_read_and_a_bad_one_is_refused_alone(tmp_path: Path) -> None:
    text = '{"sku": "A"}\n\n{"sku": }\n{"sku": "B"} x\n{"sku": "C"}'
    found = read(written(tmp_path, "a.jsonl", text))
    assert [line for line, _ in found.rows] == [1, 5]
    assert [one.line for one in found.report.refused] == [3, 4]


def test_json_lines_that_are_cut_short_are_refused_at_their_last_line(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.jsonl", '{"sku": "A"}\n{"sku": "B"}\n{"sku": "C'))
    assert not found.opened
    assert found.refusal.line == 3
    assert "cut short" in found.refusal.reason


def test_a_line_of_json_that_is_too_long_or_deep_is_refused(tmp_path: Path) -> None:
    long = written(tmp_path, "a.jsonl", '{"sku": "A"}\n{"sku": "' + "x" * 400 + '"}\n')
    assert (read(long, limits=SMALL).refusal.line, read(long, limits=SMALL).opened) == (2, False)
    deep = written(tmp_path, "b.jsonl", '{"sku": "A"}\n' + "[" * 10_000 + "\n" + '{"sku": "B"}\n')
    found = read(deep)
    assert [line for line, _ in found.rows] == [1, 3]
    assert "nested" in found.refusal.reason


# Pages


def test_each_node_of_a_page_is_a_record_at_its_line(tmp_path: Path) -> None:
    page = f"""<!doctype html><html lang="fr-CA"><head>
<!-- {LD}{{"name": "a draft"}}</script> -->
<script>var x = "<b>";</script>
{LD}
{{"@graph": [{{"name": "A"}}, {{"name": "B"}}]}}</script>
<SCRIPT id=x TYPE='application/ld+json' nonce="1">[{{"name": "C"}},
 {{"name": "D
over two lines"}}]</SCRIPT>
{LD}//<![CDATA[
{{"name": "E"}}
//]]></script></head></html>"""
    found = read(written(tmp_path, "a.html", page))
    names = [(line, str(row["name"])[0]) for line, row in found.rows]
    assert names == [(5, "A"), (5, "B"), (6, "C"), (7, "D"), (10, "E")]
    assert found.head == {"lang": "fr-CA"}
    assert found.report.ok


def test_a_script_that_is_no_json_is_refused_alone(tmp_path: Path) -> None:
    page = f'<html>\n{LD}{{"name": }}</script>\n{LD}{{"name": "B"}}</script></html>'
    found = read(written(tmp_path, "a.html", page))
    assert [line for line, _ in found.rows] == [3]
    assert found.refusal.line == 2


@pytest.mark.parametrize(
    "page",
    [
        "<html><table><tr><td>A1</td></tr></table></html>",
        "<html><script>{}</script>",
        f"<html>{LD}" + '{"name": "A"}',
        f"<html><!-- {LD}{{}}</script>",
    ],
)
def test_a_page_without_json_ld_is_refused(tmp_path: Path, page: str) -> None:
    assert "has no JSON-LD" in read(written(tmp_path, "a.html", page)).refusal.reason


def test_a_page_that_is_too_long_is_refused(tmp_path: Path) -> None:
    page = written(tmp_path, "a.html", "<html>" + "x" * 3_000)
    assert "larger than" in read(page, limits=SMALL).refusal.reason


def test_a_page_of_nothing_but_openings_takes_no_time() -> None:
    for sign in ("<script", "<script>", "<!--", LD, "<script </script"):
        assert not [text for _, text in scripts(sign * 200_000) if "{" in text]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from((*'<>!-/a"={}[]:,\n', LD, "</script", "<!--", '"a":')), max_size=60)
)
def test_no_page_does_more_than_be_refused(tmp_path: Path, signs: list[str]) -> None:
    text = "".join(signs)
    page = written(tmp_path, "a.html", f"<html>{LD}{text}</script>{text}")
    assert read(page).report.refusals >= 0


def test_the_encoding_that_a_page_declares_is_taken(tmp_path: Path) -> None:
    page = f'<html><meta charset="shift_jis">{LD}{{"name": "茶碗"}}</script></html>'
    found = read(written(tmp_path, "a.html", page.encode("shift_jis")))
    assert found.rows[0][1] == {"name": "茶碗"}
    assert not found.report.suspicious
