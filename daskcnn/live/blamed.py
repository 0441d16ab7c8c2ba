"""Why the tasks that are done were not done sooner, as far as the scheduler alone can tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Any

from daskcnn.blame import CAUSES, blame
from daskcnn.recorder.join import join
from daskcnn.recorder.records import Key, Log
from daskcnn.recorder.scheduler import SchedulerLog

UNTOLD = ("transfer wait", "scheduler wait", "deserialize", "spill")
"""Causes that only the workers tell apart."""
WAITING = "transfer, scheduler or loading"
"""All of them."""
FIELDS = 5
"""Of a finished task in a scheduler's log."""
FEW = 5


@dataclass(frozen=True)
class Blamed:
    """Where the time of all lanes went so far."""

    of: str
    tasks: int
    """How many were done by then."""
    seconds: Mapping[str, float]
    """By cause."""
    waited: tuple[tuple[str, float], ...]
    """The layers that lanes waited for longest, and how long."""


def blamed(seen: SchedulerLog, of: str, tag: str, workers: Collection[str]) -> Blamed | None:
    """The blame of what a scheduler saw so far, nothing where no task is done.

    Parameters
    ----------
    seen : SchedulerLog
    of : str
        What the answer says that it is of.
    tag : str
        What the first part of the keys ends with that count, after a dash; all do if it is empty.
    workers : collection of str
        Addresses of those whose lanes count; all do if there are none.
    """
    own = _tagged(seen, tag) if tag else seen
    if workers:
        own = replace(own, workers=[worker for worker in own.workers if worker[1] in workers])
    trace = join(own, {})
    tasks = trace["tasks"].sizes["task"]
    if not tasks:
        return None
    found = blame(trace)
    by_cause = dict(zip(CAUSES, found["seconds"].sum(("repeat", "lane")).values.tolist(), strict=True))
    told = {cause: seconds for cause, seconds in by_cause.items() if cause not in UNTOLD}
    told[WAITING] = sum(by_cause[cause] for cause in UNTOLD)
    waited = dict(zip(found["layer"].values.tolist(), found["waited"].sum("repeat").values.tolist(), strict=True))
    longest = sorted((seconds, layer) for layer, seconds in waited.items() if seconds > 0)[: -FEW - 1 : -1]
    return Blamed(of, tasks, told, tuple((layer, seconds) for seconds, layer in longest))


def _tagged(seen: SchedulerLog, tag: str) -> SchedulerLog:
    """The log of keys that end with a tag."""
    states, end = seen.states, f"-{tag}"
    kept = [_ends(key, end) for key in states.keys]
    finished = zip(*[iter(seen.finished)] * FIELDS, strict=True)
    made = compress(kept, (state == "memory" for state in states.states))
    edges = [_ends(key, end) for key in seen.readers]
    columns: Iterable[list[Any]] = (states.keys, states.states, states.times)
    return replace(
        seen,
        states=Log(*(list(compress(column, kept)) for column in columns)),
        finished=list(chain.from_iterable(compress(finished, made))),
        readers=list(compress(seen.readers, edges)),
        reads=list(compress(seen.reads, edges)),
    )


def _ends(key: Key, end: str) -> bool:
    return isinstance(key, tuple) and str(key[0]).endswith(end)
