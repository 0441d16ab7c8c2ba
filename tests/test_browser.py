"""What a person sees: pages in headless Chromium, served and exported."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daskcnn import dashboard
from daskcnn.metrics import METRICS
from daskcnn.store import Store
from tests.runs import make_run
from tests.serving import ROOT, served

CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    pytest.skip("no chromium on the path; apt-get install chromium", allow_module_level=True)
api = pytest.importorskip("playwright.sync_api", reason="no playwright; pip install 'daskcnn[test]'")

QUIET = ["background-networking", "component-update", "sync", "quic", "gpu"]
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
CUTS = (("serial", 1), ("batch=2", 2), ("channel=3", 3), ("spatial=2x2", 4))
HOSTILE = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<%= window.hacked = 1 %>",
    "$$\\alpha$$ \\(x\\)",
    "long " * 99,
    "κόσμος 世界 🙂",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Visit:
    """A tab that remembers what it asked for and what went wrong."""

    def __init__(self, browser: Any, address: str) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.extend([line.text] * (line.type in ("error", "warning"))))
        self.page.goto(address)

    def open(self, title: str) -> None:
        self.page.get_by_text(title, exact=True).first.click()

    def row(self, run: str) -> list[str]:
        cells = self.page.locator(".slick-row").filter(has_text=run).locator(".slick-cell")
        cells.first.wait_for()
        return [str(text) for text in cells.all_inner_texts()]

    def facts(self) -> list[str]:
        return [str(text) for text in self.page.locator("dd:visible").all_inner_texts()]

    def leave(self, picture: str) -> None:
        (ROOT / "test-artefacts").mkdir(exist_ok=True)
        self.page.screenshot(path=ROOT / "test-artefacts" / f"{picture}.png", full_page=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def shown(store: Store, run: str) -> list[str]:
    root = store.open(run).dataset
    return [metric.text(root[name].item()) for name, metric in METRICS.items()]


def look(visit: Visit, store: Store, picture: str) -> None:
    """Every number of the store is on the pages, whichever run is chosen."""
    runs = store.runs()["run"].values.tolist()
    for run in runs:
        assert set(shown(store, run)) <= set(visit.row(run))
    visit.leave(f"{picture}-compare")
    visit.open("Task stream")
    for place, run in enumerate(store.ids()[::-1]):
        if run not in runs:
            continue
        visit.page.locator("select").select_option(index=place)
        visit.page.locator("dd:visible", has_text=shown(store, run)[0]).wait_for()
        assert visit.facts() == shown(store, run)
        assert visit.page.locator(".bk-Canvas:visible").count() == 1
    visit.leave(f"{picture}-stream")
    assert visit.errors == []


def test_served(browser: Any, store: Store) -> None:
    for seed, (chunks, workers) in enumerate(CUTS):
        store.append(make_run(seed, chunks=chunks, workers=workers, tasks=40))
    with served(store) as (address, _):
        visit = Visit(browser, address)
        look(visit, store, "served")
        assert all(url.startswith(address) for url in visit.requests)
        later = store.append(make_run(9, chunks="batch=7"))
        visit.page.reload()
        assert visit.row(later)[:3] == [later, "batch=7", "2"]
        visit.page.close()


def test_exported(browser: Any, store: Store, tmp_path: Path) -> None:
    for seed, (chunks, workers) in enumerate(CUTS):
        store.append(make_run(seed, chunks=chunks, workers=workers, tasks=40))
    file = tmp_path / "runs.html"
    dashboard.export(store, file)
    visit = Visit(browser, file.as_uri())
    look(visit, store, "exported")
    assert visit.requests == [file.as_uri()]
    visit.page.close()


def test_hostile_names_are_text(browser: Any, store: Store, tmp_path: Path) -> None:
    for seed, name in enumerate(HOSTILE):
        run = make_run(seed, network=name, chunks=name, engine=name)
        for node, columns in (("tasks", ("key", "layer")), ("workers", ("name",))):
            dataset = run[f"trace/{node}"].to_dataset()
            run[f"trace/{node}"].dataset = dataset.assign(
                {column: (dataset[column].dims, np.full(dataset[column].shape, name)) for column in columns}
            )
        store.append(run)
    (store.path / "<script>window.hacked = 1<.nc").write_bytes(b"")
    file = tmp_path / "runs.html"
    dashboard.export(store, file)
    visit = Visit(browser, file.as_uri())
    look(visit, store, "hostile")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.requests == [file.as_uri()]
    visit.open("Compare")
    assert "<script>window.hacked = 1<" in visit.page.locator(".warning:visible").inner_text()
    for run, name in zip(store.runs()["run"].values, HOSTILE, strict=True):
        assert name.strip() in visit.row(run)
    visit.page.close()


def test_an_empty_store_says_what_fills_it(browser: Any, store: Store, tmp_path: Path) -> None:
    dashboard.export(store, tmp_path / "runs.html")
    visit = Visit(browser, (tmp_path / "runs.html").as_uri())
    visit.page.get_by_text("daskcnn run --chunks batch").first.wait_for()
    visit.leave("empty")
    assert visit.errors == []
    visit.page.close()
