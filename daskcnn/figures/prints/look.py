"""What figures for print share: sizes, marks, names, and axes against the number of workers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.container import Container
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator, PercentFormatter
from matplotlib.transforms import offset_copy
from matplotlib.typing import LineStyleType

from daskcnn.figures.colours import QUIET, colours
from daskcnn.metrics import METRICS

Floats = npt.NDArray[np.float64]
SINGLE = (8.4, 5.0)
"""Width and height of a figure with one panel, in inches."""
PANEL = (4.2, 3.7)
"""Of each of several."""
MARKS = "os^Dv*XP"
LINES: dict[str, LineStyleType] = {"amdahl": "--", "gustafson": "-.", "usl": ":"}
LAWS = {"amdahl": "Amdahl", "gustafson": "Gustafson", "usl": "Universal Scalability Law"}
IDEAL = "#374151"
MIB = 1 << 20
WIDE = 8
"""Times as many workers from which their axis is logarithmic."""
APART = 3
"""Points between the whiskers of one series and the next."""


class Look(NamedTuple):
    """How a series is told from the others: by two things, for eyes that see no colours."""

    colour: str
    mark: str


def looks(data: xr.Dataset) -> dict[str, Look]:
    """A look for each series, in their order; beyond eight the marks repeat, not with the same colour."""
    names = data["series"].values.tolist()
    palette = colours(names)
    return {name: Look(palette[name], MARKS[place % len(MARKS)]) for place, name in enumerate(names)}


def panels(count: int, across: int = 3, size: tuple[float, float] = PANEL) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels, in rows of at most `across`."""
    columns = min(count, across)
    rows = -(-count // columns)
    drawn = Figure(figsize=(columns * size[0], rows * size[1]) if count > 1 else SINGLE, layout="constrained")
    return drawn, [drawn.add_subplot(rows, columns, place) for place in range(1, count + 1)]


def named(axes: Axes, title: str, quantity: str, across: str = "Workers") -> None:
    """Titles, a quiet grid, no box."""
    axes.set(title=title, xlabel=across, ylabel=quantity)
    axes.grid(visible=True, color=QUIET, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def by_workers(axes: Axes, counts: Sequence[int]) -> None:
    """An axis with the numbers of workers that were measured, logarithmic where they lie far apart."""
    if counts[-1] > WIDE * counts[0]:
        axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(list(counts)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    low, high = counts[0], counts[-1]
    if low == high:
        axes.set_xlim(low / 2, low * 3 / 2)


def by_value(axes: Axes, metric: str, *, steep: bool = False) -> None:
    """An axis in the metric's unit: percent for shares, plain numbers otherwise."""
    if steep:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_locator(NullLocator())
    if METRICS[metric].share:
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=None, symbol=" %"))
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:,.10g}"))


def whiskers(value: Floats, low: Floats, high: Floats) -> Floats:
    """(2, point) How far the ends of intervals are from their values; NaN where there is no interval."""
    return np.stack([np.maximum(value - low, 0), np.maximum(high - value, 0)])


def beside(axes: Axes, drawn: Container, place: int, count: int) -> None:
    """Move one of several series aside by a few points, so that whiskers do not cover each other."""
    points = (place - (count - 1) / 2) * APART
    aside = offset_copy(axes.transData, axes.get_figure(root=True), x=points, units="points")
    for artist in drawn.get_children():
        artist.set_transform(aside)


def measured(data: xr.Dataset, metric: str, series: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Numbers of workers at which a series was measured, its values there, and both ends of their intervals."""
    own = data[metric].sel(series=series)
    value = own.sel(line="measured").values
    known = np.isfinite(value)
    low, high = (own.sel(line=end).values[known] for end in ("low", "high"))
    return data["workers"].values[known], value[known], low, high


def known(data: xr.Dataset, *metrics: str) -> bool:
    """Whether anything was measured of any of the metrics."""
    return any(name in data and bool(np.isfinite(data[name].sel(line="measured")).any()) for name in metrics)


def nothing(axes: Axes, why: str) -> None:
    """Words in the place of curves."""
    axes.text(0.5, 0.5, why, ha="center", va="center", transform=axes.transAxes, color=QUIET, wrap=True)
    axes.set(xticks=[], yticks=[])
