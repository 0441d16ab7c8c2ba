"""What each task costs, as far as that is known before it runs."""

from __future__ import annotations

import numpy as np

from daskcnn.taskgraph.columns import WORK, Columns, Floats, Ints
from daskcnn.taskgraph.table import positive

RATE = 10e9
"""Operations a second that a worker is taken to do: about what one core does of float32 convolutions."""
BANDWIDTH = 1e9
"""Bytes a second that a task is taken to read and write: about what NumPy does with arrays larger than the caches."""
SECONDS, TASKS = "s", "tasks"


def costs(graph: Columns, rate: float = RATE, bandwidth: float = BANDWIDTH) -> tuple[Floats, str]:
    """The cost of each task.

    What it is known to take, where that is; else its operations by `rate`; of a copy, which does none, the bytes that
    it gives by `bandwidth`; of a function that nothing is known of, by `bandwidth` the bytes that it reads (but for
    tasks that only take parts), gives, and, twice, makes on the way. Aliases and data cost nothing. Where less than
    half of the tasks can be told so, every task counts for one.

    Parameters
    ----------
    graph : Columns
    rate : float
        In FLOP/s.
    bandwidth : float
        In B/s.

    Returns
    -------
    ((task,) float64, str)
        Costs, NaN where not known, and their unit: `s` or `tasks`.
    """
    rate, bandwidth = positive("rate", rate), positive("bandwidth", bandwidth)
    work = graph.kind < WORK
    reader = np.repeat(np.arange(len(work)), np.diff(graph.starts))
    read = np.where(graph.parts, 0.0, np.bincount(reader, graph.nbytes[graph.reads], len(work)) + graph.apart)
    touched = read + 2 * graph.within + graph.nbytes
    idle = graph.operations == 0
    guess = np.where(idle, graph.nbytes / bandwidth, graph.operations / rate)
    guess = np.where(np.isnan(graph.operations), touched / bandwidth, guess)
    cost = np.where(work, np.where(np.isnan(graph.seconds), guess, graph.seconds), 0.0)
    if np.isfinite(cost[work]).sum() * 2 < work.sum():
        return work.astype(np.float64), TASKS
    return cost, SECONDS


def totals(group: Ints, values: Floats, groups: int) -> Floats:
    """Sums of what is known in each group; NaN where it has something and none of it is known.

    >>> totals(np.array([0, 0, 1]), np.array([1.0, np.nan, np.nan]), 3)
    array([ 1., nan,  0.])
    """
    known = ~np.isnan(values)
    found = np.bincount(group[known], values[known], groups).astype(np.float64)
    seen, all_known = np.bincount(group, minlength=groups), np.bincount(group[known], minlength=groups)
    found[(seen > 0) & (all_known == 0)] = np.nan
    return found
