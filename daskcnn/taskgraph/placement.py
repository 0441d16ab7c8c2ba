"""Which worker each task probably comes to where no owner is given."""

from __future__ import annotations

import numpy as np

from daskcnn.collector import paused
from daskcnn.taskgraph.columns import Columns, Ints
from daskcnn.taskgraph.cost import SECONDS, costs

BANDWIDTH = 100e6
"""Bytes a second between workers, as Dask's scheduler takes it before it has measured any."""


@paused()
def placed(graph: Columns, order: Ints) -> Ints:
    """A simple placement in the manner of Dask's scheduler.

    In the static order, tasks that read nothing are dealt out in turn; any other goes to the worker where it could
    start first, of those that hold what it reads and the idlest: after the work that the worker was given so far, and
    what is missing there has come. So has `distributed.Scheduler.worker_objective` it. The real placement depends on
    when tasks end, and differs.

    Parameters
    ----------
    graph : Columns
        Owners that it gives are kept. Where no costs are known, an output takes as long to come as a task takes.
    order : (task,) int64
        In which tasks are placed.

    Returns
    -------
    (task,) int64
        For each task its worker.
    """
    workers, (cost, unit) = len(graph.held), costs(graph)
    starts, reads, given = graph.starts.tolist(), graph.reads.tolist(), graph.owner.tolist()
    taken = np.nan_to_num(cost).tolist()
    coming = np.nan_to_num(graph.nbytes / BANDWIDTH if unit == SECONDS else np.ones_like(cost)).tolist()
    load, owner, turn = [0.0] * workers, [-1] * len(taken), 0
    for task in order.tolist():
        own = given[task]
        if own < 0 and starts[task] == starts[task + 1]:
            own, turn = turn, (turn + 1) % workers
        elif own < 0:
            start = {load.index(min(load)): min(load)}
            for read in reads[starts[task] : starts[task + 1]]:
                holder = owner[read]
                start[holder] = start.get(holder, load[holder]) - coming[read]
            own = min(start, key=start.__getitem__)
        owner[task] = own
        load[own] += taken[task]
    return np.array(owner, dtype=np.int64)
