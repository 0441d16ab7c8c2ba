"""Panels on a sheet, with one key for all of them."""

from collections.abc import Callable

import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from daskcnn.figures.colours import QUIET
from daskcnn.figures.prints.curves import fitted
from daskcnn.figures.prints.letters import letters
from daskcnn.figures.prints.look import IDEAL, LAWS, LINES, looks, panels

Draw = Callable[[Axes, xr.Dataset], None]


def sheet(data: xr.Dataset, *draws: Draw, laws: bool = True, intervals: bool = True) -> Figure:
    """A figure with a panel for each drawing, and a key.

    Parameters
    ----------
    data : xarray.Dataset
        Along `series`, `line` and `workers`.
    draws : callable
        Each draws the data on the axes that it is given.
    laws : bool
        Whether the ideal and fitted laws are drawn too.
    intervals : bool
        Whether there are any.
    """
    drawn, places = panels(len(draws))
    for axes, draw in zip(places, draws, strict=True):
        draw(axes, data)
    key(drawn, data, laws=laws, intervals=intervals)
    return drawn


def key(drawn: Figure, data: xr.Dataset, *, laws: bool, intervals: bool) -> None:
    """Say beneath all panels what the lines and marks are."""
    entries: list[Artist] = [
        Line2D([], [], color=look.colour, marker=look.mark, label=letters(name)) for name, look in looks(data).items()
    ]
    if laws:
        entries.append(Line2D([], [], color=IDEAL, linewidth=0.9, label="ideal"))
        entries += [
            Line2D([], [], color=QUIET, linestyle=LINES[law], label=f"fitted, {LAWS[law]}") for law in fitted(data)
        ]
    if intervals:
        entries.append(Line2D([], [], color=QUIET, marker="|", markersize=12, linestyle="", label="95 % interval"))
    drawn.legend(handles=entries, loc="outside lower center", ncols=4, frameon=False, fontsize=9)
