"""The API over a real catalog: what it changes is so when it answers, and nobody else gets in."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ports import BackendError, LoadReport, Progress
from agent.studio.uploads import plain_name
from agent.types import Fact, Money, Quantity, RoomEvent, What
from catalog import sample
from catalog.backroom import Backroom
from catalog.store import Store
from tests.agent.studio.fakes import TOKEN, Room


@dataclass
class Report:
    """A report of nothing in particular."""

    ok: bool = True
    version: int = 7

    def as_dict(self) -> dict[str, object]:
        return {"read": 3, "refused": []}

    def as_html(self) -> str:
        return "<!doctype html><style>b{color:red}</style><b>3 rows</b><script>alert(1)</script>"


@dataclass
class Bench(Backroom):
    """A real backroom whose loads do what the test wants."""

    store: Store
    fails: Exception | None = None
    go: threading.Event = field(default_factory=threading.Event)
    seen: list[tuple[str, str, bytes, bool, bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.store)
        self.go.set()

    async def load(
        self,
        path: Path,
        name: str,
        *,
        partial: bool,
        add: bool,
        dry_run: bool,
        progress: Progress,
    ) -> LoadReport:
        progress("reading", 1, 3)
        content = await asyncio.to_thread(path.read_bytes)
        self.seen.append((path.name, name, content, partial, add, dry_run))
        await asyncio.to_thread(self.go.wait, 20)
        if self.fails:
            raise self.fails
        return Report()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    path = tmp_path_factory.mktemp("api") / "shop.duckdb"
    sample.build(path)
    store = Store.open_now(path)
    yield Bench(store)
    store.close_now()


@pytest.fixture(scope="module")
def room(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    spool = tmp_path_factory.mktemp("spool") / "uploads"
    with Room(backroom=bench, spool=spool, most_upload_bytes=100_000) as server:
        yield server


@pytest.fixture
def api(room: Room) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{room.base}/api", headers={"Authorization": f"Bearer {TOKEN}"}
    ) as client:
        yield client


def fact(bench: Bench, name: str) -> Fact:
    found = bench.store.current(name)
    assert found is not None, name
    return found


def amount(bench: Bench, name: str) -> Decimal:
    value = fact(bench, name).value
    assert isinstance(value, Money | Quantity)
    return value.amount


# --- who gets in -------------------------------------------------------------------------------

PATHS = (
    ("GET", "/api/catalog"),
    ("GET", "/api/catalog/HP-MUG"),
    ("GET", "/api/catalog/HP-MUG/history"),
    ("PUT", "/api/catalog/HP-MUG/price"),
    ("DELETE", "/api/catalog/HP-MUG"),
    ("POST", "/api/changes"),
    ("POST", "/api/events"),
    ("POST", "/api/load?name=x.csv"),
    ("GET", "/api/load/abc"),
    ("GET", "/api/questions"),
    ("POST", "/api/questions/abc/answer"),
    ("DELETE", "/api/questions/abc"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_nothing_is_done_or_told_without_the_token(bench: Bench, method: str, path: str) -> None:
    with Room(backroom=bench) as room:
        for given in (None, "Bearer wrong", f"Bearer {TOKEN}x", TOKEN, "Basic abc"):
            headers = {"Authorization": given} if given else {}
            answer = httpx.request(method, room.base + path, headers=headers)
            assert answer.status_code == 401
            assert "token" in answer.json()["error"]
    assert bench.store.product("HP-MUG") is not None


def test_guessing_the_token_is_slowed_and_its_owner_is_not(bench: Bench) -> None:
    with Room(backroom=bench) as room:
        with httpx.Client() as stranger:
            statuses: list[int] = []
            while 429 not in statuses and len(statuses) < 2000:
                statuses.append(stranger.get(f"{room.base}/api/catalog").status_code)
        assert set(statuses) == {401, 429}
        known = {"Authorization": f"Bearer {TOKEN}"}
        assert httpx.get(f"{room.base}/api/catalog", headers=known).status_code == 200


def test_pages_of_other_sites_get_nowhere(room: Room, api: httpx.Client) -> None:
    answer = api.get("/catalog", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    answer = api.get("/catalog", headers={"Origin": room.base})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"


# --- looking -----------------------------------------------------------------------------------


def test_products_are_found_by_name_by_sku_by_variant_and_by_number(api: httpx.Client) -> None:
    def found(words: str) -> str:
        return str(api.get("/catalog", params={"q": words}).json()["products"][0]["sku"])

    assert found("travel mug") == "HP-MUG"
    assert found("HP-MUG") == "HP-MUG"
    assert found("HP-MUG-G") == "HP-MUG"
    number = api.get("/catalog/HP-MUG").json()["card"]["number"]
    assert found(f"#{number}") == "HP-MUG"
    assert len(api.get("/catalog", params={"limit": "3"}).json()["products"]) == 3
    assert api.get("/catalog", params={"q": "zzzzz"}).json()["products"] == []
    assert api.get("/catalog", params={"limit": "0"}).json() == {"error": "limit: from 1 to 100"}


def test_a_fact_says_its_version_validity_and_source(api: httpx.Client) -> None:
    told = api.get("/catalog/HP-LAMP").json()
    price = next(one for one in told["facts"] if one["id"] == "HP-LAMP/price")
    assert price["text"] == "$39.90"
    assert price["value"] == {"kind": "money", "amount": "39.90", "currency": "USD"}
    assert price["version"] > 0
    assert "offers.csv line" in price["source"]
    assert price["valid_until"]
    assert told["offers"][0]["amount"] == "39.90"
    assert told["variants"][0]["price"] == "49.90"


def test_the_history_is_all_that_was_ever_said(api: httpx.Client) -> None:
    rows = api.get("/catalog/HP-LAMP/history").json()["history"]
    assert {row["part"] for row in rows} >= {"products", "offers", "attributes"}
    assert [row["version"] for row in rows] == sorted(row["version"] for row in rows)
    assert api.get("/catalog/NONE/history").status_code == 404


# --- changing ----------------------------------------------------------------------------------


def test_a_price_is_on_the_air_when_the_call_answers(bench: Bench, api: httpx.Client) -> None:
    answer = api.put("/catalog/HP-MUG/price", json={"amount": "15.90"})
    assert answer.json() == {"version": bench.store.version, "on_air": True}
    assert amount(bench, "HP-MUG/price") == Decimal("15.90")
    assert api.put("/catalog/HP-MUG-G/stock", json={"quantity": 3}).status_code == 200
    assert amount(bench, "HP-MUG/stock/HP-MUG-G") == 3
    assert api.put("/catalog/HP-MUG-G/stock", json={"quantity": None}).status_code == 200
    assert bench.store.current("HP-MUG/stock/HP-MUG-G") is None


def test_an_offer_begins_and_is_ended(bench: Bench, api: httpx.Client) -> None:
    before = amount(bench, "HP-SOAP/price")
    body = {"amount": "6.90", "until": "2099-01-01T00:00:00+01:00"}
    assert api.put("/catalog/HP-SOAP/offers/flash", json=body).status_code == 200
    assert amount(bench, "HP-SOAP/price") == Decimal("6.90")
    assert api.delete("/catalog/HP-SOAP/offers/flash").status_code == 200
    assert amount(bench, "HP-SOAP/price") == before
    assert "no offer flash" in api.delete("/catalog/HP-SOAP/offers/flash").json()["error"]


def test_a_text_and_an_answer_are_said_at_once(bench: Bench, api: httpx.Client) -> None:
    body = {"language": "en", "words": ["Hand wash only."]}
    assert api.put("/catalog/HP-MUG/texts/care", json=body).status_code == 200
    assert getattr(fact(bench, "HP-MUG/care").value, "items", ()) == ("Hand wash only.",)
    answer = {"language": "en", "question": "Does it float?", "answer": "No, it sinks."}
    assert api.put("/catalog/HP-MUG/answers/float", json=answer).status_code == 200
    assert fact(bench, "HP-MUG/answer/float").source == "live"


def test_a_slip_is_asked_back(bench: Bench, api: httpx.Client) -> None:
    before = amount(bench, "HP-SOCKS/price")
    answer = api.put("/catalog/HP-SOCKS/price", json={"amount": str(before * 10)})
    assert answer.status_code == 409
    assert answer.json()["sure"] is True
    assert "10 times more" in answer.json()["error"]
    assert amount(bench, "HP-SOCKS/price") == before
    sure = api.put("/catalog/HP-SOCKS/price", json={"amount": str(before * 10), "sure": True})
    assert sure.status_code == 200
    back = api.put("/catalog/HP-SOCKS/price", json={"amount": str(before), "sure": True})
    assert back.status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "why"),
    [
        ("/catalog/NONE/price", '{"amount": "1.00"}', 404, "no such product or variant"),
        ("/catalog/HP-MUG/price", '{"amount": 19.9}', 422, 'as text, "19.90"'),
        ("/catalog/HP-MUG/price", '{"amount": 19}', 422, 'as text, "19.90"'),
        ("/catalog/HP-MUG/price", '{"amount": "19,90"}', 422, 'write it as "19.90"'),
        ("/catalog/HP-MUG/price", '{"amount": "NaN"}', 422, "no number"),
        ("/catalog/HP-MUG/price", '{"amount": "-1.00"}', 422, "above zero"),
        ("/catalog/HP-MUG/price", '{"amount": "1.005"}', 422, "2 decimals"),
        ("/catalog/HP-MUG/price", '{"amount": "15", "currency": "EUR"}', 422, "are in USD"),
        ("/catalog/HP-MUG/price", '{"amout": "19.90"}', 422, "amout"),
        ("/catalog/HP-MUG/price", '{"amount": "15", "name": "X"}', 422, "name stands in the addr"),
        ("/catalog/HP-MUG/price", "", 422, "`amount`"),
        ("/catalog/HP-MUG/price", "[]", 422, "JSON object"),
        ("/catalog/HP-MUG/price", "{", 422, "truncated"),
        ("/catalog/HP-MUG/price", "\xff", 422, "invalid"),
        ("/catalog/HP-MUG/price", "[" * 5000, 422, "nested too deeply"),
        ("/catalog/HP-MUG/price", '{"amount": "' + "1" * 20_000 + '"}', 413, "at most 16384"),
        ("/catalog/HP-MUG/stock", '{"quantity": 1.5}', 422, "$.quantity"),
        ("/catalog/HP-MUG/stock", '{"quantity": 5}', 422, "say of which variant"),
        ("/catalog/HP-MUG/offers/x", '{"amount": "1", "until": "2099-01-01"}', 422, "$.until"),
        (
            "/catalog/HP-MUG/offers/x",
            '{"amount": "9.00", "until": "2099-01-01T00:00:00"}',
            422,
            "+01:00",
        ),
        ("/catalog/HP-MUG/texts/care", '{"language": "de", "words": ["x"]}', 422, "$.language"),
        ("/catalog/HP-MUG/texts/care", '{"language": "en", "words": []}', 422, "$.words"),
        (
            "/catalog/HP-MUG/answers/x",
            '{"language": "en", "question": "Good?", "answer": "The best in the world."}',
            422,
            "the host would not say this",
        ),
    ],
)
def test_what_is_not_understood_changes_nothing_and_is_said_with_its_field(
    bench: Bench, api: httpx.Client, path: str, body: str, status: int, why: str
) -> None:
    before = bench.store.version
    answer = api.put(path, content=body.encode("latin-1"))
    assert (answer.status_code, why in answer.json()["error"]) == (status, True), answer.text
    assert bench.store.version == before


def test_a_batch_is_all_or_nothing(bench: Bench, api: httpx.Client) -> None:
    changes = [
        {"do": "stock", "name": "HP-MUG-G", "quantity": 9},
        {"do": "price", "name": "HP-SOAP", "amount": "8.80"},
    ]
    assert api.post("/changes", json={"changes": changes}).status_code == 200
    assert amount(bench, "HP-MUG/stock/HP-MUG-G") == 9
    before = bench.store.version
    for bad, why in (
        ({"do": "stock", "name": "NONE", "quantity": 1}, "change 3 of 3: NONE: no such"),
        ({"do": "price", "name": "HP-SOAP", "amount": "1,0"}, "changes[2]: amount"),
        ({"do": "fly", "name": "HP-SOAP"}, "$.changes[2].do"),
    ):
        answer = api.post("/changes", json={"changes": [*changes, bad]})
        assert answer.status_code == 422
        assert why in answer.json()["error"]
    assert bench.store.version == before
    bodies: list[dict[str, object]] = [{"changes": []}, {"changes": [changes[0]] * 1001}, {}]
    for body in bodies:
        assert api.post("/changes", json=body).status_code == 422


def test_a_product_is_withdrawn(bench: Bench, api: httpx.Client) -> None:
    assert api.delete("/catalog/HP-PUZZLE").status_code == 200
    assert bench.store.product("HP-PUZZLE") is None
    assert api.get("/catalog/HP-PUZZLE").status_code == 404
    assert api.delete("/catalog/HP-PUZZLE").status_code == 404


def test_a_hundred_at_once_are_all_acknowledged(bench: Bench, api: httpx.Client) -> None:
    def one(number: int) -> int:
        answer = api.put("/catalog/HP-MUG-S/stock", json={"quantity": number})
        return int(answer.json()["version"])

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(one, range(100)))
    assert len(set(versions)) == 100


# --- questions ---------------------------------------------------------------------------------


def ask(bench: Bench, text: str) -> str:
    bench.store.unanswered.note(text, "en", "HP-MUG", 4)
    bench.store.unanswered.settle()
    return next(q.id for q in bench.questions() if q.text == text)


def test_an_answer_given_to_an_open_question_becomes_a_fact(
    bench: Bench, api: httpx.Client
) -> None:
    name = ask(bench, "Does it fit a bicycle bottle cage?")
    (told,) = [q for q in api.get("/questions").json()["questions"] if q["id"] == name]
    assert (told["asked"], told["sku"], told["language"]) == (4, "HP-MUG", "en")
    bad = api.post(f"/questions/{name}/answer", json={"answer": "It cures eczema."})
    assert (bad.status_code, "the host would not say this" in bad.json()["error"]) == (422, True)
    good = api.post(f"/questions/{name}/answer", json={"answer": "Yes, in most cages."})
    assert good.json() == {"version": bench.store.version, "on_air": True}
    said = fact(bench, f"HP-MUG/answer/asked-{name}")
    assert said.source == "answered in the studio"
    assert name not in [q["id"] for q in api.get("/questions").json()["questions"]]
    again = api.post(f"/questions/{name}/answer", json={"answer": "Yes."})
    assert again.status_code == 404


def test_a_question_is_dismissed(bench: Bench, api: httpx.Client) -> None:
    name = ask(bench, "Will you marry me?")
    assert api.delete(f"/questions/{name}").json() == {"dismissed": True}
    assert api.delete(f"/questions/{name}").status_code == 404


def test_an_answer_may_be_about_the_shop(bench: Bench, api: httpx.Client) -> None:
    name = ask(bench, "Do you have a real store?")
    body = {"answer": "Our studio is open on Saturdays.", "sku": ""}
    assert api.post(f"/questions/{name}/answer", json=body).status_code == 200
    assert bench.store.current(f"shop/answer/asked-{name}") is not None


# --- loading -----------------------------------------------------------------------------------


def over(api: httpx.Client, name: str) -> dict[str, object]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        state: dict[str, object] = api.get(f"/load/{name}").json()
        if state["over"]:
            return state
        time.sleep(0.02)
    raise TimeoutError(name)


def test_a_file_is_taken_loaded_and_reported(bench: Bench, api: httpx.Client, room: Room) -> None:
    answer = api.post("/load?name=..%2F..%2Fetc%2Fmy%20export.CSV&partial=1", content=b"a,b\n1,2\n")
    assert answer.status_code == 202
    state = over(api, answer.json()["id"])
    assert (state["name"], state["ok"], state["version"]) == ("my export.CSV", True, 7)
    assert state["report"] == {"read": 3, "refused": []}
    assert bench.seen[-1] == ("my export.CSV", "my export.CSV", b"a,b\n1,2\n", True, False, False)
    page = httpx.get(room.base + str(state["report_url"]))
    assert "3 rows" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert httpx.get(room.base + str(state["report_url"])[:-3]).status_code == 404
    assert not list(room.settings.spool.iterdir()), "nothing of it stays"  # type: ignore[union-attr]


@given(st.text(max_size=300))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    plain = plain_name(name)
    assert Path(plain).name == plain
    assert plain.strip(". ")
    assert len(plain.encode()) <= 255
    assert not set(plain) & set("/\\\0\n")


def test_one_file_at_a_time(bench: Bench, api: httpx.Client) -> None:
    bench.go.clear()
    first = api.post("/load?name=a.csv", content=b"x")
    assert first.status_code == 202
    second = api.post("/load?name=b.csv", content=b"x")
    assert (second.status_code, "another file" in second.json()["error"]) == (409, True)
    assert api.put("/catalog/HP-MUG-S/stock", json={"quantity": 5}).status_code == 200, "goes on"
    bench.go.set()
    over(api, first.json()["id"])
    third = api.post("/load?name=c.csv", content=b"x")
    assert third.status_code == 202
    over(api, third.json()["id"])


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_is_refused(api: httpx.Client, room: Room, chunked: bool) -> None:
    body = b"x" * 100_001
    content = iter([body[:50_000], body[50_000:]]) if chunked else body
    answer = api.post("/load?name=big.csv", content=content)
    assert (answer.status_code, "candor catalog load" in answer.json()["error"]) == (413, True)
    assert not list(room.settings.spool.iterdir())  # type: ignore[union-attr]


def test_an_upload_that_breaks_off_leaves_nothing(api: httpx.Client, room: Room) -> None:
    host, port = room.listener.getsockname()[:2]
    with socket.create_connection((host, port)) as half:
        head = f"POST /api/load?name=a.csv HTTP/1.1\r\nHost: {host}\r\nContent-Length: 90000\r\n"
        half.sendall(f"{head}Authorization: Bearer {TOKEN}\r\n\r\nabc".encode())
        time.sleep(0.2)
    end = time.monotonic() + 5
    while time.monotonic() < end and list(room.settings.spool.iterdir()):  # type: ignore[union-attr]
        time.sleep(0.02)
    assert not list(room.settings.spool.iterdir())  # type: ignore[union-attr]
    answer = api.post("/load?name=a.csv", content=b"x")
    assert answer.status_code == 202
    over(api, answer.json()["id"])


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (BackendError("a.csv: this is a photograph"), "a.csv: this is a photograph"),
        (KeyError("column"), "the reader broke on this file (KeyError)"),
        (ValueError("odd"), "the reader broke"),
    ],
)
def test_a_file_that_breaks_the_reader_costs_that_load_only(
    bench: Bench, api: httpx.Client, fault: Exception, why: str
) -> None:
    bench.fails = fault
    try:
        state = over(api, api.post("/load?name=a.csv", content=b"x").json()["id"])
    finally:
        bench.fails = None
    assert why in str(state["error"])
    assert api.get("/catalog").status_code == 200


@pytest.mark.parametrize(
    ("query", "why"),
    [("", "say what the file is called"), ("?name=a.csv&partial=yes", "partial: 0 or 1")],
)
def test_a_load_is_asked_for_plainly(api: httpx.Client, query: str, why: str) -> None:
    answer = api.post(f"/load{query}", content=b"x")
    assert (answer.status_code, why in answer.json()["error"]) == (422, True)
    assert api.post("/load?name=a.csv", content=b"").status_code == 422
    assert json.loads(api.get("/load/none").text)["error"]


# --- what viewers did --------------------------------------------------------------------------


def test_events_are_taken_from_who_has_the_token(room: Room, api: httpx.Client) -> None:
    body = {"events": [{"what": "gift", "viewer": "Ann"}, {"what": "like", "count": 250}]}
    assert api.post("/events", json=body).json() == {"taken": 2}
    assert room.desk.happenings == [RoomEvent(What.GIFT, "Ann"), RoomEvent(What.LIKE, "", 250)]
    assert httpx.post(f"{room.base}/api/events", json=body).status_code == 401
    assert len(room.desk.happenings) == 2


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ('{"events": []}', 422, "$.events"),
        ("{}", 422, "`events`"),
        ("[", 422, '{"events": [{"what": "gift"'),
        ('{"events": [{"what": "hug"}]}', 422, "one of entry, like, follow, gift, order"),
        ('{"events": [{"what": "gift", "count": 0}]}', 422, "count"),
        ('{"events": [{"what": "gift", "count": 1e9}]}', 422, "count"),
        ('{"events": [{"what": "gift", "worth": 5}]}', 422, "worth"),
        ('{"events": [{"what": "gift", "viewer": "' + "x" * 81 + '"}]}', 422, "viewer"),
        ('{"events": [' + ",".join(['{"what": "like"}'] * 201) + "]}", 422, "<= 200"),
        ('{"events": ["' + "x" * 40_000 + '"]}', 413, "at most 32768"),
        ("[" * 5000, 422, '{"events": [{"what"'),
    ],
)
def test_events_that_are_not_understood_are_refused_with_their_field(
    room: Room, api: httpx.Client, body: str, status: int, why: str
) -> None:
    before = len(room.desk.happenings)
    answer = api.post("/events", content=body)
    assert (answer.status_code, why in answer.json()["error"]) == (status, True), answer.text
    assert len(room.desk.happenings) == before


def test_a_flood_of_events_is_turned_away_with_what_to_do(room: Room, api: httpx.Client) -> None:
    body = {"events": [{"what": "like"}] * 200}
    answers = [api.post("/events", json=body) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "1"
    assert "one event with a count" in answers[-1].json()["error"]
