"""What must follow what: how fast can it be at best, whatever the number of workers?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import BANDWIDTH, RATE, Schedule, TaskGraph, column, many, told, whole

TITLE = "Critical path"


def analyse(
    graph: TaskGraph, workers: int | None = None, rate: float = RATE, bandwidth: float = BANDWIDTH
) -> xr.Dataset:
    """Work T1, span T∞, the longest path layer by layer, and what so many workers can gain.

    Nothing is sent and nothing waits for the scheduler. T1 is what one worker takes, T∞ the longest path. With P
    workers no schedule is shorter than max(T1 / P, T∞), and any that leaves no worker idle while a task is ready takes
    at most (T1 - T∞) / P + T∞ (Brent, The parallel evaluation of general arithmetic expressions, JACM 21, 1974;
    Graham, Bounds on multiprocessing timing anomalies, SIAM J. Appl. Math. 17, 1969).

    Parameters
    ----------
    graph : TaskGraph
    workers : int, optional
        P; the graph's own number if not given.
    rate, bandwidth : float
        In FLOP/s and B/s, by which tasks cost what they do.

    Returns
    -------
    xarray.Dataset
        In the unit of its attribute `unit`, `s` or, where no costs are known, `tasks`: `start`, at the earliest, `cost`
        and `slack`, by how much a task may be late, along `task`, with `critical` for those of the path; `path` along
        `step`, the tasks of the longest path; `on_path` along `layer`; `work`, `span`, `parallelism` (T1 / T∞),
        `speedup_at_least` and `speedup_at_most` for `workers`, `unknown` tasks that count for nothing.
    """
    schedule = Schedule.of(graph, rate, bandwidth)
    workers = graph.workers if workers is None else whole("workers", workers)
    work, span, path, unit = schedule.work, schedule.span, schedule.path, schedule.unit
    critical = np.zeros(len(graph), dtype=bool)
    critical[path] = True
    layers = np.bincount(graph.layer[path], schedule.cost[path], len(graph.layers))
    greedy, best = (work - span) / workers + span, max(work / workers, span)
    return xr.Dataset(
        {
            "start": column("task", schedule.start, "Earliest start", unit),
            "cost": column("task", schedule.cost, "Cost", unit),
            "slack": column("task", schedule.slack, "Slack", unit),
            "critical": column("task", critical, "On the longest path"),
            "path": column("step", path, "Task of the longest path"),
            "on_path": column("layer", layers, "On the longest path", unit),
            "work": column((), work, "Work T1", unit),
            "span": column((), span, "Span T∞", unit),
            "parallelism": column((), work / span if span else np.nan, "Average parallelism T1/T∞"),
            "workers": column((), workers, "Workers P"),
            "speedup_at_least": column((), work / greedy if span else np.nan, "Speedup that P workers reach"),
            "speedup_at_most": column((), work / best if span else np.nan, "Speedup that P workers cannot exceed"),
            "unknown": column((), schedule.unknown, "Tasks of unknown cost"),
        },
        coords={"layer": list(graph.layers)},
        attrs={"unit": unit},
    )


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    unit, unknown = found.attrs["unit"], int(found["unknown"])
    if not found["span"]:
        return ["no task is known to cost anything"]
    on_path = found["on_path"].sortby(found["on_path"], ascending=False)[:3]
    layers = [
        f"{layer} {told(value, unit)}"
        for layer, value in zip(on_path["layer"].values, on_path.values, strict=True)
        if value
    ]
    low, high = (f"{float(found[f'speedup_at_{side}']):.3g}" for side in ("least", "most"))
    lines = [
        f"work {told(float(found['work']), unit)}, span {told(float(found['span']), unit)}: parallelism "
        f"{float(found['parallelism']):.3g} on average",
        f"speedup with {many(int(found['workers']), 'worker')} {low if low == high else f'between {low} and {high}'}, "
        "if nothing had to be sent",
        f"the longest path has {many(found.sizes['step'], 'task')}, most of it in {', '.join(layers)}",
    ]
    return lines + ([f"{many(unknown, 'task')} of unknown cost left out"] if unknown else [])
