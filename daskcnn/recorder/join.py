"""What the scheduler and the workers saw, each for itself, joined to one trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from dask.utils import key_split

from daskcnn.collector import paused
from daskcnn.nodes import labels
from daskcnn.recorder import transfers as moves
from daskcnn.recorder.completeness import dropped
from daskcnn.recorder.edges import reads
from daskcnn.recorder.lookup import Table
from daskcnn.recorder.notes import Notes
from daskcnn.recorder.records import NONE, Key
from daskcnn.recorder.scheduler import SchedulerLog
from daskcnn.recorder.tasks import Tasks, tasks
from daskcnn.recorder.worker import WorkerLog
from daskcnn.trace import columns, filled, trace


@paused()
def join(seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> xr.DataTree:
    """One trace out of what the scheduler saw and what each worker noted, by its address."""
    notes = Notes.of(seen, logs)
    numbers = notes.keys.numbers
    runs = tasks(notes)
    read = reads(numbers(seen.readers), numbers(seen.reads), runs)
    moved = moves.transfers(notes)
    names, made = notes.keys.names(), read.read >= 0
    tables = {
        "tasks": _tasks(runs, names),
        "edges": {"reader": read.reader[made], "read": read.read[made]},
        "transfers": {
            "key": np.array([str(names[key]) for key in moved.received["key"]], np.str_),
            "repeat": np.zeros(len(moved.sending), np.int64),
            **moves.columns(moved, runs, read, notes.doubt),
        },
        "workers": _workers(notes),
        "memory": _memory(notes),
        "events": _events(notes),
    }
    full = {node: filled(node, table) for node, table in tables.items()}
    return trace(full, started=seen.started, records_dropped=dropped(notes, runs, moved))


def _tasks(runs: Tasks, names: list[Key]) -> Table:
    keys = [names[key] for key in runs.key]
    return runs.columns | {
        "key": np.array([str(key) for key in keys], np.str_),
        "layer": np.array([key_split(key) for key in keys], np.str_),
        "block": np.array([_block(key) for key in keys], np.str_),
        "bytes": np.maximum(runs.columns["bytes"], 0),
        "repeat": np.zeros(len(keys), np.int64),
    }


def _block(key: Key) -> str:
    return ",".join(map(str, key[1:])) if isinstance(key, tuple) else ""


def _workers(notes: Notes) -> Mapping[str, Any]:
    limits = [(log.peak_memory, log.blas_threads) if log else (0, 0) for log in notes.logs]
    clocks = zip(notes.offset, notes.uncertainty, strict=True)
    hosts = [worker[2] for worker in notes.seen.workers]
    nodes = labels([log.node if log else "" for log in notes.logs], hosts)
    rows = zip(notes.seen.workers, nodes, limits, clocks, strict=True)
    return columns("workers", [(*own[:3], node, *own[3:], *limit, *clock) for own, node, limit, clock in rows])


def _memory(notes: Notes) -> Mapping[str, Any]:
    rows = [
        (worker, time - notes.zero[worker], *sizes)
        for worker, log in enumerate(notes.logs)
        if log
        for time, *sizes in log.memory
    ]
    return columns("memory", rows)


def _events(notes: Notes) -> Mapping[str, Any]:
    seen = [(time - notes.seen.started, *event) for time, *event in notes.seen.events]
    disk = [
        (time - notes.zero[worker], *event)
        for worker, log in enumerate(notes.logs)
        if log
        for time, *event in log.spills
    ]
    rows = sorted(seen + disk)
    return columns("events", [(*event, notes.index.get(worker, NONE), detail) for *event, worker, detail in rows])
