"""Debian's Chromium, with nothing reached but the page's own server."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

ARGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


class Browser:
    """Opens pages, and keeps what should not have happened on them."""

    def __init__(self, make: Callable[[int, int], Page]) -> None:
        self._make = make
        self._pages: list[Page] = []
        self.faults: list[str] = []
        """Errors of the pages, and requests to anywhere but their own server."""

    def open(self, url: str, width: int = 1280, height: int = 800) -> Page:
        page = self._make(width, height)
        self._pages.append(page)
        home = urlsplit(url).netloc
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda request: self._check(request.url, home))
        page.on("websocket", lambda socket: self._check(socket.url, home))
        page.on(
            "console",
            lambda line: self.faults.append(line.text) if line.type == "error" else None,
        )
        page.goto(url)
        return page

    def close_pages(self) -> None:
        """Close all pages: done before their server goes, whose going they would complain of."""
        for page in self._pages:
            page.context.close()
        self._pages.clear()

    def _check(self, url: str, home: str) -> None:
        place = urlsplit(url.removeprefix("blob:"))
        if place.scheme != "data" and place.netloc != home:
            self.faults.append(f"outside: {url}")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGS))

        def make(width: int, height: int) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height}, permissions=["microphone"]
            )
            page = context.new_page()
            page.set_default_timeout(30_000)
            return page

        yield Browser(make)
        browser.close()


def until(page: Page, condition: str, patience_s: float = 30) -> None:
    """Wait until the JavaScript expression *condition* holds. Playwright's own way needs eval,
    which our pages forbid."""
    end = time.monotonic() + patience_s
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise TimeoutError(condition)
        page.wait_for_timeout(100)
