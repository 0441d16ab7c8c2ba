"""How many tasks can run at a time, and where are they fewer than the workers?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import BANDWIDTH, RATE, WORK, Schedule, TaskGraph, column, many, whole

TITLE = "Parallelism"


def analyse(
    graph: TaskGraph, workers: int | None = None, rate: float = RATE, bandwidth: float = BANDWIDTH
) -> xr.Dataset:
    """Tasks at each depth, and tasks that run at each moment of the ideal schedule.

    The ideal schedule has as many workers as it likes and starts each task as soon as all it reads is there (as soon as
    possible, ASAP, of Hu, Parallel sequencing and assembly line problems, Oper. Res. 9, 1961). What runs while fewer
    than P tasks do, no P workers can share out better.

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
        `width`, tasks along `depth`, 1 for those that read no other; `running`, tasks from each of the times along
        `moment` on until the next; `below` along `layer`, the task time spent while fewer than `workers` tasks run;
        `share_below` of the span, `most` and `mean` tasks running, `narrow`, the share of depths with fewer than
        `workers` tasks, `unknown` tasks that count for nothing. Times in the unit of its attribute `unit`.
    """
    schedule = Schedule.of(graph, rate, bandwidth)
    workers = graph.workers if workers is None else whole("workers", workers)
    span, unit = schedule.span, schedule.unit
    works = (graph.kind < WORK) & (schedule.cost > 0)
    begin, end = schedule.start[works], (schedule.start + schedule.cost)[works]
    moments, place = np.unique(np.concatenate([begin, end]), return_inverse=True)
    change = np.bincount(place, np.repeat([1.0, -1.0], len(begin)), len(moments))
    running = np.cumsum(change).round().astype(np.int64)
    # The time, up to each moment, in which fewer than P tasks ran.
    few = np.concatenate([[0.0], np.cumsum(np.diff(moments) * (running[:-1] < workers))])
    spent = np.interp(end, moments, few) - np.interp(begin, moments, few) if len(moments) else begin
    width = np.bincount(graph.depth[graph.kind < WORK], minlength=int(graph.depth.max(initial=0)) + 1)[1:]
    return xr.Dataset(
        {
            "width": column("depth", width, "Tasks"),
            "running": column("moment", running, "Tasks that run"),
            "below": column("layer", np.bincount(graph.layer[works], spent, len(graph.layers)), "While few run", unit),
            "share_below": column((), few[-1] / span if span else np.nan, "Share of the span with fewer than P"),
            "most": column((), int(running.max(initial=0)), "Most tasks that run at a time"),
            "mean": column((), schedule.work / span if span else np.nan, "Mean tasks that run at a time"),
            "narrow": column((), np.mean(width < workers) if len(width) else np.nan, "Share of the depths with fewer"),
            "workers": column((), workers, "Workers P"),
            "unknown": column((), schedule.unknown, "Tasks of unknown cost"),
        },
        coords={
            "layer": list(graph.layers),
            "depth": np.arange(1, len(width) + 1),
            "moment": column("moment", moments, "Time", unit),
        },
        attrs={"unit": unit},
    )


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    if not found["most"]:
        return ["no task is known to cost anything"]
    workers, below = int(found["workers"]), found["below"].sortby(found["below"], ascending=False)[:3]
    lines = [
        f"at most {many(int(found['most']), 'task')} at a time, {float(found['mean']):.3g} on average",
        f"fewer than {workers} run in {float(found['share_below']):.0%} of the ideal schedule, and at "
        f"{float(found['narrow']):.0%} of the depths",
    ]
    where = [f"{layer}" for layer, value in zip(below["layer"].values, below.values, strict=True) if value > 0]
    return lines + ([f"most of that in {', '.join(where)}"] if where else [])
