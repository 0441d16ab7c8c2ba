"""The task graph as a picture for print: the same places and colours as the page's."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from bokeh.palettes import Viridis256
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET
from daskcnn.figures.graph.captions import Scale, above, beside
from daskcnn.figures.graph.columns import PATH, columns, sizes
from daskcnn.figures.graph.layout import collapsed, layer_path, path, placed
from daskcnn.figures.graph.shades import Shades
from daskcnn.figures.graph.task_graph import BY, FEW, WIDTHS
from daskcnn.figures.prints.letters import letters
from daskcnn.quantity import many, quantity

COLOURS = 16
"""Colours up to which the legend has a name for each."""
NAMES = {"layer": "layer", "owner": "worker", "cost": "cost_text"}
"""What each way of colouring tells apart, by its column."""
WIDE, MOST = 9.6, 5.4
"""Inches."""
ROW, AROUND = 0.3, 1.0
"""Inches from a row of tasks to the next, where they are not too many, and of title and axis."""
INCH = 72
"""Points."""
ACROSS, LETTER = 480, 8
"""Points that are left for nodes and edges from left to right, and of a letter."""


def graph_image(graph: xr.Dataset, colour: str = "layer", title: str = "Task graph") -> Figure:
    """Tasks from left to right by depth, or a node a layer above a few hundred tasks.

    Parameters
    ----------
    graph : xarray.Dataset
        As `daskcnn.figures.task_graph` takes it.
    colour : str
        `layer`, `owner` or `cost`.
    title : str
        What it is a graph of.

    Returns
    -------
    matplotlib.figure.Figure
        `savefig` writes it as SVG, PNG or PDF.
    """
    tasks = placed(graph.assign(tasks=("task", np.ones(graph.sizes["task"], int))))
    whole = tasks.sizes["task"] <= FEW
    shown, steps = (tasks, path(tasks)) if whole else (collapsed(tasks), layer_path(tasks))
    shades = Shades.of(shown["cost"].values)
    data = columns(shown, shades, 1 + int(tasks["owner"].max()))
    x, y = data["x"], data["y"]
    scale = Scale(ACROSS / float(tasks["x"].max()), ROW * INCH, 0.55 * LETTER, LETTER)
    names = _names(tasks, shown, scale)
    # There are as many rows as tasks of a depth, and one above and below them.
    rows, room = 2 + float(np.ptp(y)), scale.room([name for name, *_ in names]) / INCH
    height = min(AROUND + room + ROW * rows, MOST)
    drawn = Figure(figsize=(WIDE, height), layout="constrained")
    axes = drawn.add_subplot()
    ends = np.stack([np.stack([x[shown[end].values], y[shown[end].values]], axis=-1) for end in ("read", "reader")], 1)
    axes.add_collection(LineCollection(list(ends), colors=QUIET, linewidths=0.6, alpha=0.5, zorder=1))
    field = next(name for name, of in BY.items() if of == colour)
    axes.hlines(y, data["first"], data["last"], colors=data[field].tolist(), linewidth=4, alpha=0.4, zorder=1.5)
    for width, alpha in WIDTHS.items():
        # The legend has no name that begins with a dash below.
        label = "critical path" if alpha == 1 else "_"
        axes.plot(x[steps], y[steps], color=PATH, linewidth=0.6 * width, alpha=alpha, label=label, zorder=2)
    axes.scatter(
        x,
        y,
        s=data["size"] ** 2 / 2,
        c=data[field].tolist(),
        edgecolors=data["ring"].tolist(),
        linewidths=1.5,
        zorder=3,
    )
    margin = max(0.04 * float(tasks["x"].max()), 0.25)
    axes.set(xlim=(1 - margin, tasks["x"].max() + margin), xlabel="Depth")
    axes.set(ylim=(y.min() - 1, y.max() + 1 + room * rows / (height - AROUND - room)), yticks=[])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True, min_n_ticks=1))
    look: dict[str, Any] = {"rotation": np.degrees(scale.angle), "rotation_mode": "anchor", "fontsize": LETTER}
    for name, left, up, lift in names:
        axes.annotate(letters(name), (left, up), (2, lift), textcoords="offset points", annotation_clip=False, **look)
    size = f"{many(tasks.sizes['task'], 'task')}, {many(tasks.sizes['edge'], 'edge')}"
    drawn.suptitle(f"{letters(title, 80)}: {size}", fontsize=10)
    if colour == "cost" and shades.high > shades.low:
        _cost_bar(drawn, axes, shown["cost"], shades)
    else:
        _name_colours(axes, data[NAMES[colour]], data[field])
    drawn.legend(loc="outside upper right" if colour == "cost" else "outside right upper", frameon=False, fontsize=9)
    axes.spines[["left", "right", "top"]].set_visible(False)
    return drawn


def _names(tasks: xr.Dataset, shown: xr.Dataset, scale: Scale) -> list[tuple[str, float, float, float]]:
    """Names beside nodes that stand for layers, or above the columns of tasks: text, place, and points upwards."""
    if "edges" in shown:
        x, y = (shown[name].values.tolist() for name in ("x", "y"))
        lift = (3 + 0.35 * sizes(shown["tasks"].values)).tolist()
        return list(zip(beside(shown, scale), x, y, lift, strict=True))
    top = float(tasks["y"].max()) + 0.7
    return [(name, depth, top, 0.0) for depth, name in above(tasks, scale).items()]


def _name_colours(axes: Axes, names: NDArray[Any], colours: NDArray[Any]) -> None:
    """An entry of the legend for each colour, where they are few."""
    found, first = np.unique(names, return_index=True)
    for place in np.sort(first).tolist() if found.size <= COLOURS else ():
        axes.scatter([], [], color=colours[place], label=letters(names[place]))


def _cost_bar(drawn: Figure, axes: Axes, cost: xr.DataArray, shades: Shades) -> None:
    """What the shades stand for."""
    scale = ScalarMappable(LogNorm(shades.low, shades.high), ListedColormap(list(Viridis256)))
    bar = drawn.colorbar(scale, ax=axes, label="Cost", shrink=0.6, ticks=shades.steps)
    bar.ax.yaxis.set_minor_locator(NullLocator())
    unit = str(cost.attrs.get("units", ""))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: quantity(value, unit)))
