"""A run as a timeline in the Trace Event Format, which the Perfetto UI and chrome://tracing open.

Each worker is a process, each of its threads a thread with a slice for every task. Messages between workers are slices
on threads of their own, with an arrow from each task whose result is in it. Memory is a counter, events are instants.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.blame.lanes import Lanes, lanes
from daskcnn.exports.events import Event, arguments, called, is_known, lasting, micros
from daskcnn.exports.messages import messages
from daskcnn.trace import SCHEMA

SHOWN = {"layer", "worker", "thread", "start", "stop"}
"""Columns of tasks that a slice shows by its name and place."""


def timeline(tree: xr.DataTree) -> dict[str, Any]:
    """A run as a document that JSON can hold.

    Parameters
    ----------
    tree : xarray.DataTree
        A run. Tasks, transfers and samples whose time or worker is not known are left out.

    Returns
    -------
    dict
        `traceEvents`, with times in µs after the trace's `started`; `otherData`, the row of the run.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> task = {"layer": ["conv1"], "worker": [0], "thread": [7], "start": [0.001], "stop": [0.003]}
    >>> tables = {"tasks": filled("tasks", task), "workers": filled("workers", {"name": ["0"], "threads": [1]})}
    >>> run = xr.DataTree(children={"trace": trace(tables, started=0.0)})
    >>> [(event["name"], event["ts"], event["dur"]) for event in timeline(run)["traceEvents"] if event["ph"] == "X"]
    [('conv1', 1000.0, 2000.0)]
    """
    trace = tree.children["trace"]
    row = {name: values.values for name, values in tree.dataset.variables.items() if not values.dims}
    about = {str(name): np.asarray(value).tolist() for name, value in {**trace.attrs, **tree.attrs, **row}.items()}
    return {
        "traceEvents": list(_events(trace)),
        "displayTimeUnit": "ms",
        "otherData": {name: value for name, value in about.items() if is_known(value) and np.isscalar(value)},
    }


def _events(trace: xr.DataTree) -> Iterator[Event]:
    of = lanes(trace)
    names = [f"worker {name}" for name in trace["workers"].dataset["name"].values.tolist()]
    # Threads are numbered on from the processes: one with the number of a process would count as its main thread.
    first = len(names) + 1
    for worker, name in enumerate(names):
        yield called("process_name", name, (worker + 1, worker + 1))
    for lane, (worker, place) in enumerate(zip(of.worker.tolist(), of.thread.tolist(), strict=True)):
        yield called("thread_name", f"thread {place}", (worker + 1, first + lane))
    yield from _tasks(trace["tasks"].dataset, of, first)
    yield from messages(trace, of, names, first)
    yield from _memory(trace["memory"].dataset, len(names))
    yield from _instants(trace["events"].dataset, len(names))


def _tasks(tasks: xr.Dataset, of: Lanes, first: int) -> Iterator[Event]:
    rows = np.flatnonzero(of.of_task >= 0)
    tasks = tasks.isel(task=rows)
    start = micros(tasks["start"].values)
    stop = np.maximum(start, micros(tasks["stop"].values))
    columns = (tasks["layer"].values, tasks["worker"].values, of.of_task[rows], start, stop)
    every = arguments(tasks, [name for name in SCHEMA["tasks"] if name not in SHOWN])
    for layer, worker, lane, begin, end, args in zip(*(column.tolist() for column in columns), every, strict=True):
        yield lasting(layer, "task", (worker + 1, first + lane), begin, end, args)


def _memory(samples: xr.Dataset, workers: int) -> Iterator[Event]:
    """Of each worker what results hold in memory, what else is there, and what results hold on disk."""
    columns = (samples[name].values.tolist() for name in ("worker", "time", "rss", "managed", "spilled"))
    for worker, time, rss, managed, spilled in zip(*columns, strict=True):
        if 0 <= worker < workers and is_known(time):
            held = {"managed": managed, "unmanaged": max(rss - managed, 0), "spilled": max(spilled, 0)}
            yield {"ph": "C", "name": "memory (B)", "pid": worker + 1, "ts": float(micros(time)), "args": held}


def _instants(happened: xr.Dataset, workers: int) -> Iterator[Event]:
    """What happened: to a worker, or where that is not known, to all."""
    columns = (happened[name].values.tolist() for name in ("kind", "worker", "time"))
    every = arguments(happened, ["detail", "duration"])
    for kind, worker, time, args in zip(*columns, every, strict=True):
        if is_known(time):
            known = 0 <= worker < workers
            at = {"pid": worker + 1, "tid": worker + 1, "s": "p"} if known else {"pid": 0, "tid": 0, "s": "g"}
            yield {"ph": "i", "name": kind, "cat": "event", "ts": float(micros(time)), **at, "args": args}
