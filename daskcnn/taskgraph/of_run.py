"""The table of a graph that ran, with what its tasks took."""

from __future__ import annotations

import numpy as np
import xarray as xr


def table_of_run(run: xr.DataTree, trace: xr.DataTree) -> xr.Dataset:
    """The graph that a run keeps, or what its trace knows of it, with the measured `seconds` of each task.

    Parameters
    ----------
    run : xarray.DataTree
    trace : xarray.DataTree
        Of one of its repeats.

    Returns
    -------
    xarray.Dataset
        What `TaskGraph.from_dataset` takes. Of a run that keeps no graph, such as other Dask work, the tasks are those
        that ran, each owned by the worker that ran it, and the edges those that were recorded.

    Examples
    --------
    >>> from daskcnn.taskgraph import TaskGraph
    >>> from daskcnn.trace import filled
    >>> from daskcnn.trace import trace as made
    >>> tasks = {"key": ["a", "b"], "worker": [0, 1], "start": [0.0, 1.0], "stop": [1.0, 3.0], "operations": [8, 8]}
    >>> edges = {"reader": [1], "read": [0]}
    >>> trace = made({"tasks": filled("tasks", tasks), "edges": filled("edges", edges)}, started=0.0)
    >>> TaskGraph.from_dataset(table_of_run(xr.DataTree(), trace)).seconds
    array([1., 2.])
    """
    tasks = trace["tasks"].to_dataset()
    seconds = np.maximum(tasks["stop"].values - tasks["start"].values, 0)
    if "graph" not in run.children:
        columns = {name: tasks[name] for name in ("key", "layer", "operations", "bytes")}
        edges = trace["edges"].to_dataset()
        own = {"owner": tasks["worker"], "seconds": ("task", seconds)}
        return xr.Dataset(columns | own | {name: edges[name] for name in ("reader", "read")})
    graph = run["graph"].to_dataset()
    number = tasks["number"].values if "number" in tasks else np.full(seconds.size, -1)
    known = np.full(graph.sizes["task"], np.nan)
    known[number[number >= 0]] = seconds[number >= 0]
    return graph.assign(seconds=("task", known))
