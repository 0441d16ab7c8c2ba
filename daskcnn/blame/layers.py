"""Layers of a trace's tasks."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blame.lanes import Ints


@dataclass(frozen=True, eq=False)
class Layers:
    """Names, in the order in which a trace first has them."""

    names: NDArray[np.object_]
    """(layer,)"""
    of_task: Ints
    """(task,)"""


def layers(trace: xr.DataTree) -> Layers:
    """The layers of all tasks of a trace.

    >>> from daskcnn.trace import filled, trace
    >>> found = layers(trace({"tasks": filled("tasks", {"layer": ["b", "a", "b"]})}, started=0.0))
    >>> found.names, found.of_task
    (array(['b', 'a'], dtype=object), array([0, 1, 0]))
    """
    number: dict[str, int] = {}
    of_task = [number.setdefault(name, len(number)) for name in trace["tasks"].dataset["layer"].values.tolist()]
    return Layers(np.array(list(number), object), np.array(of_task, np.int64))
