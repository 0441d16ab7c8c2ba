"""What the scheduler and the workers saw, each for itself, joined to one trace, and what it lacks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import xarray as xr
from dask.utils import key_split

from daskcnn.recorder_scheduler import SchedulerLog
from daskcnn.recorder_worker import WorkerLog
from daskcnn.trace import columns, trace


class Move(NamedTuple):
    """One key that one end of a transfer noted."""

    what: tuple[Any, str, str]
    """Key, sender, receiver."""
    start: float
    stop: float


def join(seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> xr.DataTree:
    """One trace out of what the scheduler saw and what each worker noted, by its address."""
    index = {worker[1]: place for place, worker in enumerate(seen.workers)}
    zero = seen.started
    rows: dict[str, list[tuple[Any, ...]]] = {}
    rows["tasks"] = [
        (str(key), key_split(key), _block(key), index[worker], thread, start - zero, stop - zero, nbytes, 0)
        for key, worker, thread, start, stop, nbytes in seen.tasks
    ]
    rows["transfers"] = [
        (str(key), index[source], index[here], nbytes or 0, start - zero, stop - zero, 0)
        for here, log in logs.items()
        for source, start, stop, keys in log.incoming
        for key, nbytes in keys.items()
    ]
    rows["workers"] = [worker + _limits(logs.get(worker[1])) for worker in seen.workers]
    rows["memory"] = [
        (index[here], time - zero, rss, managed) for here, log in logs.items() for time, rss, managed in log.memory
    ]
    rows["events"] = [(time - zero, kind, index.get(worker, -1), detail) for time, kind, worker, detail in seen.events]
    return trace(
        {node: columns(node, table) for node, table in rows.items()},
        started=zero,
        records_dropped=dropped(seen, logs),
    )


def dropped(seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> int:
    """How many records are known to be missing; a worker that is gone with its log counts as one."""
    gone = {worker[1] for worker in seen.workers} - logs.keys()
    return seen.unstamped + _unheard(seen, logs) + _unmatched(seen, logs) + len(gone)


def _unheard(seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> int:
    """Tasks that workers ran and the scheduler did not hear of."""
    ended = sum(task[1] in logs for task in seen.tasks)
    failed = sum(kind == "retry" or (kind == "erred" and worker in logs) for _, kind, worker, _ in seen.events)
    return max(0, sum(log.executed for log in logs.values()) - ended - failed)


def _unmatched(seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> int:
    """Keys that one worker noted to have sent, or received, and the other did not."""
    received = [
        Move((key, source, here), start, stop)
        for here, log in logs.items()
        for source, start, stop, keys in log.incoming
        for key in keys
    ]
    sent = [
        Move((key, here, receiver), start, stop)
        for here, log in logs.items()
        for receiver, start, stop, keys in log.outgoing
        for key in keys
    ]
    # A worker that is gone confirms nothing, but what was sent to it is known to be missing. Clients and
    # the scheduler receive too, and note nothing.
    workers = {worker[1] for worker in seen.workers}
    lone = [move for move in _lone(received, sent) if move.what[1] in logs]
    lone += [move for move in _lone(sent, received) if move.what[2] in workers]
    # What was under way when recorders came or went is noted by the slower end alone.
    last = min((log.asked for log in logs.values()), default=seen.started)
    return sum(seen.started <= move.start and move.stop <= last for move in lone)


def _lone(moves: list[Move], others: list[Move]) -> Iterator[Move]:
    """Those moves that have no counterpart."""
    spare = Counter(other.what for other in others)
    for move in moves:
        spare[move.what] -= 1
        if spare[move.what] < 0:
            yield move


def _limits(log: WorkerLog | None) -> tuple[int, int]:
    return (log.peak_memory, log.blas_threads) if log else (0, 0)


def _block(key: Any) -> str:
    return ",".join(map(str, key[1:])) if isinstance(key, tuple) else ""
