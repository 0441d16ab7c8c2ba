"""How many bytes the tasks themselves take when they are sent: functions, arguments, and values put among them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from types import BuiltinFunctionType, FunctionType, NoneType
from typing import Any

import numpy as np
from dask._task_spec import Alias, DataNode, GraphNode, Task, TaskRef
from dask.sizeof import sizeof
from distributed.protocol import pickle

from daskcnn.taskgraph.columns import Floats, Ints

PLAIN = frozenset({TaskRef, Alias, int, float, bool, NoneType, slice, type, FunctionType, BuiltinFunctionType})
"""Types of arguments that are no data."""
SAMPLES, EACH = 1000, 4
"""Tasks that are pickled to see what they take, of the whole graph and of a layer at most."""
ARGUMENTS = 4e3
"""Bytes that a function, its arguments and a few fused ones take at most: what takes more is data."""
FEW = 8
"""Elements of a list that are looked at one by one; Dask samples the longer ones."""
SMALL = 100_000
"""Bytes of data from which a task is not pickled: that would copy it."""


def definitions(tasks: Sequence[GraphNode], layer: Ints, data: Floats) -> Floats:
    """Bytes of each task as it is sent: the data in it, and what else a few tasks of its layer take when pickled.

    Parameters
    ----------
    tasks : sequence of GraphNode
    layer : (task,) int64
        The layer of each.
    data : (task,) float64
        What is `embedded` in each.

    Returns
    -------
    (task,) float64
        NaN where nothing of a layer can be pickled.
    """
    chosen = _samples(layer)
    chosen = chosen[data[chosen] < SMALL]
    rest = np.array([_pickled(tasks[task]) for task in chosen.tolist()]) - data[chosen]
    layers = int(layer.max(initial=-1)) + 1
    with np.errstate(invalid="ignore"):
        mean = np.bincount(layer[chosen], rest, layers) / np.bincount(layer[chosen], minlength=layers)
    unseen = np.bincount(layer[chosen], minlength=layers) == 0
    mean[unseen] = rest.mean() if len(rest) else 0.0
    return data + np.maximum(mean, 0.0)[layer]


def embedded(value: Any) -> float:
    """Bytes of the arrays, frames and texts in a task or an argument of one.

    >>> embedded(Task("total", sum, TaskRef("x"), np.zeros(10)))
    80.0
    """
    kind = type(value)
    if kind in PLAIN:
        return 0.0
    if isinstance(value, np.ndarray | np.generic):
        return float(value.nbytes)
    if isinstance(value, DataNode):
        return embedded(value.value)
    if isinstance(value, Task):
        own = _all(chain(value.args, value.kwargs.values()))
        return own + embedded(value.func) if type(value.func) is partial else own
    if kind is partial:
        return _all(chain(value.args, value.keywords.values()))
    if kind is dict and any(isinstance(own, GraphNode) for own in value.values()):
        return _all(value.values())
    if kind in (list, tuple) and len(value) <= FEW:
        return _all(value)
    if kind is str or kind is bytes:
        return float(len(value))
    return float(sizeof(value))


def _all(values: Any) -> float:
    return sum(map(embedded, values), 0.0)


def _samples(layer: Ints) -> Ints:
    """A few tasks of each layer, spread over it."""
    order = np.argsort(layer, kind="stable")
    sizes = np.bincount(layer)
    place = np.arange(len(layer)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    every = -(-np.maximum(sizes, 1) // EACH)
    chosen = order[place % np.repeat(every, sizes) == 0]
    spread: Ints = chosen[:: max(1, -(-len(chosen) // SAMPLES))]
    return spread


def _pickled(task: GraphNode) -> float:
    """Bytes of a task as Dask sends it, NaN where it cannot."""
    try:
        return float(len(pickle.dumps(task)))
    except Exception:
        # Whatever a task holds may refuse in its own way.
        return np.nan
