"""Partitions side by side hold the numbers of the store, and mark a best only where repeats tell."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import DataTable, Div, HBar, LayoutDOM, Select
from bokeh.plotting import figure

from daskcnn import plugins
from daskcnn.figures import settings
from daskcnn.metrics import HEADLINES, METRICS
from daskcnn.noise import median_interval
from daskcnn.store import Store
from tests.runs import keep_run, make_run

COMPARE = plugins.load("dashboards", "compare")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def page(store: Store, **chosen: str) -> LayoutDOM:
    """The page as it is served to who has chosen this."""
    document = Document()
    settings.serve(document, chosen)
    with patch_curdoc(document):
        layout = COMPARE.page(store)
    document.add_root(layout)
    assert isinstance(layout, LayoutDOM)
    return layout


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


def bars(layout: LayoutDOM, title: str) -> dict[str, Any]:
    """What the figure of that title draws."""
    (plot,) = (plot for plot in layout.select({"type": figure}) if plot.title.text == title)
    (drawn,) = (found.data_source.data for found in plot.renderers if isinstance(found.glyph, HBar))
    return dict(drawn)


def menu(layout: LayoutDOM, name: str) -> Select:
    (found,) = layout.select({"name": name})
    assert isinstance(found, Select)
    return found


def timed(name: str, chunks: str, seconds: list[float], **changes: Any) -> xr.DataTree:
    """A run whose repeats took so long."""
    run = make_run(1, run=name, chunks=chunks, repeats=len(seconds), seconds=float(np.median(seconds)), **changes)
    kept = run["metrics"].to_dataset()
    run["metrics"].dataset = kept.assign(seconds=("repeat", np.array(seconds)))
    return run


def test_the_newest_of_each_partition_is_drawn_with_its_interval(store: Store) -> None:
    for seed in range(3):
        keep_run(store, seed, repeats=5)
    layout, newest = page(store), store.ids()[-1]
    root, repeats = store.open(newest).to_dataset(), store.repeats(newest)
    for name, metric in HEADLINES.items():
        drawn = bars(layout, metric.label)
        assert drawn["run"].tolist() == [newest]
        assert drawn["value"].tolist() == [root[name].item()]
        if metric.group != "memory" and name in repeats:
            assert (drawn["low"][0], drawn["high"][0]) == median_interval(repeats[name].values)
    (table,) = layout.select({"type": DataTable})
    assert table.source.data["run"].tolist() == store.ids()[::-1]


def test_every_metric_is_in_a_table_with_its_interval(store: Store) -> None:
    keep_run(store, 1, repeats=5)
    found, row, repeats = words(page(store)), store.open("2026").to_dataset(), store.repeats(store.ids()[0])
    for name, metric in METRICS.items():
        if name in row and np.isfinite(row[name]):
            text = metric.text(row[name].item())
            each = repeats[name].values if name in repeats else np.zeros(0)
            low, high = median_interval(each[np.isfinite(each)])
            if metric.group != "memory" and np.isfinite([low, high]).all():
                text += f" ({metric.text(low)} – {metric.text(high)})"
            assert f"{metric.label}</th><td>{text}</td>" in found


@pytest.mark.parametrize(
    ("others", "marked"),
    [
        ([2.0, 2.1, 2.2, 2.1, 2.0], True),
        ([1.0, 1.4, 0.9, 1.2, 1.1], False),
        ([2.0, 2.1], False),
        ([2.0], False),
    ],
)
def test_the_best_is_marked_where_repeats_tell(store: Store, others: list[float], marked: bool) -> None:
    store.append(timed("a", "batch=2", [1.0, 1.1, 1.05, 1.1, 1.0]))
    store.append(timed("b", "channel=2", others))
    layout = page(store)
    best, other = bars(layout, "Time")["text"]
    assert best.endswith("★") == marked
    assert not other.endswith("★")
    assert words(layout).count("★ (1.00 s – 1.10 s)") == 2 * marked  # among the headlines, and in its group


def test_nothing_is_marked_where_nothing_is_better_or_memory_is_measured_once(store: Store) -> None:
    for seed, chunks in enumerate(("batch=2", "channel=2")):
        keep_run(store, seed, chunks=chunks, repeats=6)
    assert not any(text.endswith("★") for text in bars(page(store), "Peak memory")["text"])


def test_a_choice_is_what_is_drawn(store: Store) -> None:
    for seed, (network, workers) in enumerate([("mnist", 1), ("mnist", 2), ("cifar", 2), ("cifar", 4)]):
        keep_run(store, seed, network=network, workers=workers, chunks=f"batch={workers}", run=f"r{seed}")
    layout = page(store)
    assert menu(layout, "network").value == "cifar", "the newest run's"
    assert [value for value, _ in menu(layout, "workers").options] == ["any", "1", "2", "4"]
    assert bars(layout, "Time")["run"].tolist() == ["r2", "r3"]
    menu(layout, "workers").value = "4"
    assert bars(layout, "Time")["run"].tolist() == ["r3"]
    menu(layout, "workers").value = "1"
    assert "No run of cifar on 1 workers of this machine; numbers that there are: 2, 4" in words(layout)
    menu(layout, "network").value = "mnist"
    assert bars(layout, "Time")["run"].tolist() == ["r0"]
    assert bars(page(store, network="mnist", workers="2"), "Time")["run"].tolist() == ["r1"]


def test_runs_of_other_machines_are_not_side_by_side(store: Store) -> None:
    for name, cores in (("a", 2), ("b", 64)):
        run = make_run(1, run=name)
        run.attrs["cores"] = cores
        store.append(run)
    layout = page(store)
    machines = menu(layout, "machine")
    assert [value for value, _ in machines.options] == ["a cpu, 64 cores", "a cpu, 2 cores"]
    assert bars(layout, "Time")["run"].tolist() == ["b"]
    machines.value = "a cpu, 2 cores"
    assert bars(layout, "Time")["run"].tolist() == ["a"]


def test_small_figures_by_workers_are_on_one_scale(store: Store) -> None:
    for seed, (chunks, workers) in enumerate([("batch=1", 1), ("batch=2", 2), ("channel=2", 2)]):
        keep_run(store, seed, chunks=chunks, workers=workers, run=f"r{seed}")
    layout = page(store, metric="speedup")
    one, two = bars(layout, "1 worker"), bars(layout, "2 workers")
    assert (one["run"].tolist(), two["run"].tolist()) == (["r0"], ["r1", "r2"])
    rows = store.runs()["speedup"].values
    assert [*one["value"], *two["value"]] == rows.tolist()
    ends = [plot.x_range.end for plot in layout.select({"type": figure}) if "worker" in plot.title.text]
    assert len(set(ends)) == 1 and ends[0] > max(rows)


def test_what_is_left_out_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(COMPARE, "MOST", 2)
    for images in range(1, 6):
        keep_run(store, 1, run=f"r{images}", images=images, seconds=1.0 / images)
    layout = page(store)
    assert "3 more are in the table of all runs" in words(layout)
    assert bars(layout, "Time")["run"].tolist() == ["r4", "r5"], "those that took least time"


@pytest.mark.parametrize("runs", [0, 1])
def test_what_cannot_be_read_is_named(store: Store, runs: int) -> None:
    for seed in range(runs):
        keep_run(store, seed)
    store.path.mkdir(exist_ok=True)
    (store.path / "<b>broken.nc").write_bytes(b"")
    found = words(page(store))
    assert "cannot be read" in found
    assert "&lt;b&gt;broken" in found
    assert "<b>broken" not in found


def test_of_many_doubts_the_first_are_listed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(COMPARE, "LINES", 2)
    for seed in range(5):
        keep_run(store, seed, run=f"odd{seed}", records_dropped=2)
    found = words(page(store))
    assert "odd1: records were lost" in found and "odd2: records" not in found and "and 3 more" in found


def test_a_file_holds_the_first_choices_and_says_of_others_that_it_has_them_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(COMPARE, "FEW", 2)
    for workers in (1, 2, 4):
        keep_run(store, 1, workers=workers, run=f"r{workers}")
    layout = COMPARE.page(store)
    assert "Not in this file, which has 2 of 4 choices" in words(layout)
