"""Figures for print hold the numbers that they are drawn from."""

from io import BytesIO

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure

from daskcnn.figures.prints import GOOD, LITTLE, PRINTS
from daskcnn.figures.prints.ranking import MOST
from daskcnn.metrics import METRICS
from tests.figures.prints.curves import WORKERS, curves

CURVES = {
    "execution_time": ["seconds"],
    "speedup": ["speedup"],
    "efficiency": ["efficiency"],
    "throughput": ["images_per_s"],
    "scaling_analysis": ["incremental_speedup", "scaling_loss"],
    "performance_dashboard": ["seconds", "speedup", "efficiency", "images_per_s"],
}
BARS = {
    "communication_overhead": ["communication"],
    "load_imbalance": ["imbalance"],
    "memory_usage": ["memory_total_bytes", "peak_memory_bytes"],
}


def key(drawn: Figure) -> list[str]:
    (legend,) = drawn.legends
    return [text.get_text() for text in legend.get_texts()]


def whiskers(container: ErrorbarContainer) -> dict[float, tuple[float, float]]:
    """Both ends by the place on the axis, of those that are drawn."""
    segments = container.lines[2][0].get_segments()
    return {s[0][0]: (s[0][1], s[1][1]) for s in segments if len(s) and np.isfinite(s).all()}


@pytest.mark.parametrize("name", PRINTS)
def test_every_figure_can_be_saved_and_has_units(name: str) -> None:
    drawn = PRINTS[name](curves())
    drawn.savefig(BytesIO(), format="svg")
    for axes in drawn.axes:
        assert axes.get_title()
        texts = f"{axes.get_xlabel()} {axes.get_ylabel()}"
        assert "Workers" in texts or "workers" in texts or "Speedup" in texts


@pytest.mark.parametrize("name", CURVES)
def test_lines_are_the_medians_and_whiskers_their_intervals(name: str) -> None:
    data = curves()
    for axes, metric in zip(PRINTS[name](data).axes, CURVES[name], strict=False):
        drawn = [found for found in axes.containers if isinstance(found, ErrorbarContainer)]
        assert METRICS[metric].label in axes.get_title()
        for container, series in zip(drawn, ("batch", "channel"), strict=True):
            own = data[metric].sel(series=series)
            value, low, high = (own.sel(line=line).values for line in ("measured", "low", "high"))
            known = np.isfinite(value)
            points = np.asarray(container.lines[0].get_xydata(), float)
            np.testing.assert_allclose(points, np.stack([np.array(WORKERS)[known], value[known]], axis=1))
            for workers, (bottom, top) in whiskers(container).items():
                place = WORKERS.index(int(workers))
                # The interval of a metric that falls with time is the other way round here, and is clipped.
                np.testing.assert_allclose(bottom, min(low[place], value[place]))
                np.testing.assert_allclose(top, max(high[place], value[place]))


def lines(axes: Axes) -> list[list[float]]:
    return [list(np.asarray(line.get_ydata(), float)) for line in axes.get_lines()]


@pytest.mark.parametrize("metric", ["seconds", "efficiency"])
def test_the_ideal_and_the_fitted_law_are_drawn(metric: str) -> None:
    data = curves()
    name = {"seconds": "execution_time"}.get(metric, metric)
    drawn = PRINTS[name](data)
    (axes,) = drawn.axes
    for series, line in (("batch", "ideal"), ("batch", "amdahl")):
        wanted = data[metric].sel(series=series, line=line).values
        assert any(len(own) == 3 and np.allclose(own, wanted) for own in lines(axes))
    assert key(drawn) == ["batch", "channel", "ideal", "fitted, Amdahl", "95 % interval"]


def test_no_law_is_in_the_key_that_was_not_fitted() -> None:
    data = curves()
    nothing = data.where(data["line"] != "amdahl")
    assert "fitted, Amdahl" not in key(PRINTS["execution_time"](nothing))


@pytest.mark.parametrize("name", BARS)
def test_bars_are_as_high_as_the_metric(name: str) -> None:
    data = curves()
    for axes, metric in zip(PRINTS[name](data).axes, BARS[name], strict=True):
        drawn = [found for found in axes.containers if isinstance(found, BarContainer)]
        for container, series in zip(drawn, ("batch", "channel"), strict=True):
            value = data[metric].sel(series=series, line="measured").values
            value = value[np.isfinite(value)] / (2**20 if METRICS[metric].unit == "B" else 1)
            np.testing.assert_allclose([bar.get_height() for bar in container], value)
        labels = [text.get_text() for text in axes.get_xticklabels()]
        assert labels == ["1", "2", "4"]


def test_bars_of_one_number_of_workers_stand_around_it_and_not_on_each_other() -> None:
    (axes,) = PRINTS["load_imbalance"](curves()).axes
    batch, channel = (found for found in axes.containers if isinstance(found, BarContainer))
    for place, (left, right) in enumerate(zip(batch, channel, strict=False)):
        assert left.get_x() + left.get_width() <= right.get_x() + 1e-9
        assert place - 0.5 < left.get_x() and right.get_x() + right.get_width() < place + 0.5


def test_what_is_zero_is_told_from_what_is_unknown() -> None:
    (axes,) = PRINTS["communication_overhead"](curves()).axes
    assert [text.get_text() for text in axes.texts] == ["0", "0"]  # both on one worker
    assert LITTLE in np.concatenate(lines(axes))


def test_efficiency_has_its_zones() -> None:
    (axes,) = PRINTS["efficiency"](curves()).axes
    assert [text.get_text() for text in axes.texts] == ["90 % or more", "75 % to 90 %", "below 75 %"]
    edges = [patch.get_window_extent().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert any(np.isclose(box.y0, GOOD) for box in edges)


def test_the_gap_to_the_ideal_ends_where_a_speedup_is_above_it() -> None:
    data = curves()
    data["speedup"].loc[{"series": "batch", "line": "measured"}] = [1.0, 1.5, 9.0]
    (axes,) = PRINTS["speedup"](data).axes
    ((path,),) = (found.get_paths() for found in axes.collections if found.get_alpha() == 0.12)
    vertices = np.asarray(path.vertices, float)
    top = {x: vertices[vertices[:, 0] == x, 1].max() for x in WORKERS}
    np.testing.assert_allclose([top[x] for x in WORKERS], [3.8 / 3.8, 2.0, 9.0])


def test_latency_has_a_panel_a_series_on_one_logarithmic_axis() -> None:
    data = curves()
    drawn = PRINTS["latency"](data)
    assert [axes.get_title() for axes in drawn.axes] == ["batch", "channel"]
    assert len({axes.get_ylim() for axes in drawn.axes}) == 1
    for axes, series in zip(drawn.axes, ("batch", "channel"), strict=True):
        assert axes.get_yscale() == "log" and "(s)" in axes.get_ylabel()
        drawn_here = [found for found in axes.containers if isinstance(found, ErrorbarContainer)]
        found = {own.get_label(): np.asarray(own.lines[0].get_ydata(), float) for own in drawn_here}
        for words, metric in (("minimum", "latency_min"), ("mean", "latency_mean"), ("maximum", "latency_max")):
            value = data[metric].sel(series=series, line="measured").values
            np.testing.assert_allclose(found[words], value[np.isfinite(value)])


def test_the_ranking_goes_from_the_fastest_to_the_slowest() -> None:
    left, right = PRINTS["implementation_comparison"](curves()).axes
    labels = [text.get_text() for text in left.get_yticklabels()]
    assert labels == ["batch on 4", "batch on 2", "channel on 2", "batch on 1", "channel on 1"]
    times = np.array([1.2, 2.1, 3.5, 4.0, 4.4])
    widths = [c[0].get_width() for c in left.containers if isinstance(c, BarContainer)]
    np.testing.assert_allclose(widths, times)
    widths = [c[0].get_width() for c in right.containers if isinstance(c, BarContainer)]
    np.testing.assert_allclose(widths, 3.8 / times)
    assert left.yaxis_inverted()


def test_a_long_ranking_says_what_it_leaves_out() -> None:
    workers = np.arange(1, MOST + 6)
    column = (("series", "line", "workers"), np.tile(1.0 / workers, (1, 3, 1)))
    coords = {"series": ["batch"], "line": ["measured", "low", "high"], "workers": workers}
    left, _ = PRINTS["implementation_comparison"](xr.Dataset({"seconds": column, "speedup": column}, coords)).axes
    assert len(left.get_yticklabels()) == MOST
    assert f"fastest {MOST} of {MOST + 5}" in left.get_title()


@pytest.mark.parametrize("name", PRINTS)
def test_what_is_not_known_is_said(name: str) -> None:
    data = curves()
    unknown = data.assign({metric: data[metric] * np.nan for metric in data if metric != "seconds"})
    drawn = PRINTS[name](unknown)
    drawn.savefig(BytesIO(), format="svg")
    texts = {text.get_text() for axes in drawn.axes for text in axes.texts}
    assert ("not known of these runs" in texts) == (name != "execution_time")


@pytest.mark.parametrize("name", PRINTS)
def test_one_series_on_one_number_of_workers_is_drawn(name: str) -> None:
    PRINTS[name](curves().isel(workers=[1], series=[0])).savefig(BytesIO(), format="svg")


def test_work_without_images_shows_its_tasks() -> None:
    data = curves().drop_vars("images_per_s")
    (axes,) = PRINTS["throughput"](data.assign(tasks_per_s=10 / data["seconds"])).axes
    assert axes.get_title() == METRICS["tasks_per_s"].label


def test_workers_that_lie_far_apart_have_a_logarithmic_axis() -> None:
    data = curves()
    (axes,) = PRINTS["execution_time"](data).axes
    assert axes.get_xscale() == "linear"
    (axes,) = PRINTS["execution_time"](data.assign_coords(workers=[1, 8, 64])).axes
    assert axes.get_xscale() == "log"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1", "8", "64"]


@pytest.mark.parametrize("name", ["<script>", r"$\alpha$ $", "κόσμος 世界 🙂", "long " * 80, "a\nb\x00", r"\$\frac"])
def test_hostile_names_are_text(name: str) -> None:
    data = curves().assign_coords(series=[name, "channel"])
    for figure in ("execution_time", "latency", "implementation_comparison"):
        PRINTS[figure](data).savefig(BytesIO(), format="png", dpi=20)
    first = key(PRINTS["execution_time"](data))[0]
    assert len(first.replace("\\$", "$")) <= 28 and "\n" not in first
