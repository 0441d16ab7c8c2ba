"""How long results take: minimum, mean and maximum, a panel a series."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from daskcnn.figures.colours import QUIET
from daskcnn.figures.prints.letters import letters
from daskcnn.figures.prints.look import (
    by_value,
    by_workers,
    known,
    looks,
    measured,
    named,
    nothing,
    panels,
    whiskers,
)

SHOWN = {"latency_max": ("maximum", "--"), "latency_mean": ("mean", "-"), "latency_min": ("minimum", ":")}


def latency(data: xr.Dataset) -> Figure:
    """Minimum, mean and maximum latency against the number of workers, on one logarithmic axis for all series.

    Parameters
    ----------
    data : xarray.Dataset
        `latency_min`, `latency_mean` and `latency_max` along `series`, `line` and `workers`, in seconds.
    """
    if not known(data, *SHOWN):
        drawn, (axes,) = panels(1)
        named(axes, "Latency", "Latency (s)")
        nothing(axes, "not known of these runs")
        return drawn
    names = [name for name in looks(data) if known(data.sel(series=[name]), *SHOWN)]
    drawn, places = panels(len(names))
    values = np.concatenate([data[metric].sel(line="measured").values.ravel() for metric in SHOWN])
    low, high = 0.7 * values[values > 0].min(initial=np.inf), 1.5 * values[values > 0].max(initial=0)
    for axes, name in zip(places, names, strict=True):
        one(axes, data, name)
        if low < high:
            axes.set_ylim(low, high)
    return drawn


def one(axes: Axes, data: xr.Dataset, name: str) -> None:
    """Draw the latencies of a series."""
    look = looks(data)[name]
    named(axes, letters(name), "Latency (s), less is better")
    for metric, (words, stroke) in SHOWN.items():
        workers, value, low, high = measured(data, metric, name)
        ends = whiskers(value, low, high)
        axes.errorbar(
            workers, value, ends, color=look.colour, marker=look.mark, linestyle=stroke, capsize=3, label=words
        )
    least, most = (data[metric].sel(series=name, line="measured") for metric in ("latency_min", "latency_max"))
    axes.fill_between(data["workers"], least, most, color=QUIET, alpha=0.12, linewidth=0)
    by_value(axes, "latency_mean", steep=True)
    by_workers(axes, data["workers"].values.tolist())
    axes.legend(frameon=False, fontsize=9)
