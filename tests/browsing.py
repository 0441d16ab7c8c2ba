"""Pages in headless Chromium: tabs that remember what they asked for and what went wrong."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from tests.serving import ROOT

CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    pytest.skip("no chromium on the path; apt-get install chromium", allow_module_level=True)
api = pytest.importorskip("playwright.sync_api", reason="no playwright; pip install 'daskcnn[test]'")

QUIET = ["background-networking", "component-update", "sync", "quic", "gpu"]
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
PHONE = 390
"""Pixels."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


class Visit:
    """A tab that remembers what it asked for and what went wrong."""

    def __init__(self, browser: Any, address: str, width: int = 1280) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        # A blob is what the page itself has made.
        self.page.on("request", lambda asked: self.requests.extend([asked.url] * (not asked.url.startswith("blob:"))))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.extend([line.text] * (line.type in ("error", "warning"))))
        self.page.goto(address)

    def open(self, title: str) -> None:
        self.page.get_by_text(title, exact=True).first.click()

    def choose(self, setting: str, place: int) -> None:
        self.page.locator(f"select[name={setting}]:visible").select_option(index=place)

    def see(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def row(self, run: str) -> list[str]:
        cells = self.page.locator(".slick-row").filter(has_text=run).locator(".slick-cell")
        cells.first.wait_for()
        return [str(text) for text in cells.all_inner_texts()]

    def column(self, number: int, texts: Sequence[str]) -> None:
        """Wait until the cells of a column, of the tables of words that are seen, are these."""
        cells = self.page.locator(f"tbody tr:visible > :nth-child({number + 1})")
        api.expect(cells).to_have_text(list(texts))

    def facts(self) -> list[str]:
        return [str(text) for text in self.page.locator("dd:visible").all_inner_texts()]

    def leave(self, picture: str) -> None:
        (ROOT / "test-artefacts").mkdir(exist_ok=True)
        self.page.screenshot(path=ROOT / "test-artefacts" / f"{picture}.png", full_page=True)
