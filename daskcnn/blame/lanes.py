"""Lanes: the threads of the workers, side by side."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lanes:
    """A worker has as many as it has threads, one if that is not known, or as have run its tasks if these are more."""

    worker: Ints
    """(lane,)"""
    thread: Ints
    """(lane,) Place among those of its worker."""
    of_task: Ints
    """(task,) The lane of each task of the trace, -1 where its worker or its times are not known."""


def lanes(trace: xr.DataTree) -> Lanes:
    """The lanes of a trace, worker by worker, in the order of the idents of their threads; idle ones last.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"worker": [1, 1, 1], "thread": [77, 55, 77], "start": [0.0, 0.0, 2.0], "stop": [1.0, 1.0, 3.0]}
    >>> tables = {"tasks": filled("tasks", tasks), "workers": filled("workers", {"threads": [1, 3]})}
    >>> found = lanes(trace(tables, started=0.0))
    >>> found.worker, found.thread, found.of_task
    (array([0, 1, 1, 1]), array([0, 0, 1, 2]), array([2, 1, 2]))
    """
    tasks = trace["tasks"].dataset
    worker, thread, start, stop = (tasks[name].values for name in ("worker", "thread", "start", "stop"))
    threads = trace["workers"].dataset["threads"].values
    ran = (worker >= 0) & (worker < threads.size) & np.isfinite(start) & np.isfinite(stop)
    pairs, which = np.unique(np.stack([worker[ran], thread[ran]]), axis=1, return_inverse=True)
    idents = np.bincount(pairs[0], minlength=threads.size)
    wide = np.maximum(np.where(threads < 0, 1, threads), idents)
    first = wide.cumsum() - wide
    of_task = np.full(worker.size, -1)
    of_task[ran] = (first[pairs[0]] + np.arange(pairs.shape[1]) - np.searchsorted(pairs[0], pairs[0]))[which]
    owner = np.repeat(np.arange(threads.size), wide)
    return Lanes(owner, np.arange(owner.size) - first[owner], of_task)
