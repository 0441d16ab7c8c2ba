"""How much memory a plan's workers need for their data."""

from __future__ import annotations

import numpy as np

from daskcnn.taskgraph import Floats, Residence, TaskGraph

PROCESS = 180_000_000
"""Bytes that a worker's process takes for itself, about: Python and its libraries some 140 MB, and what the engine and
the allocator keep at hand. Measured."""


def planned_memory(graph: TaskGraph) -> Floats:
    """The most bytes that each worker's images, parameters and blocks take at a time.

    The tasks are gone through in Dask's static order, as `Residence` says. Workers that run ahead of each other may
    differ a little; what the process itself takes (`PROCESS`) comes on top.

    Parameters
    ----------
    graph : TaskGraph

    Returns
    -------
    (worker,) float64
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
    array([0., 0.])
    """
    residence = Residence.of(graph)
    return np.array([residence.peak(worker, held)[0] for worker, held in enumerate(graph.held.tolist())])
