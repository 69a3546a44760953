from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.agent.publish.synthetic import SMALL
from tests.agent.studio.fakes import TOKEN, Room
from tests.browser.chromium import Browser, chromium, until

pytestmark = pytest.mark.real

PIXELS = """() => {
  const video = document.querySelector("video")
  const canvas = Object.assign(document.createElement("canvas"), { width: 72, height: 128 })
  const context = canvas.getContext("2d")
  context.drawImage(video, 0, 0, 72, 128)
  return [...context.getImageData(0, 0, 72, 32).data].filter((_, n) => n % 4 === 0).join()
}"""


@pytest.fixture(scope="module")
def program() -> Iterator[Browser]:
    with chromium() as open_browser:
        yield open_browser


@pytest.fixture
def room() -> Iterator[Room]:
    with Room(encoding=SMALL) as server:
        yield server


@pytest.fixture
def browser(program: Browser, room: Room) -> Iterator[Browser]:
    program.faults.clear()
    yield program
    assert program.faults == []
    program.close_pages()


def plays(page: Page) -> None:
    """Wait until the show plays with sound, and its picture moves."""
    until(page, "document.querySelector('video').currentTime > 0.5")
    start = page.evaluate("document.querySelector('video').currentTime")
    before = page.evaluate(PIXELS)
    until(page, f"document.querySelector('video').currentTime > {start + 0.5}")
    assert page.evaluate(PIXELS) != before
    assert page.evaluate("document.querySelector('video').webkitAudioDecodedByteCount") > 0


def test_a_viewer_sees_the_show_asks_and_reads_the_answer(browser: Browser, room: Room) -> None:
    page = browser.open(room.watch_url)
    plays(page)
    assert not page.evaluate("document.querySelector('video').muted")
    expect(page.locator(".who")).to_contain_text("Mia is an AI, not a person")
    expect(page.locator(".product.large")).to_contain_text("€24.90")
    page.fill("input.name", "Ann")
    page.fill("input[name=question]", "how much is the lamp?")
    page.keyboard.press("Enter")
    expect(page.locator(".ask").last).to_contain_text("how much is the lamp?")
    assert room.desk.asked == [("Ann", "how much is the lamp?")]
    room.tell("picked", id="m1", author="Ann", text="how much is the lamp?", language="en")
    expect(page.locator(".ask .badge.blue")).to_have_text("answering")
    room.tell("said", id="m1", text="It is €24.90.", language="en", rung="fact", frame=50)
    room.tell("said", id="m1", text="It ships today.", language="en", rung="model", frame=90)
    expect(page.locator(".host").last).to_contain_text("It is €24.90. It ships today.")
    expect(page.locator(".host .to").last).to_have_text("Ann: how much is the lamp?")
    room.tell("pinned", card=room.desk.products[1])
    expect(page.locator(".product.large")).to_contain_text("Travel mug")


def test_markup_in_chat_is_text(browser: Browser, room: Room) -> None:
    page = browser.open(room.watch_url, 390, 844)
    evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    expect(page.locator(".live").first).to_be_visible()
    page.fill("input.name", "<b>Eve</b>")
    page.fill("input[name=question]", evil)
    page.click("button.main")
    expect(page.locator(".ask .words")).to_have_text(evil)
    expect(page.locator(".ask b").first).to_have_text("<b>Eve</b>")
    assert page.locator(".ask img").count() == 0
    assert page.title() == "Live shop with an AI host"


def test_a_viewer_speaks_and_reads_what_came_of_it(browser: Browser, room: Room) -> None:
    page = browser.open(room.watch_url)
    expect(page.locator(".live").first).to_be_visible()
    page.click("button[title*='English voice messages']")
    expect(page.locator(".recording")).to_contain_text("English voice messages")
    page.wait_for_timeout(400)
    page.click(".recording button.main")
    expect(page.locator(".note")).to_have_text("That is not sound.")  # the fake wants WAV
    assert room.desk.recordings[0][:4] == b"\x1aE\xdf\xa3"  # WebM, as any Chromium records


def test_the_operator_sees_why_a_sentence_was_said_and_holds_the_show(
    browser: Browser, room: Room
) -> None:
    page = browser.open(room.studio_url, 1440, 900)
    plays(page)
    assert TOKEN not in page.url
    question = {"id": "q", "author": "Bo", "text": "how much?", "language": "en"}
    room.tell("asked", source="viewer", **question)
    room.tell("picked", asked_by=3, **question)
    price = {"id": "SKU-1/price", "version": 3, "field": "price", "text": "€24.90"}
    room.tell("facts", id="q", topic="price", sku="SKU-1", facts=[price])
    evidence = [{"fact": "SKU-1/price", "version": 3}]
    room.tell("said", id="q", text="It is €24.90.", rung="fact", evidence=evidence, frame=9)
    room.tell("refused", id="q", text="It is the best.", rule="absolute", reason="no source")
    expect(page.locator(".line.picked")).to_contain_text("×3")
    expect(page.locator(".proof")).to_have_text("SKU-1/pricev3€24.90")
    expect(page.locator(".item.refused")).to_contain_text("absolute")
    room.tell("answered", id="q", times_s={"facts": 0.02, "first_audio": 0.41}, rungs=["fact"])
    expect(page.locator(".health tbody tr").nth(3)).to_contain_text("0.41")

    page.locator(".line .block").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("s")
    page.keyboard.press("t")
    expect(page.locator(".button.warn.on")).to_contain_text("Give back")
    page.keyboard.press("2")
    expect(page.locator(".ware.on")).to_contain_text("Travel mug")
    page.keyboard.press("/")
    page.keyboard.type("It is the best lamp")
    page.keyboard.press("Enter")
    page.click(".button.warn.on")
    expect(page.locator(".button.warn:not(.on)")).to_contain_text("Take over")
    said = ("say", "It is the best lamp", "en")
    wanted = [
        ("block", "q", True),
        ("stop",),
        ("take_over", True),
        ("pin", "SKU-2"),
        said,
        ("take_over", False),
    ]
    assert room.desk.done == wanted
    words = {"id": "o", "text": "It is the best lamp"}
    room.tell("picked", author="operator", language="en", **words)
    room.tell("refused", rule="absolute", reason="no source", **words)
    expect(page.locator(".say .why")).to_contain_text("was not said: no source")


def test_the_studio_asks_for_its_token(browser: Browser, room: Room) -> None:
    page = browser.open(f"{room.base}/studio", 390, 844)
    page.fill("input[type=password]", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".login")).to_contain_text("not this show's")
    page.fill("input[type=password]", TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator(".hand")).to_contain_text("Take over")


def test_a_page_comes_back_after_its_server_was_away(program: Browser) -> None:
    with Room(encoding=SMALL) as room:
        page = program.open(room.watch_url)
        plays(page)
        port = room.listener.getsockname()[1]
    expect(page.locator("header .live")).to_have_text("Connecting")
    with Room(encoding=SMALL, port=port):
        expect(page.locator("header .live")).to_have_text("LIVE")
        until(page, "!document.querySelector('.veil')")
        plays(page)
        program.close_pages()
    assert [fault for fault in program.faults if "WebSocket connection" not in fault] == []


def test_the_operator_is_told_of_distress_and_the_room_is_not(browser: Browser, room: Room) -> None:
    studio = browser.open(room.studio_url)
    watch = browser.open(room.watch_url)
    line = {"id": "d", "text": "I want to kill myself", "language": "en", "source": "viewer"}
    room.tell("asked", author="a viewer", flag="distress", shown="…", kind="distress", **line)
    room.tell("alert", id="d", why="distress", author="Zoe", text=line["text"])
    alert = studio.locator(".say [role=alert]")
    expect(alert).to_contain_text("Zoe may need help")
    alert.get_by_role("button").click()
    expect(alert).to_have_count(0)
    expect(watch.locator(".ask").last).to_contain_text("…")
    expect(watch.locator("body")).not_to_contain_text("kill myself")


LONG = """async () => {
  const { happened, NOTHING } = await import("/pages/show.js")
  let state = NOTHING
  for (let n = 0; n < 4000; n += 1) {
    const id = `m${n}`
    const line = { id, at: n, author: "Ann", text: "how much?", language: "en" }
    for (const [kind, more] of Object.entries({ asked: {}, picked: {}, facts: { facts: [] },
      said: { frame: n, rung: "fact", evidence: [] }, answered: { times_s: { facts: 0.1 } } })) {
      state = happened(state, { kind, ...line, ...more })
    }
  }
  return JSON.stringify(state).length
}"""


def test_hours_of_events_leave_the_studio_no_larger(browser: Browser, room: Room) -> None:
    page = browser.open(room.studio_url, 1500, 900)
    expect(page.locator(".chat, .talk").first).to_be_visible()
    assert page.evaluate(LONG) < 150_000  # characters of state, after 20,000 events
    sizes = []
    for part in range(3):
        for n in range(part * 150, part * 150 + 150):
            line = {"id": f"m{n}", "author": "Ann", "text": f"line {n}", "language": "en"}
            room.tell("asked", source="viewer", **line)
            room.tell("said", rung="fact", evidence=[], frame=n, **line)
        expect(page.locator(".line").last).to_contain_text(f"line {part * 150 + 149}")
        expect(page.locator(".turn").last).to_contain_text(f"line {part * 150 + 149}")
        sizes.append(page.evaluate("document.querySelectorAll('*').length"))
    assert sizes[2] - sizes[1] < 60
    assert page.locator(".line").count() == 200
    assert page.locator(".turn").count() == 60


def test_the_operator_sees_what_comes_next_and_whether_it_is_recorded(
    browser: Browser, room: Room
) -> None:
    page = browser.open(room.studio_url, 1500, 900)
    expect(page.locator(".next")).to_contain_text("Aurora lamp")
    room.tell("plan", current=1, next=0, step=1, steps=3, paused=True)
    expect(page.locator(".next p").first).to_contain_text("Aurora lamp")
    expect(page.locator(".next .badge")).to_have_text("held")
    room.tell("stats", frame=25, record={"lines": 1204, "parts": 2, "bytes": 31_000_000})
    expect(page.locator(".tally")).to_contain_text("1,204 lines")
    expect(page.locator(".tally")).to_contain_text("31 MB in 2")
    room.tell("blocked", viewers=[{"id": "m1", "name": "Troll"}], words=["scam"])
    page.locator(".blocked summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".blocked li").first).to_contain_text("Troll")
    page.get_by_role("button", name="Allow").focus()
    page.keyboard.press("Enter")
    room.tell("stats", frame=50, record={"lines": 1210, "parts": 0, "bytes": 0})
    expect(page.locator(".tally b.warn")).to_have_text("off")
    assert room.desk.done == [("block_word", "scam", False)]
