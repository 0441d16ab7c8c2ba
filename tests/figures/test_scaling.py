"""Curves hold the numbers that they are drawn from."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from bokeh.models import Line, Scatter
from bokeh.plotting import figure

from daskcnn.figures.scaling import MARKS, fitted_laws, looks, scaling_curve, scaling_curves, scaling_key
from daskcnn.metrics import METRICS, curves


def measured(*medians: float, images: int = 100) -> xr.Dataset:
    """Curves of 1, 2, 4 … workers with three repeats each."""
    count = len(medians)
    each = [[0.9 * own, own, 1.2 * own] for own in medians]
    runs = {"workers": ("run", 2 ** np.arange(count)), "images": ("run", [images] * count)}
    times = {"each_seconds": each, "each_serial": [[8.0] * 3] * count}
    return curves(xr.Dataset(runs | {name: (("run", "repeat"), rows) for name, rows in times.items()}))


@pytest.fixture
def series() -> dict[str, xr.Dataset]:
    return {"batch": measured(8.0, 4.5, 2.5, 1.5), "<b>channel": measured(8.0, 6.0)}


def points(plot: figure, mark: str) -> dict[str, list[Any]]:
    (drawn,) = (own for own in plot.renderers if isinstance(own.glyph, Scatter) and own.glyph.marker == mark)
    return {name: list(values) for name, values in drawn.data_source.data.items()}


@pytest.mark.parametrize("metric", ["seconds", "speedup", "efficiency", "images_per_s", "scaling_loss"])
def test_every_median_and_interval_is_drawn(series: dict[str, xr.Dataset], metric: str) -> None:
    plot = scaling_curve(series, metric)
    for own, mark in zip(series.values(), MARKS, strict=False):
        data = points(plot, mark)
        assert data["workers"] == own["workers"].values.tolist()
        for line, name in (("measured", "value"), ("low", "low"), ("high", "high")):
            np.testing.assert_array_equal(data[name], own[metric].sel(line=line))
        assert data["text"] == [METRICS[metric].text(value) for value in data["value"]]
    assert METRICS[metric].title in plot.yaxis.axis_label
    assert plot.xaxis.ticker.ticks == [1, 2, 4, 8]


def test_the_ideal_and_every_law_that_fits_are_lines(series: dict[str, xr.Dataset]) -> None:
    plot = scaling_curve(series, "speedup")
    drawn = [own for own in plot.renderers if isinstance(own.glyph, Line)]
    assert list(drawn[0].data_source.data["y"]) == [1, 2, 4, 8]
    solid = [own for own in drawn if not own.glyph.line_dash]
    assert len(solid) == 1 + len(series)  # the ideal, and what was measured
    fitted = [list(own.data_source.data["y"]) for own in drawn if own.glyph.line_dash]
    assert fitted == [list(series["batch"]["speedup"].sel(line=law).values) for law in ("amdahl", "usl")]


def test_few_workers_are_on_a_linear_axis_and_many_on_a_logarithmic_one() -> None:
    few, many = ({"batch": measured(*np.geomspace(8, 1, count))} for count in (4, 5))
    kinds = [type(scaling_curve(own, "speedup").xaxis[0]).__name__ for own in (few, many)]
    assert kinds == ["LinearAxis", "LogAxis"]


def test_times_that_are_far_apart_are_on_a_logarithmic_axis() -> None:
    near, far = ({"batch": measured(8.0, last)} for last in (6.0, 1.0))
    kinds = [type(scaling_curve(own, "seconds").yaxis[0]).__name__ for own in (near, far)]
    assert kinds == ["LinearAxis", "LogAxis"]


def test_a_metric_that_is_not_known_is_left_out(series: dict[str, xr.Dataset]) -> None:
    count = len(scaling_curves(series).children)
    assert count == 6
    assert len(scaling_curves({"a.py": measured(8.0, 4.0, images=0)}).children) == count - 1


def test_names_are_escaped_and_laws_named(series: dict[str, xr.Dataset]) -> None:
    key, laws = scaling_key(series).text, fitted_laws(series).text
    assert "<b>channel" not in key + laws
    assert "&lt;b&gt;channel" in key
    assert "&lt;b&gt;channel" in laws
    assert "Amdahl" in laws
    assert "too few points" in laws  # of the series of two
    fraction = float(series["batch"]["value"].sel(parameter="serial_fraction"))
    assert f"<td>{fraction:.4g}</td>" in laws


def test_looks_differ_by_colour_and_mark() -> None:
    found = looks([str(place) for place in range(15)])
    assert len({(look.colour, look.mark) for look in found.values()}) == 15
    assert len({look.mark for look in found.values()}) == len(MARKS)
