"""The task stream holds the numbers of the run that it is drawn from."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import ColumnDataSource, Div, HBar, LayoutDOM, Line, Segment, Select, Toggle
from bokeh.plotting import figure

from daskcnn.blame import critical_path, intervals
from daskcnn.figures import middle_repeat, settings, task_stream, timeline, window
from daskcnn.figures.colours import CAUSES, colours
from daskcnn.metrics import METRICS
from daskcnn.trace import SCHEMA, filled, trace
from tests.runs import make_run


def drawn(run: xr.DataTree, repeat: int = 0) -> LayoutDOM:
    return task_stream(run, repeat, intervals(run, repeat), lambda: critical_path(run, repeat))


def plots(layout: LayoutDOM) -> list[figure]:
    """The task stream, and the memory beneath."""
    return sorted(layout.select({"type": figure}), key=lambda plot: -plot.height)


def glyphs(layout: LayoutDOM, kind: type) -> list[Any]:
    return [renderer for plot in plots(layout) for renderer in plot.renderers if isinstance(renderer.glyph, kind)]


def bars(layout: LayoutDOM) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is computed, and what threads do otherwise."""
    computed, waited = (dict(found.data_source.data) for found in glyphs(layout, HBar))
    return computed, waited


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}) if div.visible)


def texts(metric: str, values: np.ndarray[Any, Any]) -> list[str]:
    return [METRICS[metric].text(value) for value in values.tolist()]


def wide(count: int, layers: int) -> xr.DataTree:
    """A run of tasks one after the other, each longer than the one before; their layers in turn."""
    stop = np.cumsum(np.arange(1, count + 1)) * 1e-3
    place = np.arange(count)
    tasks = {
        "key": np.array([f"k{number}" for number in place]),
        "layer": np.array([f"layer{number % layers:03}" for number in place]),
        "worker": np.zeros(count, int),
        "repeat": np.zeros(count, int),
        "start": np.r_[0.0, stop[:-1]],
        "stop": stop,
        "bytes": place,
    }
    tables = {"tasks": tasks, "workers": {"name": ["0"], "threads": [1]}}
    found = trace({node: filled(node, tables.get(node, {})) for node in SCHEMA}, started=0.0)
    return xr.DataTree.from_dict({f"/trace/{name}": node.to_dataset() for name, node in found.children.items()})


def test_middle_repeat() -> None:
    run = make_run(repeats=4)
    run["metrics"] = xr.DataTree(xr.Dataset({"seconds": ("repeat", [4.0, 1.0, 3.0, 2.0])}, {"repeat": [5, 6, 7, 8]}))
    assert middle_repeat(run) == 8


def test_every_task_of_the_repeat_is_drawn_once_with_its_numbers() -> None:
    run = make_run(workers=3, tasks=30, repeats=3)
    tasks = run["trace/tasks"].to_dataset().isel(task=slice(30, 60)).sortby(["key", "start"])
    data, _ = bars(drawn(run, 1))
    order = np.lexsort((data["start"], data["what"]))
    assert data["what"][order].tolist() == tasks["key"].values.tolist()
    zero, lasting = tasks["submitted"].min().item(), (tasks["stop"] - tasks["start"]).values
    np.testing.assert_allclose(data["start"][order], tasks["start"].values - zero)
    np.testing.assert_allclose(data["stop"][order], tasks["stop"].values - zero)
    assert data["layer"][order].tolist() == tasks["layer"].values.tolist()
    assert data["worker"][order].tolist() == [f"worker {worker}" for worker in tasks["worker"].values]
    assert data["bytes"][order].tolist() == [
        METRICS["bytes_moved"].text(size) for size in tasks["bytes"].values.tolist()
    ]
    assert data["lasts"][order].tolist() == [METRICS["seconds"].text(t) for t in lasting.tolist()]


def test_bars_tile_every_thread_from_beginning_to_end() -> None:
    run = make_run(workers=3, tasks=30, repeats=2)
    found = intervals(run, 1)
    computed, waited = bars(drawn(run, 1))
    seconds = sum((data["stop"] - data["start"]).sum() for data in (computed, waited))
    np.testing.assert_allclose(seconds, (found["stop"] - found["start"]).sum())
    by_cause = dict.fromkeys(CAUSES, 0.0)
    for data in (computed, waited):
        for name, hue in CAUSES.items():
            by_cause[name] += (data["stop"] - data["start"])[data["by_cause"] == hue].sum()
    for name, took in by_cause.items():
        np.testing.assert_allclose(
            took, (found["stop"] - found["start"]).where(found["cause"] == name).sum(), atol=1e-9
        )


def test_each_thread_has_its_row_and_each_worker_its_name() -> None:
    run = make_run(workers=3, tasks=30, repeats=1)
    tasks = run["trace/tasks"].to_dataset()
    thread = np.where(tasks["worker"] == 1, 140_000 + np.arange(30) % 2, 7)
    run["trace/tasks"].dataset = tasks.assign(thread=("task", thread)).isel(task=tasks["worker"].values != 2)
    layout = drawn(run)
    rows = {(worker, y) for data in bars(layout) for worker, y in zip(data["worker"], data["y"], strict=True)}
    assert sorted(worker for worker, _ in rows) == ["worker 0", "worker 1", "worker 1", "worker 2"]
    assert len({y for _, y in rows}) == 4
    plot, _ = plots(layout)
    labels = [label.text for label in plot.yaxis[0].major_label_overrides.values()]
    assert labels == ["worker 0", "worker 1", "worker 2"]
    assert plot.xaxis[0].axis_label == "Time (s)"


def test_one_colour_a_layer_or_a_cause() -> None:
    layout = drawn(make_run())
    data, _ = bars(layout)
    hues = dict(zip(data["layer"], data["by_layer"], strict=True))
    assert hues == colours(hues)
    assert set(data["by_cause"]) == {CAUSES["compute"]}
    assert [bar.glyph.fill_color for bar in glyphs(layout, HBar)] == ["by_layer", "by_cause"]


def test_layers_that_took_little_share_a_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "WIDTH", 10_000)
    data, _ = bars(drawn(wide(100, layers=50)))
    assert len(set(data["layer"])) == 23
    # Each layer has two tasks, the later the longer: the last 22 layers took longest.
    assert set(data["layer"]) == {"28 other layers", *(f"layer{number:03}" for number in range(28, 50))}
    assert (data["layer"] == "28 other layers").sum() == 56
    assert len(set(data["by_layer"])) == 23


def test_what_is_too_short_is_merged_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST", 10)
    layout = drawn(wide(200, layers=1))
    data, _ = bars(layout)
    assert len(data["what"]) < 25
    assert any("the longest of" in what for what in data["what"])
    assert "neighbours are one bar" in words(layout)
    np.testing.assert_allclose((data["stop"] - data["start"]).sum(), sum(range(201)) * 1e-3)


def test_arrows_lead_from_the_maker_to_the_reader() -> None:
    run = make_run(workers=2, tasks=24, repeats=2)
    layout = drawn(run, 1)
    (line,) = glyphs(layout, Segment)
    sent = run["trace/transfers"].to_dataset()
    sent = sent.isel(transfer=sent["repeat"].values == 1).sortby("bytes", ascending=False)
    data = line.data_source.data
    assert data["key"].tolist() == sent["key"].values.tolist()
    assert data["bytes"].tolist() == texts("bytes_moved", sent["bytes"].values)
    assert data["source"].tolist() == [f"worker {worker}" for worker in sent["source"].values]
    assert data["destination"].tolist() == [f"worker {worker}" for worker in sent["destination"].values]
    rows = {worker: y for found in bars(layout) for worker, y in zip(found["worker"], found["y"], strict=True)}
    assert data["y0"].tolist() == [rows[name] for name in data["source"]]
    assert data["y1"].tolist() == [rows[name] for name in data["destination"]]
    np.testing.assert_allclose(data["x1"] - data["x0"], sent["stop"] - sent["start"])
    assert not line.visible


def test_the_critical_path_is_a_line_from_the_first_to_the_last() -> None:
    run = make_run(workers=2, tasks=24, repeats=1)
    layout = drawn(run)
    found = critical_path(run, 0)
    (line,) = (one for one in glyphs(layout, Line) if not one.visible)
    x = line.data_source.data["x"]
    np.testing.assert_allclose([x[0], x[-1]], [0.0, found["makespan"].item()], atol=1e-9)
    assert (np.diff(x) >= 0).all()
    assert "Critical path of" in "".join(div.text for div in layout.select({"type": Div}))


def test_memory_has_the_time_of_the_tasks() -> None:
    layout = drawn(make_run(repeats=1))
    stream, memory = plots(layout)
    assert memory.x_range is stream.x_range
    resident = [line.data_source.data for line in glyphs(layout, Line) if line.glyph.y == "rss"]
    assert [data["rss"].tolist() for data in resident] == [[1 << 27], [1 << 27]]
    assert [data["rss_text"].tolist() for data in resident] == [["128.00 MiB"], ["128.00 MiB"]]


def test_with_a_server_only_what_is_asked_for_is_drawn_and_zooms_are_followed() -> None:
    run, document, asked = wide(3000, layers=3), Document(), []
    settings.serve(document, {"colour": "cause"})

    def path() -> xr.Dataset:
        asked.append("path")
        return critical_path(run, 0)

    with patch_curdoc(document):
        layout = task_stream(run, 0, intervals(run, 0), path)
    document.add_root(layout)
    (colour,) = layout.select({"type": Select})
    assert colour.value == "cause" and glyphs(layout, HBar)[0].glyph.fill_color == "by_cause"
    assert not asked and not glyphs(layout, Segment)
    (button,) = (one for one in layout.select({"type": Toggle}) if one.label == "Critical path")
    button.active = True
    assert asked == ["path"] and "Critical path of" in words(layout)
    button.active = False
    button.active = True
    assert asked == ["path"]
    before, _ = bars(layout)
    (plot,) = plots(layout)
    plot.x_range.start, plot.x_range.end = 0.0, 1e-3 * 36
    (later,) = document.session_callbacks
    later.callback()
    after, _ = bars(layout)
    assert any("longest of" in what for what in before["what"])
    assert after["what"][:8].tolist() == [f"k{number}" for number in range(8)]


def test_sources_have_columns_of_one_length() -> None:
    for source in drawn(make_run()).select({"type": ColumnDataSource}):
        assert len({len(values) for values in source.data.values()}) <= 1
