"""Are the tasks worth what it costs to schedule them?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import BANDWIDTH, RATE, WORK, TaskGraph, column, costs, many, positive, told, totals

TITLE = "Granularity"
OVERHEAD = 500e-6


def analyse(
    graph: TaskGraph, overhead: float = OVERHEAD, rate: float = RATE, bandwidth: float = BANDWIDTH
) -> xr.Dataset:
    """The cost of each task against what the scheduler takes for it.

    The scheduler takes some 0.2 to 1 ms a task, whatever the task does (Dask's documentation, Best practices: Avoid
    very large graphs), so that it keeps P workers busy only with tasks of more than P times that. A task that costs
    less than the scheduler takes is too small to pay.

    Parameters
    ----------
    graph : TaskGraph
    overhead : float
        Seconds that the scheduler takes for a task.
    rate, bandwidth : float
        In FLOP/s and B/s, by which tasks cost what they do.

    Returns
    -------
    xarray.Dataset
        `tasks`, `small`, those that cost less than `overhead`, `unknown` and `cost` (s) along `layer`, aliases and data
        apart; of the whole `share_small`, of the tasks of known cost, `scheduling`, what the scheduler takes for all of
        them, and `work`, what they take themselves (s). Where no costs are known all are unknown.
    """
    cost, unit = costs(graph, rate, bandwidth)
    overhead = positive("overhead", overhead)
    works = graph.kind < WORK
    seconds, layer = cost[works] if unit == "s" else np.full(works.sum(), np.nan), graph.layer[works]
    small, known = seconds < overhead, np.isfinite(seconds)

    def count(chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.bincount(layer[chosen], minlength=len(graph.layers))

    return xr.Dataset(
        {
            "tasks": column("layer", np.bincount(layer, minlength=len(graph.layers)), "Tasks"),
            "small": column("layer", count(small), "Tasks too small to pay"),
            "unknown": column("layer", count(~known), "Tasks of unknown cost"),
            "cost": column("layer", totals(layer, seconds, len(graph.layers)), "Cost", "s"),
            "share_small": column((), small.sum() / known.sum() if known.any() else np.nan, "Share of tasks too small"),
            "scheduling": column((), overhead * len(seconds), "Time of the scheduler", "s"),
            "work": column((), np.nansum(seconds) if known.any() else np.nan, "Cost of all tasks", "s"),
            "overhead": column((), overhead, "Time of the scheduler for a task", "s"),
        },
        coords={"layer": list(graph.layers)},
    )


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    share, unknown = float(found["share_small"]), int(found["unknown"].sum())
    scheduling, overhead, work = (told(float(found[name]), "s") for name in ("scheduling", "overhead", "work"))
    scheduling = f"the scheduler takes some {scheduling} for {many(int(found['tasks'].sum()), 'task')}"
    if np.isnan(share):
        return [scheduling, "what the tasks cost is not known"]
    small = found["small"].sortby(found["small"], ascending=False)[:3]
    where = [f"{layer} {n:,}" for layer, n in zip(small["layer"].values, small.values.tolist(), strict=True) if n]
    lines = [
        f"{share:.0%} of the tasks of known cost take less than {overhead}"
        + (f": {', '.join(where)}" if where else ""),
        f"{scheduling}, for work of {work}",
    ]
    return lines + ([f"of {many(unknown, 'task')} the cost is not known"] if unknown else [])
