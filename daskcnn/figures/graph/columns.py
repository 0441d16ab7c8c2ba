"""What is drawn of each node of a task graph: its place, size, words, and a colour for each way of colouring."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET, colours
from daskcnn.figures.graph.shades import Shades
from daskcnn.figures.labels import short
from daskcnn.quantity import quantity

PATH = "#d62728"
"""The critical path, and what is on it."""
NONE = "#00000000"
SEVERAL = "several workers"
"""What tasks of a layer come to that do not all have one owner."""
TOKEN = re.compile(r"-[0-9a-f]{32}(?![0-9A-Za-z])")
"""What makes names of Dask's layers unique."""
LONG = 60
"""Letters of a key that are shown."""


def columns(shown: xr.Dataset, shades: Shades, workers: int) -> dict[str, NDArray[Any]]:
    """The columns of a graph's tasks, or of its layers.

    Parameters
    ----------
    shown : xarray.Dataset
        As `placed` or `collapsed` gives it.
    shades : Shades
        Of costs.
    workers : int
        How many there are.
    """
    names, code = np.unique(shown["layer"].values, return_inverse=True)
    hues = colours(map(str, range(workers)))
    # The last is where -1 leads.
    owners = np.array([*(f"worker {number}" for number in hues), SEVERAL], str)
    owner, tasks, x = shown["owner"].values, shown["tasks"].values, shown["x"].values
    alone = np.array([short(TOKEN.sub("", key), LONG) for key in shown["key"].values.tolist()], str)
    return {
        "x": x,
        "y": shown["y"].values,
        "first": shown["first"].values if "first" in shown else x,
        "last": shown["last"].values if "last" in shown else x,
        "code": code,
        "layer": names[code],
        # A layer of one task is that task.
        "label": np.where(tasks > 1, "a layer", alone),
        "tasks": tasks,
        "worker": owners[owner],
        "bytes_text": _texts(shown["bytes"]),
        "cost_text": _texts(shown["cost"]),
        "size": sizes(tasks),
        "ring": np.where(shown["critical"].values, PATH, NONE),
        "by_layer": np.array(list(colours(names.tolist()).values()), str)[code],
        "by_owner": np.array([*hues.values(), QUIET], str)[owner],
        "by_cost": shades.hues(shown["cost"].values),
    }


def sizes(tasks: NDArray[np.integer]) -> NDArray[np.float64]:
    """Diameters of nodes that stand for so many tasks."""
    return np.where(tasks > 1, 12 + 4 * np.log10(np.maximum(tasks, 1)), 9.0)


def _texts(values: xr.DataArray) -> NDArray[np.str_]:
    """Values as people read them, with their unit."""
    known, place = np.unique(values.values, return_inverse=True)
    unit = values.attrs.get("units", "")
    return np.array([quantity(value, unit) for value in known.tolist()], str)[place]
