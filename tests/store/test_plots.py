"""The store's table plots in a line."""

from collections.abc import Callable
from typing import Any

import holoviews as hv  # type: ignore[import-untyped]
import hvplot.xarray  # type: ignore[import-untyped]  # noqa: F401
import pytest
import xarray as xr

from daskcnn.store import Store
from tests.runs import make_run

PLOTS: dict[str, tuple[Callable[[xr.Dataset], Any], Any]] = {
    "by": (lambda runs: runs.hvplot.scatter(x="workers", y="seconds", by="chunks"), hv.NdOverlay),
    "run": (lambda runs: runs.hvplot.scatter(x="run", y="seconds"), hv.Scatter),
    "line": (lambda runs: runs.hvplot.line(x="workers", y="speedup", by=["network", "chunks"]), hv.NdOverlay),
    "bars": (lambda runs: runs.hvplot.bar(x="chunks", y="seconds", by="workers"), hv.Bars),
    "box": (lambda runs: runs.hvplot.box("seconds", by="chunks"), hv.BoxWhisker),
    "colour": (lambda runs: runs.hvplot.scatter(x="workers", y="seconds", c="speedup", hover_cols="all"), hv.Scatter),
    "two metrics": (lambda runs: runs.hvplot.scatter(x="imbalance", y="seconds", by="chunks"), hv.NdOverlay),
    "one metric": (lambda runs: runs["seconds"].hvplot.scatter(x="workers", by="chunks"), hv.NdOverlay),
    "table": (lambda runs: runs.hvplot.table(["chunks", "seconds"]), hv.Table),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Six runs: two ways to cut, one to three workers."""
    store = Store(tmp_path_factory.mktemp("runs"))
    for seed in range(6):
        store.append(make_run(seed, chunks=("batch", "channel=2")[seed % 2], workers=1 + seed // 2, tasks=6))
    return store.runs()


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_a_line(runs: xr.Dataset, name: str) -> None:
    make, kind = PLOTS[name]
    found = make(runs)
    # All runs at once: hvPlot makes a DynamicMap with a slider where it takes `run` for a dimension of its own.
    assert isinstance(found, kind)
    if kind is hv.NdOverlay:
        assert sum(map(len, found)) == 6
    assert hv.renderer("bokeh").get_plot(found).state.renderers if kind is not hv.Table else True


def test_axes_say_what_they_are(runs: xr.Dataset) -> None:
    plot = hv.renderer("bokeh").get_plot(PLOTS["run"][0](runs)).state
    assert plot.yaxis.axis_label == "Time (s)"
