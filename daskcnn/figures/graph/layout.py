"""Where the tasks of a graph are drawn: layered by depth, and collapsed layer by layer."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
GAP = 1.5
"""Ranks from one layer to the next above it."""
SWEEPS = 4
"""Times that tasks are put in the order of what they read, and of what reads them."""


def placed(graph: xr.Dataset) -> xr.Dataset:
    """The graph with a place for each task: `x` is its depth, `y` its rank among those of its depth.

    Tasks of a layer stay together; layers, and tasks within them, follow the mean place of their neighbours
    (Sugiyama, Tagawa and Toda 1981), so that few edges cross.

    Parameters
    ----------
    graph : xarray.Dataset
        With `layer` and `depth` along `task`, `reader` and `read` along `edge`.

    Examples
    --------
    >>> graph = xr.Dataset({"layer": ("task", ["a", "a", "b"]), "depth": ("task", [1, 1, 2]),
    ...                     "reader": ("edge", [2, 2]), "read": ("edge", [0, 1])})
    >>> placed(graph)["y"].values
    array([-0.5,  0.5,  0. ])
    """
    depth = graph["depth"].values
    layer = np.unique(graph["layer"].values, return_inverse=True)[1]
    reader, read = graph["reader"].values, graph["read"].values
    y = np.arange(depth.size, dtype=float)
    for sweep in range(SWEEPS):
        near, far = (reader, read) if sweep % 2 == 0 else (read, reader)
        y = _swept(depth, layer, y, near, far, downward=sweep % 2 == 0)
    return graph.assign(x=("task", depth.astype(float)), y=("task", y))


def collapsed(graph: xr.Dataset) -> xr.Dataset:
    """A node a layer, about the middle of its tasks, and an edge for each pair of layers that tasks connect.

    Parameters
    ----------
    graph : xarray.Dataset
        As `placed` gives it, with `bytes`, `cost`, `owner` and `critical` too; NaN where bytes or costs are unknown.

    Returns
    -------
    xarray.Dataset
        Along `task` (a layer each) the same variables, `tasks`, and `first` and `last`, the depths between which they
        are; along `edge` also `edges`, how many it stands for.
    """
    names, layer = np.unique(graph["layer"].values, return_inverse=True)
    size = np.bincount(layer, minlength=len(names))
    sums = {
        name: ("task", _known_sums(layer, graph[name].values, len(names)), graph[name].attrs)
        for name in ("bytes", "cost")
    }
    x, y = (np.bincount(layer, graph[name].values, len(names)) / size for name in ("x", "y"))
    first, last = np.full(len(names), np.inf), np.zeros(len(names))
    np.minimum.at(first, layer, graph["x"].values)
    np.maximum.at(last, layer, graph["x"].values)
    pairs = np.stack([layer[graph["reader"].values], layer[graph["read"].values]])
    apart, edges = np.unique(pairs[:, pairs[0] != pairs[1]], axis=1, return_counts=True)
    return xr.Dataset(
        {
            "key": ("task", names),
            "layer": ("task", names),
            "owner": ("task", _common(layer, graph["owner"].values, len(names))),
            "critical": ("task", np.bincount(layer, graph["critical"].values, len(names)) > 0),
            "tasks": ("task", size),
            **sums,
            "x": ("task", x),
            "y": ("task", _stacked(np.rint(x), y)),
            "first": ("task", first),
            "last": ("task", last),
            "reader": ("edge", apart[0]),
            "read": ("edge", apart[1]),
            "edges": ("edge", edges),
        }
    )


def _swept(depth: Ints, layer: Ints, y: Floats, near: Ints, far: Ints, *, downward: bool) -> Floats:
    """Ranks depth by depth, each from the ranks of its neighbours on the side where the sweep comes from."""
    y = y.copy()
    tasks, edges = np.argsort(depth, kind="stable"), np.argsort(depth[near], kind="stable")
    levels = np.arange(1, depth.max(initial=0) + 2)
    of_tasks, of_edges = np.searchsorted(depth[tasks], levels), np.searchsorted(depth[near[edges]], levels)
    local = np.empty(depth.size, np.int64)
    for level in range(len(levels) - 1) if downward else reversed(range(len(levels) - 1)):
        own = tasks[of_tasks[level] : of_tasks[level + 1]]
        links = edges[of_edges[level] : of_edges[level + 1]]
        local[own] = np.arange(own.size)
        count = np.bincount(local[near[links]], minlength=own.size)
        total = np.bincount(local[near[links]], y[far[links]], own.size)
        wish = np.where(count > 0, total / np.maximum(count, 1), y[own])
        y[own] = _ranks(layer[own], wish)
    return y


def _ranks(layer: Ints, wish: Floats) -> Floats:
    """Ranks about 0: layers by the mean of their wishes, then tasks by theirs."""
    of = np.unique(layer, return_inverse=True)[1]
    together = (np.bincount(of, wish) / np.bincount(of))[of]
    ranks = np.empty(layer.size)
    ranks[np.lexsort((wish, of, together))] = np.arange(layer.size) - (layer.size - 1) / 2
    return ranks


def _stacked(columns: Floats, y: Floats) -> Floats:
    """Heights about 0 of the nodes of each column, in the same order."""
    order = np.lexsort((y, columns))
    _, first, count = np.unique(columns[order], return_index=True, return_counts=True)
    heights = np.empty(y.size)
    heights[order] = GAP * (np.arange(y.size) - np.repeat(first + (count - 1) / 2, count))
    return heights


def _common(group: Ints, values: Ints, groups: int) -> Ints:
    """The value that all of a group share, -1 where they differ."""
    low, high = np.full(groups, np.iinfo(np.int64).max), np.full(groups, np.iinfo(np.int64).min)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    return np.where(low == high, low, -1)


def _known_sums(group: Ints, values: Floats, groups: int) -> Floats:
    """Sums of what is known in each group, NaN where nothing is."""
    known = np.isfinite(values)
    sums = np.bincount(group[known], values[known], groups)
    return np.where(np.bincount(group[known], minlength=groups) > 0, sums, np.nan)


def path(tasks: xr.Dataset) -> Ints:
    """Numbers of the tasks on the critical path, in the order in which they run."""
    critical = np.flatnonzero(tasks["critical"].values)
    found: Ints = critical[np.argsort(tasks["x"].values[critical], kind="stable")]
    return found


def layer_path(tasks: xr.Dataset) -> Ints:
    """Numbers of the layers that the critical path goes through, each as often as it comes back to it.

    >>> graph = {"layer": ["a", "b", "a", "a"], "critical": [True] * 4, "x": [1.0, 2, 3, 4]}
    >>> layer_path(xr.Dataset({name: ("task", values) for name, values in graph.items()}))
    array([0, 1, 0])
    """
    layer = np.unique(tasks["layer"].values, return_inverse=True)[1][path(tasks)]
    found: Ints = layer[np.diff(layer, prepend=-1) != 0]
    return found
