"""What a person sees: pages in headless Chromium, served and exported."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from daskcnn import dashboard
from daskcnn.figures.one_run import FEW
from daskcnn.metrics import HEADLINES
from daskcnn.store import Store
from tests.browsing import Visit, api
from tests.runs import keep_run, make_run
from tests.serving import served

CUTS = (("serial", 1), ("batch=2", 2), ("spatial=2x2", 4))
HOSTILE = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<%= window.hacked = 1 %>",
    "$$\\alpha$$ \\(x\\)",
    "long " * 99,
    "κόσμος 世界 🙂",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that stays as it is."""
    store = Store(tmp_path_factory.mktemp("filled") / "runs")
    fill(store)
    return store


@pytest.fixture(scope="module")
def file(filled: Store) -> Path:
    (path,) = dashboard.export(filled, filled.path.parent / "runs.html")
    return path


def shown(store: Store, run: str) -> list[str]:
    root = store.open(run).dataset
    return [metric.text(root[name].item()) for name, metric in HEADLINES.items()]


def look(visit: Visit, store: Store, picture: str) -> None:
    """Every number of the store is on the pages, whichever run is chosen."""
    runs = store.runs()["run"].values.tolist()
    for run in runs:
        assert set(shown(store, run)) <= set(visit.row(run))
    visit.leave(f"{picture}-compare")
    visit.open("Task stream")
    for place, run in list(enumerate(store.ids()[::-1]))[:FEW]:
        if run not in runs:
            continue
        visit.choose("run", place)
        visit.page.locator("dd:visible", has_text=shown(store, run)[0]).wait_for()
        assert visit.facts() == shown(store, run)
        assert visit.page.locator(".bk-Canvas:visible").count() >= 1
    visit.leave(f"{picture}-stream")
    assert visit.errors == []


def settings(visit: Visit) -> dict[str, str]:
    """What the address says of the view."""
    return dict(parse_qsl(urlsplit(visit.page.url).query))


def chosen(visit: Visit, name: str) -> str:
    return str(visit.page.locator(f"select[name={name}]:visible").input_value())


def fill(store: Store) -> None:
    for seed, (chunks, workers) in enumerate(CUTS):
        keep_run(store, seed, chunks=chunks, workers=workers, tasks=12, repeats=2)


def test_served(browser: Any, filled: Store) -> None:
    with served(filled) as (address, _):
        visit = Visit(browser, address)
        look(visit, filled, "served")
        assert all(url.startswith(address) for url in visit.requests)


def test_runs_that_land_are_shown_and_what_is_chosen_stays(browser: Any, store: Store) -> None:
    fill(store)
    with served(store) as (address, _):
        stream, compare = (Visit(browser, f"{address}?page={page}") for page in ("stream", "compare"))
        stream.choose("run", 1)
        first = store.ids()[1]
        stream.page.wait_for_url(f"**run={first}**")
        compare.choose("workers", 2)
        later = store.append(make_run(9, chunks="batch=7"))
        assert compare.row(later)[:3] == [later, "batch=7", "2"]
        assert chosen(compare, "workers") == "2"
        stream.see("4 runs")
        options = stream.page.locator("select[name=run]:visible option")
        api.expect(options.first).to_contain_text(later)
        assert chosen(stream, "run").startswith(first)
        assert settings(stream)["run"] == first
        assert stream.errors == compare.errors == []


@pytest.mark.parametrize("where", ["served", "in a file"])
def test_a_link_leads_to_the_same_view(browser: Any, filled: Store, file: Path, where: str) -> None:
    with served(filled) if where == "served" else nullcontext((file.as_uri(), 0)) as (address, _):
        visit = Visit(browser, address)
        visit.open("Task stream")
        visit.choose("run", 1)
        visit.choose("colour", 1)
        visit.page.get_by_role("button", name="Critical path").locator("visible=true").click()
        visit.see("Critical path of")
        again = Visit(browser, visit.page.url)
        again.see("Critical path of")
        assert settings(again) == settings(visit)
        assert settings(again)["page"] == "stream"
        assert settings(again)["run"] == filled.ids()[-2]
        assert chosen(again, "run") == chosen(visit, "run")
        assert chosen(again, "colour") == chosen(visit, "colour") == "Colour by cause"
        assert again.page.locator("button.bk-active", has_text="Task stream").count() == 1
        again.open("Memory")
        again.page.wait_for_url("**page=memory**")
        again.page.locator("select[name=run]:visible").wait_for()
        assert chosen(again, "run").startswith(filled.ids()[-2]), "a run that is chosen is chosen on all pages"
        assert visit.errors == again.errors == []


def test_light_and_dark(browser: Any, file: Path) -> None:
    visit = Visit(browser, file.as_uri())
    background = "getComputedStyle(document.body).backgroundColor"
    light = visit.page.evaluate(background)
    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_function(f"{background} !== '{light}'")
    dark = visit.page.evaluate(background)
    visit.choose("light", 1)
    visit.page.wait_for_function(f"{background} === '{light}'")
    assert settings(visit)["light"] == "light"
    visit.choose("light", 2)
    visit.page.wait_for_function(f"{background} === '{dark}'")
    visit.leave("dark")
    assert visit.errors == []


def test_pages_are_reached_by_keyboard(browser: Any, filled: Store, file: Path) -> None:
    visit = Visit(browser, file.as_uri())
    visit.row(filled.ids()[0])
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    visit.see("Who did what when")
    visit.page.wait_for_url("**page=stream**")


def test_exported(browser: Any, filled: Store, file: Path) -> None:
    visit = Visit(browser, file.as_uri())
    look(visit, filled, "exported")
    assert visit.requests == [file.as_uri()]


def test_exported_to_a_folder(browser: Any, store: Store, tmp_path: Path) -> None:
    run = keep_run(store, repeats=1)
    folder = tmp_path / "pages"
    files = dashboard.export(store, folder)
    assert sorted(files) == sorted(folder.iterdir())
    visit = Visit(browser, (folder / "index.html").as_uri())
    visit.open("Task stream")
    visit.see("Who did what when")
    visit.open("Compare")
    assert set(shown(store, run)) <= set(visit.row(run))
    assert {url.partition("?")[0] for url in visit.requests} == {
        (folder / f"{name}.html").as_uri() for name in ("index", "stream", "compare")
    }
    assert visit.errors == []


def test_hostile_names_are_text(browser: Any, store: Store, tmp_path: Path) -> None:
    names = (" ".join(HOSTILE[:3]), *HOSTILE[3:])
    for seed, name in enumerate(names):
        run = make_run(seed, network=name, chunks=name, engine=name, tasks=6, repeats=1)
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
    for run, name in zip(store.runs()["run"].values, names, strict=True):
        assert name.strip() in visit.row(run)


def test_an_empty_store_says_what_fills_it(browser: Any, store: Store, tmp_path: Path) -> None:
    dashboard.export(store, tmp_path / "runs.html")
    visit = Visit(browser, (tmp_path / "runs.html").as_uri())
    visit.page.get_by_text("daskcnn run --chunks batch").first.wait_for()
    visit.leave("empty")
    assert visit.errors == []
