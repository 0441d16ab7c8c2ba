"""A metric as bars, grouped by the number of workers."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from daskcnn.figures.colours import QUIET
from daskcnn.figures.comparison import BETTER
from daskcnn.figures.prints.look import MIB, by_value, known, looks, measured, named, nothing, whiskers
from daskcnn.metrics import METRICS

LITTLE = 0.05
"""Of communication and load imbalance: what is called little."""
ROOM = 0.84
"""Of the way from one number of workers to the next, what bars take."""


def bars(axes: Axes, data: xr.Dataset, metric: str, threshold: float = np.nan, title: str = "") -> None:
    """Draw one metric, a bar a series at each number of workers.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    data : xarray.Dataset
        The metric along `series`, `line` (`measured`, `low` and `high`) and `workers`.
    metric : str
        A key of `METRICS`; bytes are drawn in MiB.
    threshold : float
        Where a line is drawn.
    title : str
        The metric's label by default.
    """
    what = METRICS[metric]
    size, unit = (MIB, "MiB") if what.unit == "B" else (1, what.title)
    named(axes, title or what.label, unit + BETTER[what.better])
    if not known(data, metric):
        nothing(axes, "not known of these runs")
        return
    counts = data["workers"].values.tolist()
    found = looks(data)
    width = ROOM / len(found)
    top = 0.0
    for number, (name, look) in enumerate(found.items()):
        workers, value, low, high = (
            column / (size if place else 1) for place, column in enumerate(measured(data, metric, name))
        )
        place = np.searchsorted(counts, workers) + (number + 0.5) * width - ROOM / 2
        ends = whiskers(value, low, high)
        axes.bar(
            place, value, width, yerr=ends, color=look.colour, ecolor="#1f2937", capsize=2, error_kw={"elinewidth": 1}
        )
        for zero in place[value == 0]:
            axes.annotate(
                "0", (zero, 0), (0, 2), textcoords="offset points", ha="center", color=look.colour, fontsize=8
            )
        top = max(top, *np.fmax(value, high), 0)
    if np.isfinite(threshold):
        axes.axhline(threshold, color=QUIET, linestyle="--", linewidth=1)
        top = max(top, threshold)
    axes.set_ylim(0, 1.05 * top or 1)
    by_value(axes, metric)
    grouped(axes, counts)


def grouped(axes: Axes, counts: Sequence[int]) -> None:
    """An axis with a place for each number of workers."""
    axes.set_xticks(range(len(counts)), [f"{count:,}" for count in counts])
    axes.grid(visible=False, axis="x")
