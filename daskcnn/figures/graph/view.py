"""What is seen of a task graph at a time: how much of the plane, and which names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr

from daskcnn.figures.graph.captions import Scale, above, beside
from daskcnn.figures.graph.columns import sizes
from daskcnn.figures.labels import short

WIDTH = 1000
"""Pixels that a page probably has for a figure."""
ROW = 22
"""Pixels from one row to the next, where they are not too many."""
LEAST, MOST = 260, 760
"""Height in pixels."""
AXIS, EDGE = 60, 40
"""Pixels for the axis and its label, and beside the first and the last column."""

Names = dict[str, Any]


@dataclass(frozen=True)
class View:
    """All tasks of a graph, or a node a layer."""

    height: int
    """Pixels."""
    angle: float
    """Of the names, in radians."""
    frame: dict[str, list[float]]
    """What is seen of the plane: `left`, `right`, `bottom` and `top`."""
    names: Names
    """`x`, `y`, `text` and `lift`, pixels downwards, of each; where there is no room, the text is empty."""


def of_tasks(tasks: xr.Dataset) -> View:
    """All tasks, with the names of their layers above the columns.

    Parameters
    ----------
    tasks : xarray.Dataset
        As `placed` gives it.
    """
    depth, most = float(tasks["x"].max()), float(tasks["y"].max()) + 0.5
    found = above(tasks, Scale(WIDTH / depth, ROW))
    texts = list(found.values())
    names = {"x": list(found), "y": [most] * len(texts), "text": texts, "lift": [-4.0] * len(texts)}
    return _view(depth, -most, most, names, _scale(depth, 2 * most, texts))


def of_layers(layers: xr.Dataset, depth: float) -> View:
    """A node a layer, with its name beside it.

    Parameters
    ----------
    layers : xarray.Dataset
        As `collapsed` gives it.
    depth : float
        Of the deepest task.
    """
    x, y = layers["x"].values, layers["y"].values
    low, high = float(y.min()) - 2, float(y.max()) + 2
    scale = _scale(depth, high - low, [short(str(name)) for name in layers["layer"].values])
    lift = (-3 - sizes(layers["tasks"].values) / 2).tolist()
    names = {"x": x.tolist(), "y": y.tolist(), "text": beside(layers, scale), "lift": lift}
    return _view(depth, low, high, names, scale)


def _scale(depth: float, rows: float, texts: Sequence[str]) -> Scale:
    """So that there is room above all rows for the names of the highest."""
    scale = Scale(WIDTH / depth, ROW)
    free = MOST - AXIS - scale.room(texts)
    return Scale(scale.across, min(ROW, free / rows))


def _view(depth: float, low: float, high: float, names: Names, scale: Scale) -> View:
    room = scale.room(names["text"])
    named = zip(names["x"], names["text"], strict=True)
    ends = [at + scale.reach(text) / scale.across for at, text in named if text]
    frame = {
        "left": [1 - EDGE / scale.across],
        "right": [max([depth + EDGE / scale.across, *ends])],
        "bottom": [low],
        "top": [high + room / scale.up],
    }
    height = max(LEAST, round(AXIS + room + scale.up * (high - low)))
    return View(height, scale.angle, frame, names)
