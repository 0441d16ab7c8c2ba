"""Every configuration side by side, the fastest first."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from daskcnn.figures.prints.letters import letters
from daskcnn.figures.prints.look import PANEL, known, looks, named, nothing, whiskers
from daskcnn.metrics import METRICS

MOST = 30
"""Bars that a page has room for."""
ROW = 0.27
"""Inches that a bar takes."""


def ranking(data: xr.Dataset) -> Figure:
    """Time and speedup of every series on every number of workers, a bar each.

    Parameters
    ----------
    data : xarray.Dataset
        `seconds` and `speedup` along `series`, `line` and `workers`.
    """
    time = data["seconds"].sel(line="measured").stack(bar=("series", "workers"))
    order = [place for place in np.argsort(time.values) if np.isfinite(time.values[place])]
    bars = [time["bar"].values[place] for place in order[:MOST]]
    drawn = Figure(figsize=(2.6 * PANEL[0], 1.6 + ROW * max(len(bars), 6)), layout="constrained")
    left, right = drawn.subplots(1, 2, sharey=True)
    about = f", the fastest {MOST} of {len(order):,}" if len(order) > MOST else ""
    ranked(left, data, "seconds", bars, about)
    ranked(right, data, "speedup", bars, about)
    words = [f"{letters(str(name))} on {count:,}" for name, count in bars]
    left.set_yticks(range(len(bars)), words)
    left.set_ylabel("Way of cutting, on how many workers")
    left.invert_yaxis()
    return drawn


def ranked(axes: Axes, data: xr.Dataset, metric: str, bars: list[tuple[str, int]], about: str) -> None:
    """Draw one metric, a bar a line."""
    what, found = METRICS[metric], looks(data)
    named(axes, what.label + about, "", what.title)
    axes.grid(visible=False, axis="y")
    if not known(data, metric):
        nothing(axes, "not known of these runs")
        return
    for row, (name, count) in enumerate(bars):
        value, low, high = (
            data[metric].sel(series=name, workers=count, line=[line]).values for line in ("measured", "low", "high")
        )
        axes.barh(
            row, value, 0.72, xerr=whiskers(value, low, high), color=found[name].colour, ecolor="#1f2937", capsize=2
        )
