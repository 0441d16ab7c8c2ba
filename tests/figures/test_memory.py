"""Memory over time: every worker's samples, the plan's bound and the limit; against what the run holds."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
import xarray as xr
from bokeh.models import Div, LayoutDOM, Plot, Row, Span

from daskcnn.figures.memory import memory
from daskcnn.metrics import METRICS
from daskcnn.trace import DIMENSIONS, filled
from tests.runs import make_run

MIB = 1 << 20


def sampled(rows: list[tuple[int, float, int]], workers: int = 2, **changes: Any) -> xr.DataTree:
    """A run with samples of worker, time and MiB resident."""
    run = make_run(workers=workers, **changes)
    worker, time, size = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    table: dict[str, Any] = {
        "worker": worker,
        "time": time,
        "rss": np.array(size, int) * MIB,
        "managed": [MIB] * len(rows),
    }
    columns = filled("memory", table | {"spilled": [0] * len(rows)})
    run["trace/memory"].dataset = xr.Dataset({name: (DIMENSIONS["memory"], own) for name, own in columns.items()})
    return run


def plots(layout: LayoutDOM) -> list[Plot]:
    (beside,) = (child for child in layout.children if isinstance(child, Row))
    return list(beside.children)


def lines(plot: Plot) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in plot.renderers[0].data_source.data.items()}


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


def test_each_worker_has_its_samples_on_one_scale() -> None:
    layout = memory(sampled([(0, 1.0, 200), (1, 1.1, 210), (0, 1.5, 220), (1, 1.6, 150)]))
    first, second = plots(layout)
    assert lines(first)["rss"] == [200 * MIB, 220 * MIB]
    np.testing.assert_allclose(lines(first)["time"], [0, 0.5])
    np.testing.assert_allclose(lines(second)["time"], [0.1, 0.6])
    assert lines(second)["rss_text"] == ["210.00 MiB", "150.00 MiB"]
    assert first.x_range is second.x_range
    assert first.y_range is second.y_range
    assert first.y_range.end > 220 * MIB


@pytest.mark.parametrize(("limit", "drawn"), [(300 * MIB, True), (1 << 40, False), (0, False)])
def test_the_bound_is_drawn_and_the_limit_where_it_is_near(limit: int, drawn: bool) -> None:
    run = sampled([(0, 0.0, 250)], workers=1, memory_planned_bytes=280 * MIB)
    workers = run["trace/workers"].to_dataset()
    run["trace/workers"].dataset = workers.assign(memory_limit=workers["memory_limit"] * 0 + limit)
    layout = memory(run)
    (plot,) = plots(layout)
    assert {span.location for span in plot.select({"type": Span})} == {280 * MIB, *[limit] * drawn}
    assert "Planned 280.00 MiB" in words(layout)
    assert ("above the figures" in words(layout)) == (limit > 0 and not drawn)


def test_times_without_samples_are_cut_out() -> None:
    layout = memory(sampled([(0, 0.0, 1), (0, 0.5, 2), (0, 60.0, 3), (0, 60.4, 4)], workers=1))
    time = lines(plots(layout)[0])["time"]
    np.testing.assert_allclose(time, [0, 0.5, 0.6, 1.0])
    assert "cut out" in words(layout)
    assert "cut out" not in words(memory(sampled([(0, 0.0, 1), (0, 0.5, 2)])))


def test_dense_samples_keep_their_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("daskcnn.figures.memory"), "SAMPLES", 10)
    size = np.random.default_rng(0).integers(1, 1000, 95)
    rows = [(0, 0.01 * place, int(own)) for place, own in enumerate(size)]
    data = lines(plots(memory(sampled(rows, workers=1)))[0])
    assert len(data["rss"]) == 10
    assert max(data["rss"]) == size.max() * MIB
    assert data["time"] == sorted(data["time"])


def test_the_workers_that_reached_most_are_drawn_and_all_are_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("daskcnn.figures.memory"), "MOST", 2)
    run = sampled([], workers=4)
    peaks = run["trace/workers"].dataset["peak_memory"].values
    layout = memory(run)
    chosen = sorted(np.argsort(-peaks)[:2])
    assert [plot.title.text for plot in plots(layout)] == [f"worker {place}" for place in chosen]
    found = words(layout)
    assert "2 others are in the table only" in found
    assert all(f"<td>{METRICS['bytes_moved'].text(peak)}</td>" in found for peak in peaks)
    assert "No samples" in found


def test_what_is_not_known_is_no_line() -> None:
    run = sampled([(0, 0.0, 1)], workers=1)
    samples = run["trace/memory"].to_dataset()
    run["trace/memory"].dataset = samples.assign(spilled=samples["spilled"] * 0 - 1)
    layout = memory(run)
    assert "spilled" not in lines(plots(layout)[0])
    assert "<td>–</td>" in words(layout)


def test_threads_are_said_to_share_a_process() -> None:
    assert "share the memory" in words(memory(sampled([(0, 0.0, 1)], cluster="threads")))
    assert "share the memory" not in words(memory(sampled([(0, 0.0, 1)])))


def test_spills_and_pauses_are_counted() -> None:
    run = sampled([(0, 0.0, 1)], workers=1)
    rows: dict[str, Any] = {"kind": ["spill", "spill", "paused", "unspill"], "worker": [0] * 4}
    columns = filled("events", rows | {"duration": [0.1, 0.1, 0.25, 0.1]})
    run["trace/events"].dataset = xr.Dataset({name: ("event", own) for name, own in columns.items()})
    assert "<td>2 times</td><td>250.00 ms</td>" in words(memory(run))
