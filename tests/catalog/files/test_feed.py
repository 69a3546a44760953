"""XML feeds, read item by item, in which nothing is fetched or expanded."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.load.files import Limits
from tests.catalog.files import read, written

SMALL = Limits(cell=100, item=1_000, depth=5)
GOOGLE = 'xmlns:g="http://base.google.com/ns/1.0"'


def rss(*items: str) -> str:
    inner = "\n".join(("<title>Shop</title>", *items))
    return f"<?xml version='1.0'?>\n<rss {GOOGLE}><channel>{inner}</channel></rss>"


def test_items_are_their_elements_by_name(tmp_path: Path) -> None:
    item = (
        "<item><g:id>A1</g:id>\n<title> Tea &amp; <![CDATA[<b>milk</b>]]></title><g:empty/>"
        "<g:shipping><g:country>FR</g:country><g:price>4 EUR</g:price></g:shipping>"
        "<g:shipping><g:country>BE</g:country></g:shipping></item>"
    )
    found = read(written(tmp_path, "a.xml", rss(item, "<item><g:id>A2</g:id></item>")))
    assert found.rows == [
        (
            3,
            {
                "id": "A1",
                "title": "Tea & <b>milk</b>",
                "empty": "",
                "shipping": [{"country": "FR", "price": "4 EUR"}, {"country": "BE"}],
            },
        ),
        (5, {"id": "A2"}),
    ]
    assert found.head == {"title": "Shop"}


def test_google_s_own_element_is_taken_before_a_plain_or_foreign_one(tmp_path: Path) -> None:
    text = rss("<item><x:id>9</x:id><title>plain</title><g:title>google</g:title><id>1</id></item>")
    text = text.replace("<rss", '<rss xmlns:x="urn:x"')
    assert read(written(tmp_path, "a.xml", text)).rows[0][1] == {"id": "1", "title": "google"}
    other = text.replace("g:", "base:").replace("xmlns:g", "xmlns:base")
    assert read(written(tmp_path, "a.xml", other)).rows[0][1] == {"id": "1", "title": "google"}


def test_links_of_atom_and_attributes_are_read(tmp_path: Path) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Shop</title><entry id="7">'
        '<link rel="alternate" href="https://example.test/a"/><title type="html">Lamp</title>'
        '<price currency="EUR">19.90</price></entry></feed>'
    )
    found = read(written(tmp_path, "a.atom", text))
    assert found.rows[0][1] == {
        "@id": "7",
        "link": "https://example.test/a",
        "link@rel": "alternate",
        "title": "Lamp",
        "price": "19.90",
        "price@currency": "EUR",
    }


def test_a_text_written_with_elements_is_a_text(tmp_path: Path) -> None:
    text = rss("<item><description>Soft, <b>warm</b>\n wool.</description></item>")
    assert read(written(tmp_path, "a.xml", text)).rows[0][1] == {"description": "Soft, warm wool."}


@pytest.mark.parametrize("codec", ["utf-16", "iso-8859-1", "windows-1252", "gb2312", "shift_jis"])
def test_the_encoding_that_a_feed_declares_is_taken(tmp_path: Path, codec: str) -> None:
    title = "Théière" if codec in ("iso-8859-1", "windows-1252", "utf-16") else "茶"
    text = rss(f"<item><title>{title}</title></item>").replace("'1.0'", f"'1.0' encoding='{codec}'")
    found = read(written(tmp_path, "a.xml", text.encode(codec)))
    assert found.rows[0][1] == {"title": title}
    assert not found.report.suspicious


@pytest.mark.parametrize("codec", ["utf-7", "unicode_escape", "hex", "nonsense", "rot13"])
def test_other_declared_encodings_are_not_believed(tmp_path: Path, codec: str) -> None:
    text = rss("<item><title>+ADw-b+AD4-</title></item>").replace(
        "'1.0'", f"'1.0' encoding='{codec}'"
    )
    assert read(written(tmp_path, "a.xml", text)).rows[0][1] == {"title": "+ADw-b+AD4-"}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (rss("<item><g:id>A1</g:id></item>")[:-30], 3, "cut short"),
        (rss("<item><g:id>A1"), 3, "not XML"),
        (rss("<item>\n<title>Tea & milk</title></item>"), 4, "not XML from here"),
        ("<rss><channel><title>x</title></channel></rss>", 0, "has no products"),
        ("<rss/>", 0, "has no products"),
        ("<?xml version='1.0'?>", 1, "cut short"),
        (rss("<item a='" + "x" * 200_000 + "'/>"), 3, "a tag of more than"),
        (rss("<!-- " + "x" * 200_000 + " --><item/>"), 3, "a tag of more than"),
        (rss("<item>", "x" * 200_000, "</item>"), 3, "an item of more than"),
        ("<rss>" + "<a>" * 200, 1, "nested too deep"),
    ],
)
def test_what_is_no_feed_is_refused_where_it_ceases_to_be(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    found = read(written(tmp_path, "a.xml", text), limits=SMALL)
    assert not found.opened
    assert (found.refusal.line, reason in found.refusal.reason) == (line, True), found.refusal


BOMB = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
FETCHED = '<!DOCTYPE rss SYSTEM "http://example.test/a.dtd">'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, FETCHED, "<!DOCTYPE rss>"])
def test_entities_are_never_declared_nor_fetched(tmp_path: Path, doctype: str) -> None:
    text = rss("<item><title>&a;</title></item>").replace("<rss", f"{doctype}<rss")
    found = read(written(tmp_path, "a.xml", text))
    assert not found.opened
    assert (found.refusal.line, found.refusal.value) == (2, "<!DOCTYPE rss")


@pytest.mark.parametrize(
    ("inner", "field", "reason"),
    [
        (f"<title>{'x' * 101}</title>", "title", "101 characters"),
        ("<a>" * 10 + "</a>" * 10, "a", "nested more than 5"),
        ("<a/>" * 10_001, "a", "more than 10,000 elements"),
        ("<a>" + "<b>xxxxxxxxxx</b>" * 101 + "</a>", "b", "too long"),
    ],
)
def test_an_item_that_is_wrong_is_refused_alone(
    tmp_path: Path, inner: str, field: str, reason: str
) -> None:
    text = rss("<item><id>A</id></item>", f"<item>{inner}</item>", "<item><id>B</id></item>")
    found = read(written(tmp_path, "a.xml", text), limits=SMALL)
    assert [line for line, _ in found.rows] == [3, 5]
    assert (found.refusal.line, found.refusal.field) == (4, field)
    assert reason in found.refusal.reason


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)
NAME = st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.dictionaries(NAME, TEXT, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_items_are_read_as_they_were_written(
    tmp_path: Path, items: list[dict[str, str]]
) -> None:
    texts = (
        "<item>" + "".join(f"<g:{k}>{escape(v)}</g:{k}>" for k, v in one.items()) + "</item>"
        for one in items
    )
    found = read(written(tmp_path, "a.xml", rss(*texts)))
    assert [row for _, row in found.rows] == [
        {key: value.strip() for key, value in one.items()} for one in items
    ]
