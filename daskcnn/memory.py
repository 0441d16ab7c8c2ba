"""How much memory a plan's workers need for their data."""

from __future__ import annotations

from typing import cast

import numpy as np
from dask._task_spec import Task, TaskRef
from dask.order import order
from dask.typing import Key

from daskcnn.collector import paused
from daskcnn.taskgraph import Ints, TaskGraph

PROCESS = 300_000_000
"""Bytes that a worker's process takes for itself, about: Python and its libraries some 215 MB, and what the engine and
the allocator keep at hand. Measured."""


@paused()
def planned_memory(graph: TaskGraph) -> Ints:
    """The most bytes that each worker's images, parameters and blocks take at a time.

    The tasks are gone through in Dask's static order. A worker has what it made, and copies of what it was sent,
    until the last task that reads them is done and, as the scheduler takes its time to say so, its next task too.
    Workers that run ahead of each other may differ a little; what the process itself takes (`PROCESS`) comes on top.

    Parameters
    ----------
    graph : TaskGraph

    Returns
    -------
    (worker,) int64
        In bytes.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.forward import forward
    >>> from daskcnn.plan import Plan
    >>> from daskcnn.sources import MnistTest
    >>> plan = Plan.of(networks.mnist().classifier(), "batch=2", images=100, workers=2)
    >>> images, parameters, classes = 50 * 784 * 4, 360810 * 4, 50 * 8
    >>> planned_memory(TaskGraph.of(forward(plan, MnistTest(100)))) - (images + parameters + classes)
    array([0, 0])
    """
    reads = [graph.reads[start:stop].tolist() for start, stop in zip(graph.starts, graph.starts[1:], strict=False)]
    readers = np.bincount(graph.reads, minlength=len(graph))
    alive = graph.held.copy()
    most = alive.copy()
    leaving = np.zeros_like(alive)
    where: list[set[int]] = [set() for _ in reads]
    for task in _ordered(reads):
        owner, nbytes = graph.owner[task], graph.nbytes[task]
        for read in reads[task]:
            if owner not in where[read]:
                where[read].add(owner)
                alive[owner] += graph.nbytes[read]
        where[task].add(owner)
        alive[owner] += nbytes
        most = np.maximum(most, alive)
        alive[owner] -= leaving[owner]
        leaving[owner] = 0
        for read in reads[task]:
            readers[read] -= 1
            if not readers[read]:
                leaving[list(where[read])] += graph.nbytes[read]
    return most


def _ordered(reads: list[list[int]]) -> list[int]:
    """Numbers of the tasks in Dask's static order."""
    tasks: dict[Key, Task] = {number: Task(number, len, *map(TaskRef, own)) for number, own in enumerate(reads)}
    places = cast(dict[int, int], order(tasks))
    return sorted(places, key=places.__getitem__)
