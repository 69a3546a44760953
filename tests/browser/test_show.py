"""A whole real show in a real browser: asked, answered, seen, heard."""

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page

from agent.ledger import verify
from catalog import sample
from tests.browser.chromium import chromium, until
from tests.running import Running, running

pytestmark = pytest.mark.real

LISTEN = """() => {
  const video = document.querySelector('video'); video.muted = false;
  const context = new AudioContext(); const tap = context.createAnalyser();
  context.createMediaElementSource(video).connect(tap); tap.connect(context.destination);
  const wave = new Float32Array(tap.fftSize); window.loudest = 0;
  setInterval(() => { tap.getFloatTimeDomainData(wave);
    window.loudest = Math.max(window.loudest, ...wave.map(Math.abs)) }, 40);
}"""
MOUTH = """() => {
  const video = document.querySelector('video'); const canvas = document.createElement('canvas');
  canvas.width = 80; canvas.height = 60; const pen = canvas.getContext('2d');
  const w = video.videoWidth, h = video.videoHeight;
  pen.drawImage(video, w * 0.38, h * 0.57, w * 0.24, h * 0.1, 0, 0, 80, 60);
  return Array.from(pen.getImageData(0, 0, 80, 60).data.filter((_, i) => i % 4 == 0));
}"""


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("show")
    sample.build(folder / "shop.duckdb")
    with running(folder, "--no-model") as started:
        yield started


@pytest.fixture(scope="module")
def page(show: Running) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.open(show.watch, 1280, 860)
        until(page, "document.querySelector('video').currentTime > 1", 60)
        yield page
        # That the sockets close when the show has ended is no fault of the page.
        assert not [fault for fault in browser.faults if fault.startswith(("outside", "error"))]


def test_the_notice_is_given_and_heard_first(page: Page, show: Running) -> None:
    page.evaluate(LISTEN)
    page.wait_for_selector("li.host.notice", timeout=30_000)
    until(page, "window.loudest > 0.05", 20)
    assert "AI" in page.inner_text("li.host.notice")


def test_a_typed_question_is_answered_in_picture_and_sound(page: Page, show: Running) -> None:
    _quiet(show)
    still = _moves(page, 1.0)
    page.evaluate("window.loudest = 0")
    page.fill("input[name=question]", "How much is number 1?")
    page.keyboard.press("Enter")
    page.wait_for_selector("li.host:not(.notice) .words >> text=$", timeout=20_000)
    until(page, "window.loudest > 0.05", 20)
    speaking = _moves(page, 2.0)
    assert speaking > 2 * still
    said = [line for line in _record(show) if line["kind"] == "cleared"]
    assert any(item["fact"].endswith("price") for item in said[-1]["data"]["evidence"])


def test_a_price_changed_through_the_api_is_on_the_page_and_in_the_answer(
    page: Page, show: Running
) -> None:
    _quiet(show)
    base, _, token = show.studio.partition("/studio#token=")
    headers = {"Authorization": f"Bearer {token}"}
    old = page.inner_text(".product.large .price strong")
    sku = httpx.get(f"{base}/api/catalog?limit=1", headers=headers).json()["products"][0]["sku"]
    offers = httpx.get(f"{base}/api/catalog/{sku}", headers=headers).json()["offers"]
    for name in {offer["name"] for offer in offers}:
        httpx.delete(f"{base}/api/catalog/{sku}/offers/{name}", headers=headers)
    url = f"{base}/api/catalog/{sku}/price"
    answer = httpx.put(url, json={"amount": "31.25", "sure": True}, headers=headers)
    assert answer.json()["on_air"] is True
    page.wait_for_selector(".product.large .price strong >> text=$31.25", timeout=5_000)
    assert old != "$31.25"
    page.fill("input[name=question]", "How much is number 1 now?")
    page.keyboard.press("Enter")
    page.wait_for_selector("li.host .words >> text=$31.25", timeout=20_000)


def test_markup_in_a_question_stays_text(page: Page, show: Running) -> None:
    page.fill("input[name=question]", "<img src=x onerror='window.pwned=1'> how much is it?")
    page.keyboard.press("Enter")
    page.wait_for_selector("li.ask >> text=<img", timeout=10_000)
    assert page.evaluate("window.pwned") is None


def test_the_show_ends_in_order_and_leaves_a_whole_record(show: Running, page: Page) -> None:
    _quiet(show)
    assert show.end() == 0
    assert not list(verify(show.folder / "show.jsonl"))
    films = sorted(show.folder.glob("*.mp4"))
    assert films
    assert films[0].stat().st_size > 100_000


def _record(show: Running) -> list[dict[str, Any]]:
    lines = Path(show.folder / "show.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _quiet(show: Running) -> None:
    """Wait until the host has finished speaking, and a second more."""
    end = time.monotonic() + 60
    while _record(show)[-1]["kind"] not in ("notice", "answered"):
        assert time.monotonic() < end
        time.sleep(0.2)
    time.sleep(1.5)


def _moves(page: Page, seconds: float) -> float:
    """How much the mouth's part of the picture changes, in mean absolute grey levels."""
    pictures = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pictures.append(np.array(page.evaluate(MOUTH), float))
        time.sleep(0.08)
    return float(np.mean([np.abs(a - b).mean() for a, b in itertools.pairwise(pictures)]))
