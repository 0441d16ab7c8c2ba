"""How long a result takes: from the start of the first task that it depends on until it is in memory."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def latencies(start: Floats, in_memory: Floats, reader: Places, read: Places) -> Floats:
    """The latency of every result, that is of every task that no task reads and that came into memory.

    What failed, to be tried again or not, came to no result.

    Of a network that is cut along the batch, a result is a batch: what Reddi et al., "MLPerf Inference Benchmark"
    (2020), call the latency of a query, as far as the workers have a part in it.

    Parameters
    ----------
    start, in_memory : (task,) float
        When each began to compute, NaN where unknown, and when its result was known to be in memory, NaN if never.
    reader, read : (edge,) int
        Task `reader` reads the result of task `read`.

    Returns
    -------
    (result,) float
        In the unit of the stamps, in the order of the tasks; NaN where a start that it needs is.

    Examples
    --------
    >>> latencies(np.array([0.0, 2.0, 5.0]), np.array([1.0, 4.0, 6.0]), np.array([1]), np.array([0]))
    array([4., 1.])
    """
    result = np.isfinite(in_memory)
    result[read] = False
    return (in_memory - earliest(start, reader, read))[result]


def earliest(start: Floats, reader: Places, read: Places) -> Floats:
    """(task,) The first start among each task and all that it depends on; NaN where one of these is unknown.

    Whatever clocks say of the order of a task and its inputs: each start, the earliest first, is handed on to all
    that depend on it and have none yet.

    Examples
    --------
    >>> earliest(np.array([3.0, 1.0, 2.0]), np.array([2, 2]), np.array([0, 1]))
    array([3., 1., 1.])
    """
    readers = reader[np.argsort(read, kind="stable")].tolist()
    bounds = np.searchsorted(np.sort(read), np.arange(start.size + 1)).tolist()
    root = np.full(start.size, -1)
    for first in np.lexsort((start, ~np.isnan(start))).tolist():
        waiting = [first]
        while waiting:
            task = waiting.pop()
            if root[task] < 0:
                root[task] = first
                waiting += readers[bounds[task] : bounds[task + 1]]
    return np.asarray(start[root])
