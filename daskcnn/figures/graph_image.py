"""The task graph as a picture for print: the same places and colours as the page's."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from bokeh.palettes import Viridis256
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET
from daskcnn.figures.graph import BY, FEW, PATH, columns
from daskcnn.figures.graph_layout import collapsed, path, placed
from daskcnn.figures.labels import short

COLOURS = 16
"""Colours up to which the legend has a name for each."""
NAMES = {"layer": "layer", "owner": "worker"}
"""What each way of colouring tells apart, by its column."""
NAMED = 40
"""Nodes up to which each has its name beside it."""


def graph_image(graph: xr.Dataset, colour: str = "layer") -> Figure:
    """Tasks from left to right by depth, or a node a layer above a few hundred tasks.

    Parameters
    ----------
    graph : xarray.Dataset
        As `daskcnn.figures.task_graph` takes it.
    colour : str
        `layer`, `owner` or `cost`.

    Returns
    -------
    matplotlib.figure.Figure
        `savefig` writes it as SVG, PNG or PDF.
    """
    tasks = placed(graph.assign(tasks=("task", np.ones(graph.sizes["task"], int))))
    shown = tasks if tasks.sizes["task"] <= FEW else collapsed(tasks)
    data = columns(shown)
    x, y, steps = data["x"], data["y"], path(shown)
    drawn = Figure(figsize=(9.6, 5.4), layout="constrained")
    axes = drawn.add_subplot()
    ends = np.stack([np.stack([x[shown[end].values], y[shown[end].values]], axis=-1) for end in ("read", "reader")], 1)
    axes.add_collection(LineCollection(list(ends), colors=QUIET, linewidths=0.6, alpha=0.5, zorder=1))
    axes.plot(x[steps], y[steps], color=PATH, linewidth=2, alpha=0.7, label="critical path", zorder=2)
    field = next(name for name, of in BY.items() if of == colour)
    axes.scatter(x, y, s=data["size"] ** 2 / 2, c=data[field].tolist(), zorder=3)
    if named := x.size <= NAMED and "edges" in shown:
        axes.margins(y=0.3)
        for name, left, up in zip(data["layer"], x, y, strict=True):
            axes.annotate(_plain(short(name)), (left, up), (4, 6), textcoords="offset points", rotation=25, fontsize=8)
    axes.set(xlabel="Depth", title=f"{tasks.sizes['task']:,} tasks, {tasks.sizes['edge']:,} edges", yticks=[])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if colour == "cost":
        _cost_bar(drawn, axes, shown["cost"])
    elif not (named and colour == "layer"):
        _name_colours(axes, data[NAMES[colour]], data[field])
    drawn.legend(loc="outside upper right" if colour == "cost" else "outside right upper", frameon=False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    return drawn


def _name_colours(axes: Axes, names: NDArray[Any], colours: NDArray[Any]) -> None:
    """An entry of the legend for each colour, where they are few."""
    found, first = np.unique(names, return_index=True)
    for name, place in zip(found, first, strict=True) if found.size <= COLOURS else ():
        axes.scatter([], [], color=colours[place], label=_plain(short(f"worker {name}" if name.isdecimal() else name)))


def _cost_bar(drawn: Figure, axes: Axes, cost: xr.DataArray) -> None:
    """What the shades stand for."""
    shades = ScalarMappable(Normalize(0, np.nan_to_num(cost.values).max(initial=0.0)), ListedColormap(list(Viridis256)))
    unit = cost.attrs.get("units", "")
    drawn.colorbar(shades, ax=axes, label=f"Cost ({unit})" if unit else "Cost", shrink=0.6)


def _plain(name: str) -> str:
    """A name that is never read as mathematics."""
    return name.replace("$", r"\$")
