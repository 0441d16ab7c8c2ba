"""A report in a browser: nothing is asked for, nothing runs, on a desk and on a phone."""

from pathlib import Path

from daskcnn.report import report
from tests.browsing import PHONE, Visit, chromium
from tests.report.hostile import HOSTILE, hostile_store


def test_hostile_names_are_text_and_nothing_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    report(hostile_store(tmp_path / "runs"), file)
    with chromium() as browser:
        visit = Visit(browser, file.as_uri())
        assert visit.page.evaluate("window.hacked") is None
        visit.see(HOSTILE[0])
        loaded = "[...document.images].map((image) => image.complete && image.naturalWidth > 0)"
        assert visit.page.evaluate(loaded) == [True] * 11
        for width in (1280, PHONE):
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("location.hash") == "#s0"
        asked = {url.partition("#")[0] for url in visit.requests if not url.startswith("data:")}
        assert (visit.errors, asked) == ([], {file.as_uri()})
