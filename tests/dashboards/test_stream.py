"""The task stream of whichever run and repeat is chosen."""

from importlib import import_module
from pathlib import Path

import pytest
from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import Div, HBar, LayoutDOM

from daskcnn import plugins
from daskcnn.figures import settings
from daskcnn.store import Store
from tests.runs import keep_run, make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def page(store: Store) -> LayoutDOM:
    layout = plugins.load("dashboards", "stream").page(store)
    assert isinstance(layout, LayoutDOM)
    return layout


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


def test_every_run_can_be_chosen_and_a_file_says_what_it_leaves_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("daskcnn.figures.one_run"), "FEW", 3)
    for seed in range(4):
        keep_run(store, seed)
    layout = page(store)
    (choose,) = layout.select({"name": "run"})
    assert [label.split(" · ")[0] for _, label in choose.options] == store.ids()[::-1]
    assert "3 of 4" in words(layout)
    assert len(layout.children[-1].children) == 1, "others are drawn by a browser when they are seen"


def test_a_run_without_a_trace_leaves_the_others_drawn(store: Store) -> None:
    keep_run(store, 1)
    bad = make_run(2)
    del bad["trace"]
    store.append(bad)
    layout = page(store)
    assert "cannot be drawn" in words(layout)
    (choose,) = layout.select({"name": "run"})
    assert len(choose.options) == 2
    assert layout.select({"type": HBar})


def test_a_link_says_which_run_and_repeat(store: Store) -> None:
    for seed in range(2):
        keep_run(store, seed, run=f"r{seed}", tasks=12, repeats=3)
    document = Document()
    settings.serve(document, {"run": "r0", "repeat": "2"})
    with patch_curdoc(document):
        layout = page(store)
    document.add_root(layout)
    (run,), (repeat,) = (layout.select({"name": name}) for name in ("run", "repeat"))
    assert (run.value, repeat.value) == ("r0", "2")
    assert [value for value, _ in repeat.options] == ["median", "0", "1", "2"]
    run.value = "r1"
    (repeat,) = layout.select({"name": "repeat"})
    assert repeat.value == "2", "what is chosen of one run is chosen of the next"


def test_a_link_to_a_run_that_is_not_there_says_so(store: Store) -> None:
    keep_run(store, 1, run="there")
    document = Document()
    settings.serve(document, {"run": "<b>gone"})
    with patch_curdoc(document):
        layout = page(store)
    assert "no run &#x27;&lt;b&gt;gone&#x27;" in words(layout)
    (run,) = layout.select({"name": "run"})
    run.value = "there"
    assert layout.select({"type": HBar})
