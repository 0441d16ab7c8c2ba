"""A metric against the number of workers: medians with their intervals, the ideal, and the fitted laws."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from daskcnn.figures.comparison import BETTER
from daskcnn.figures.prints.letters import letters
from daskcnn.figures.prints.look import (
    IDEAL,
    LAWS,
    LINES,
    Floats,
    beside,
    by_value,
    by_workers,
    known,
    looks,
    measured,
    named,
    nothing,
    whiskers,
)
from daskcnn.metrics import METRICS

GOOD, FAIR = 0.90, 0.75
"""Efficiencies from which one is called good, and fair."""
ZONES = (
    (GOOD, np.inf, "#d8daeb", "90 % or more"),
    (FAIR, GOOD, "#f7f7f7", "75 % to 90 %"),
    (0, FAIR, "#fee0b6", "below 75 %"),
)
GAP = "#EE6677"
NEVER_ZERO = ("seconds", "images_per_s", "tasks_per_s")
STEEP = 10
"""Times as much from which the axis of what is never zero is logarithmic."""


def curve(axes: Axes, data: xr.Dataset, metric: str) -> None:
    """Draw one metric, a line a series.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    data : xarray.Dataset
        The metric along `series`, `line` (`measured`, `low`, `high`, and where there are such `ideal` and the fitted
        laws) and `workers`; NaN where a series was not measured.
    metric : str
        A key of `METRICS`.
    """
    what = METRICS[metric]
    named(axes, what.label, what.title + BETTER[what.better])
    if not known(data, metric):
        nothing(axes, "not known of these runs")
        return
    counts = data["workers"].values.tolist()
    found = looks(data)
    for place, (name, look) in enumerate(found.items()):
        workers, value, low, high = measured(data, metric, name)
        ends = whiskers(value, low, high)
        drawn = axes.errorbar(workers, value, ends, color=look.colour, marker=look.mark, capsize=3, label=letters(name))
        beside(axes, drawn, place, len(found))
        for law in fitted(data):
            axes.plot(counts, data[metric].sel(series=name, line=law), LINES[law], color=look.colour, linewidth=1.1)
    perfect = ideal(data, metric)
    # A line of one point shows nothing.
    mark = "_" if np.isfinite(perfect).sum() == 1 else ""
    axes.plot(counts, perfect, color=IDEAL, linewidth=0.9, marker=mark, markersize=18, alpha=0.7, zorder=1)
    values = data[metric].values[np.isfinite(data[metric].values)]
    by_value(axes, metric, steep=metric in NEVER_ZERO and values.max() > STEEP * values.min() > 0)
    by_workers(axes, counts)


def throughput(axes: Axes, data: xr.Dataset) -> None:
    """Draw images per second; of work that has none, tasks."""
    curve(axes, data, "images_per_s" if known(data, "images_per_s") else "tasks_per_s")


def speedup(axes: Axes, data: xr.Dataset) -> None:
    """Draw the speedup, and what the best series lacks to the ideal."""
    curve(axes, data, "speedup")
    if known(data, "speedup"):
        counts, perfect = data["workers"].values, ideal(data, "speedup")
        found = data["speedup"].sel(line="measured")
        best = found.where(np.isfinite(found), -np.inf).max("series").values
        there = np.isfinite(best)
        gap = np.maximum(perfect, best)[there]
        axes.fill_between(counts[there], best[there], gap, color=GAP, alpha=0.12, linewidth=0)
        axes.set_ylim(bottom=0)


def efficiency(axes: Axes, data: xr.Dataset) -> None:
    """Draw the efficiency over the zones in which it is called good, fair and poor."""
    curve(axes, data, "efficiency")
    if known(data, "efficiency"):
        top = max(1.05, axes.get_ylim()[1])
        for low, high, shade, words in ZONES:
            axes.axhspan(low, min(high, top), color=shade, alpha=0.6, zorder=0, linewidth=0)
            middle = (low + min(high, top)) / 2
            axes.text(1.01, middle, words, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
        axes.set_ylim(0, top)


def fitted(data: xr.Dataset) -> list[str]:
    """The laws that could be fitted to any series."""
    return [
        law for law in LAWS if law in data["line"].values and bool(np.isfinite(data["seconds"].sel(line=law)).any())
    ]


def ideal(data: xr.Dataset, metric: str) -> Floats:
    """By the number of workers, the median over the series; NaN where a metric has none."""
    lines = data[metric]
    if "ideal" not in lines["line"].values:
        return np.full(data.sizes["workers"], np.nan)
    return np.asarray(lines.sel(line="ideal").median("series", skipna=True).values, float)
