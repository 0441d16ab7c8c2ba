"""What is wrong with the graph, how badly, and what should be changed?"""

from __future__ import annotations

import xarray as xr

from daskcnn.taskgraph import BANDWIDTH, RATE, Schedule, TaskGraph, memory_limit, positive, whole
from daskcnn.taskgraph.faults import Case, findings, from_table, table

TITLE = "Advice"
OVERHEAD = 500e-6


def analyse(
    graph: TaskGraph,
    workers: int | None = None,
    limit: float | str | None = None,
    overhead: float = OVERHEAD,
    rate: float = RATE,
    bandwidth: float = BANDWIDTH,
) -> xr.Dataset:
    """Faults by name, the worst first; none where the graph is healthy.

    Each is a number above its limit: up to twice the limit it is minor, up to ten times major, above severe.

    - *tasks too small*: scheduling those below `overhead`, over the work of all, above 0.5; from 100 such tasks on.
    - *parameters embedded in the graph*: data in tasks, above 10 MB, from which Dask warns.
    - *rechunk explosion*: pieces for each block before and after, above 4; from 100 pieces on, if scheduling them takes
      more than 0.03 of an even share of the work.
    - *halo larger than the interior*: bytes from neighbours over a block's own, above 1.
    - *one task that everything waits for*: how long the others have nothing to do while it runs, over an even
      share of the work, above 0.2; where costs are not known, the tasks that read it, from 2 P on.
    - *all to one*: the time to receive more than half of the data, over an even share of the work, above 0.1; where
      sizes are not known, the share of all results that one task reads, above a quarter, from 64 on. Not where more
      than half of the workers gather as much.
    - *fewer blocks than workers*: the share of the cost at depths with fewer than P tasks, above 0.5; if there are
      never P tasks at a depth, or less than 0.8 P can run at a time on average.
    - *imbalance*: the most loaded worker over the mean, less 1, above 0.2; where no owners are given, the largest block
      of a layer over an even share of the layer, less 1, above 0.5.
    - *memory over the limit*: the peak of a worker's results, above `limit`.
    - *too many layers for the span*: scheduling the longest chain over its cost, above 1, from 32 tasks on; where costs
      are not known, the share of results that go to one task alone which reads nothing else, above 0.5.

    Most are of Dask's documentation: Best practices, Dask Array best practices, Dask Delayed best practices.

    Parameters
    ----------
    graph : TaskGraph
    workers : int, optional
        P; the graph's own number if not given.
    limit : float or str, optional
        Bytes that a worker has for its results: 2e9, "2 GB"; not looked at if not given.
    overhead : float
        Seconds that the scheduler takes for a task.
    rate, bandwidth : float
        In FLOP/s and B/s, by which tasks cost what they do.

    Returns
    -------
    xarray.Dataset
        `severity`, `value`, `limit`, the `unit` of both, the `layer` where it is worst, and in words what is `found`
        and what to `change`, along `finding`.
    """
    schedule = Schedule.of(graph, rate, bandwidth)
    workers = graph.workers if workers is None else whole("workers", workers)
    case = Case(graph, schedule, workers, positive("overhead", overhead), memory_limit(limit))
    return table(findings(case))


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    return [str(one) for one in from_table(found)] or ["nothing is wrong"]
