"""Every page on every kind of store: a clear text where it has nothing to draw, and never an exception."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import Div, ImportedStyleSheet, LayoutDOM

from daskcnn import plugins
from daskcnn.store import Store
from daskcnn.tracing import traced_run
from tests.planned import planned_run
from tests.runs import keep_run
from tests.traces import make

OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"
PAGES = [plugins.load("dashboards", name) for name in plugins.names("dashboards")]
OF_RUNS = [module for module in PAGES if module.TITLE not in ("Compare", "Scaling", "Efficiency", "Explore")]
HOSTILE = "<script>window.hacked = 1</script>"


Fill = Callable[[Store], None]
Filled = Callable[[Fill], Store]


def of_networks(store: Store) -> None:
    for workers in (1, 2):
        chunks = f"batch={workers}"
        keep_run(store, workers, chunks=chunks, workers=workers, tasks=8, repeats=2, run=f"r{workers}")
    store.append(planned_run("channel=2"))


def of_the_first_schema(store: Store) -> None:
    store.path.mkdir()
    (store.path / "old.nc").write_bytes(OLD.read_bytes())


def of_other_work(store: Store) -> None:
    tasks: list[dict[str, Any]] = [
        {"start": 0.0, "stop": 1.0, "layer": HOSTILE},
        {"start": 2.0, "stop": 3.0, "worker": 1},
    ]
    trace = make(tasks, [(1, 0)], [{"producer": 0, "destination": 1, "start": 1.0, "stop": 1.5}])
    store.append(traced_run(trace, HOSTILE, run_id="other"))


def of_one_task(store: Store) -> None:
    store.append(traced_run(make([{"start": 0.0, "stop": 0.0}], threads=[1]), "a.py", run_id="short"))


def with_hostile_names(store: Store) -> None:
    run = planned_run("spatial=2", run="hostile")
    for node, names in (("trace/tasks", ("key", "layer")), ("trace/workers", ("name",)), ("graph", ("key", "layer"))):
        own = run[node].to_dataset()
        hostile = {name: (own[name].dims, np.full(own[name].shape, HOSTILE)) for name in names}
        run[node].dataset = own.assign(hostile)
    for name in ("network", "chunks", "engine"):
        run[name] = HOSTILE
    store.append(run)


def beside_damaged_files(store: Store) -> None:
    keep_run(store, run="good", tasks=8, repeats=1)
    (store.path / "<b>broken.nc").write_bytes(b"nothing")


STORES = [of_networks, of_the_first_schema, of_other_work, of_one_task, with_hostile_names, beside_damaged_files]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Stores by what fills them, each made once."""

    @cache
    def made(fill: Fill) -> Store:
        store = Store(tmp_path_factory.mktemp(fill.__name__) / "runs")
        fill(store)
        return store

    return made


def drawn(module: ModuleType, store: Store) -> LayoutDOM:
    """The page, as a document takes it."""
    layout = module.page(store)
    document = Document()
    document.add_root(layout)
    document.to_json()
    assert isinstance(layout, LayoutDOM)
    return layout


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


@pytest.mark.parametrize("fill", STORES, ids=lambda fill: fill.__name__)
@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.TITLE)
def test_every_page_of_every_store(module: ModuleType, fill: Fill, filled: Filled) -> None:
    text = words(drawn(module, filled(fill)))
    assert text
    assert HOSTILE not in text
    assert "<b>broken" not in text
    # What cannot be drawn of a damaged file is said in its place.
    assert text.count("cannot be drawn") == (fill is beside_damaged_files and module in OF_RUNS)


@pytest.mark.parametrize("module", OF_RUNS, ids=lambda module: module.TITLE)
def test_all_runs_can_be_chosen(module: ModuleType, filled: Filled) -> None:
    (menu,) = drawn(module, filled(beside_damaged_files)).select({"name": "run"})
    assert [value for value, _ in menu.options] == ["good", "<b>broken"]


def test_scaling_has_the_curves_of_what_it_can(filled: Filled) -> None:
    text = words(drawn(plugins.load("dashboards", "scaling"), filled(of_networks)))
    assert "</b> batch</li>" in text
    assert "Amdahl" in text


def test_scaling_says_how_to_measure_it(filled: Filled) -> None:
    text = words(drawn(plugins.load("dashboards", "scaling"), filled(beside_damaged_files)))
    assert "daskcnn sweep --scaling strong" in text


def test_explore_says_in_a_file_where_it_can_be_done(filled: Filled) -> None:
    text = words(drawn(plugins.load("dashboards", "explore"), filled(of_networks)))
    assert "see it with daskcnn dashboard" in text


def test_explore_fills_a_document_of_its_own(filled: Filled) -> None:
    document = Document()
    plugins.load("dashboards", "explore").fill(document, filled(of_networks))
    (root,) = document.roots
    addresses = [sheet.url for sheet in root.select({"type": ImportedStyleSheet})]
    assert addresses
    assert not any(address.startswith("http") for address in addresses)


def test_efficiency_leaves_out_what_is_too_much(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    module = plugins.load("dashboards", "efficiency")
    monkeypatch.setattr(module, "MOST", 2)
    text = words(drawn(module, filled(of_networks)))
    assert "1 older ones are left out" in text
    assert [run in text for run in ("planned", "r1", "r2")] == [False, True, True]
