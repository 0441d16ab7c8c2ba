"""The runs of tasks: what the scheduler heard of each, joined with what its worker noted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daskcnn.recorder.lanes import apart
from daskcnn.recorder.lookup import Ints, States, Table, latest, taken
from daskcnn.recorder.notes import Notes
from daskcnn.recorder.records import NONE
from daskcnn.recorder.worker import WorkerLog

LEAVING = ("queued", "no-worker", "processing")
"""Where a task goes when its last input is in memory."""
IDENTITY = ("key", "worker", "stamp")
"""What tells runs apart, on both sides: `stamp` is the start that the worker told the scheduler."""
JOINED = (*IDENTITY, "thread", "start", "stop", "bytes", "cpu", "deserialize", "received", "fetched", "begun")


@dataclass(frozen=True)
class Tasks:
    """Every run of a task, by its end."""

    columns: Table
    """Those of the schema that are numbers, with times since the recording started; bytes are -1 of what failed."""
    key: Ints
    """(task,) Number of the key."""
    sent: Ints
    """(task,) Place in the scheduler's log where it was sent, -1 if before."""
    heard: Ints
    """(task,) Place in the scheduler's log where its result came into memory, -1 if it did not."""
    noted: npt.NDArray[np.bool_]
    """(task,) Whether its worker noted it."""


def tasks(notes: Notes) -> Tasks:
    """All runs that anybody noted."""
    runs, heard = _runs(notes), _heard(notes)
    place = dict(zip(_identity(runs), range(len(runs["key"])), strict=True))
    run = np.array([place.get(one, NONE) for one in _identity(heard)], np.int64)
    alone = np.setdiff1d(np.flatnonzero(~np.isnan(runs["start"])), run)
    table: Table = {
        name: np.concatenate([np.where(run >= 0, taken(runs[name], run), heard.get(name, np.nan)), runs[name][alone]])
        for name in JOINED
    }
    at = np.concatenate([heard["place"], np.full(len(alone), NONE)])
    noted = np.concatenate([run >= 0, np.full(len(alone), True)])
    states = notes.states
    sent = np.concatenate([states.last(["processing"], heard["key"], heard["place"]), _sent(notes, runs, alone)])
    by = np.argsort(table["stop"], kind="stable")
    table, at, sent, noted = {name: values[by] for name, values in table.items()}, at[by], sent[by], noted[by]
    key, stamp = table.pop("key"), table.pop("stamp")
    waited = states.last(["waiting"], key, sent)
    table |= {
        "submitted": states.when(states.last(["submitted"], key, waited)),
        "ready": states.when(states.next(LEAVING, key, waited)),
        "sent": states.when(sent),
        "in_memory": states.when(at),
    }
    # What Dask takes for the scheduler's clock may be off.
    for name in ("start", "stop"):
        within = np.fmin(np.fmax(table[name], table["sent"]), table["in_memory"])
        table[name] = np.where(noted, table[name], within)
    apart(table, noted & ~np.isnan(stamp))
    return Tasks(table, key, sent, at, noted)


def _identity(table: Table) -> list[tuple[int, int, float]]:
    return list(zip(*(table[name].tolist() for name in IDENTITY), strict=True))


def _runs(notes: Notes) -> Table:
    """What the workers noted."""
    empty: Table = {name: np.empty(0, np.int64) for name in JOINED}
    found = [_noted(log, worker, notes) for worker, log in enumerate(notes.logs) if log]
    return {name: np.concatenate([table[name] for table in [empty, *found]]) for name in empty}


def _noted(log: WorkerLog, worker: int, notes: Notes) -> Table:
    zero = notes.zero[worker]
    states = States.of(log.states, notes.keys, zero)
    ran = states.places("ran")
    key = states.key[ran]
    thread, start, stop, stamp, cpu, deserialize, size = log.runs.T
    begun = states.last(["executing"], key, ran)
    # A task that is cancelled and wanted again while it runs is noted anew.
    begun = np.where(states.when(begun) <= start - zero, begun, NONE)
    fetched = states.last(["ready", "constrained"], key, begun)
    received = states.last(["waiting"], key, fetched)
    return {
        "key": key,
        "worker": np.full(len(ran), worker),
        "thread": thread.astype(np.int64),
        "start": start - zero,
        "stop": stop - zero,
        "stamp": stamp,
        "cpu": cpu,
        "deserialize": deserialize,
        "bytes": size.astype(np.int64),
        "received": states.when(received),
        "fetched": states.when(fetched),
        "begun": states.when(begun),
    }


def _heard(notes: Notes) -> Table:
    """What the scheduler heard, each run once."""
    place = notes.states.places("memory")
    address, thread, stamp, stop, size = (notes.seen.finished[field::5] for field in range(5))
    worker = np.array([notes.index[one] for one in address], np.int64)
    # By the worker's own clock if its log is there, else as Dask took it for the scheduler's.
    delay = [log.delay + offset if log else 0.0 for log, offset in zip(notes.logs, notes.offset, strict=True)]
    zero = notes.seen.started + taken(np.array(delay), worker, 0.0)
    table: Table = {
        "key": notes.states.key[place],
        "worker": worker,
        "thread": np.array(thread, np.int64),
        "stamp": np.array(stamp, np.float64),
        "start": np.array(stamp, np.float64) - zero,
        "stop": np.array(stop, np.float64) - zero,
        "bytes": np.array(size, np.int64),
        "place": place,
    }
    # What is asked for again where it is still in memory is told with the stamps of its one run.
    first: dict[tuple[int, int, float], int] = {}
    for row, one in enumerate(_identity(table)):
        first.setdefault(one, row)
    once = [row for row in first.values() if not np.isnan(stamp[row])]
    return {name: values[once] for name, values in table.items()}


def _sent(notes: Notes, runs: Table, alone: Ints) -> Ints:
    """Where the scheduler sent what it never had in memory, by the clock."""
    states, sent = notes.states, notes.states.places("processing")
    before = np.nan_to_num(states.time[sent], nan=-np.inf)
    start = runs["start"][alone] + notes.doubt[runs["worker"][alone]]
    return taken(sent, latest(states.key[sent], before, runs["key"][alone], start))
