"""Figures hold the numbers of the runs they are drawn from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from bokeh.models import HBar, Whisker
from bokeh.plotting import figure

from daskcnn.figures import bars, described, doubts, facts, labelled, table
from daskcnn.figures.colours import colours
from daskcnn.metrics import HEADLINES, METRICS
from daskcnn.store import Store
from tests.runs import keep_run, make_run


@pytest.fixture
def runs(tmp_path: Path) -> xr.Dataset:
    for seed, (chunks, workers) in enumerate([("serial", 1), ("batch=2", 2), ("spatial=2x2", 4), ("batch=2", 2)]):
        keep_run(Store(tmp_path), seed, chunks=chunks, workers=workers)
    return Store(tmp_path).runs()


def drawn(plot: figure) -> list[dict[str, Any]]:
    return [dict(found.data_source.data) for found in plot.renderers if isinstance(found.glyph, HBar)]


def test_labelled_keeps_the_newest_of_each_configuration(runs: xr.Dataset) -> None:
    newest = labelled(runs)
    assert newest["label"].values.tolist() == ["batch=2 · 2 workers", "serial · 1 worker", "spatial=2x2 · 4 workers"]
    assert newest["run"].values.tolist() == [runs["run"].values[place] for place in (3, 0, 2)]


def test_described_is_what_all_share(runs: xr.Dataset) -> None:
    assert described(runs) == "mnist · numpy · processes · 1,000 images"


@pytest.mark.parametrize("metric", HEADLINES)
def test_bars_are_as_long_as_the_metric(runs: xr.Dataset, metric: str) -> None:
    newest = labelled(runs)
    plot = bars(newest, metric)
    (data,) = drawn(plot)
    np.testing.assert_array_equal(data["value"], newest[metric].values)
    assert data["text"] == [METRICS[metric].text(value) for value in newest[metric].values.tolist()]
    assert METRICS[metric].title in plot.xaxis.axis_label
    labels = [plot.yaxis[0].major_label_overrides[place].text for place in data["place"]]
    assert labels == newest["label"].values.tolist()
    assert plot.x_range.end > max(data["end"])


def test_only_an_interval_that_is_known_is_drawn(runs: xr.Dataset) -> None:
    (whisker,) = bars(labelled(runs), "seconds").select(Whisker)
    assert whisker.source.data["low"].tolist() == labelled(runs)["seconds_low"].values.tolist()
    assert not list(bars(labelled(runs), "speedup").select(Whisker))
    unknown = labelled(runs).assign(seconds_high=("run", [np.nan] * 3), seconds=("run", [np.nan, 0.0, 1.0]))
    assert drawn(bars(unknown, "seconds"))[0]["end"].tolist() == [0.0, 0.0, 1.0]


def test_one_colour_a_way_of_cutting(runs: xr.Dataset) -> None:
    more = labelled(runs.assign(chunks=("run", ["serial", "batch=2", "batch=7", "spatial"])))
    found = dict(zip(more["chunks"].values, drawn(bars(more, "speedup"))[0]["colour"], strict=True))
    assert found["batch=2"] == found["batch=7"]
    assert len(set(found.values())) == 3


@pytest.mark.parametrize("count", [1, 6, 7, 10, 23, 40])
def test_colours_differ_while_there_are_enough(count: int) -> None:
    found = colours(f"layer{place}" for place in range(count))
    assert len(found) == count
    assert len(set(found.values())) == min(count, 23)


def test_table_shows_units_and_sorts_by_number(runs: xr.Dataset) -> None:
    found = table(runs)
    fields = {column.title: column.field for column in found.columns}
    assert fields["Peak memory"] == "peak_memory_bytes"
    assert "Engine" not in fields  # all runs share it
    data = found.source.data
    assert data["run"].tolist() == runs["run"].values[::-1].tolist()
    assert data["speedup"].tolist() == runs["speedup"].values[::-1].tolist()
    assert data["speedup_text"].tolist() == ["1.70×"] * 4
    assert data["interval"][0] == " – ".join(
        METRICS["seconds"].text(runs[end].values[-1]) for end in ("seconds_low", "seconds_high")
    )


def test_facts_names_every_headline() -> None:
    run = make_run().to_dataset()
    for name, metric in HEADLINES.items():
        assert f"<dt>{metric.label}</dt><dd>{metric.text(run[name].item())}</dd>" in facts(run).text


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"same_as_serial": np.int8(0)}, "predictions"),
        ({"records_dropped": 3}, "records"),
        ({"bytes_planned": 1}, "bytes"),
        ({}, ""),
    ],
)
def test_doubts(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    keep_run(Store(tmp_path), run="good")
    keep_run(Store(tmp_path), run="odd", **change)
    found = doubts(Store(tmp_path).runs())
    assert len(found) == bool(change)
    assert all(line.startswith(f"odd: {what}") for line in found)
