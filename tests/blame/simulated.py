"""Work that a small scheduler ran in its head, one task after the other: what the trace must explain is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import xarray as xr
from hypothesis import strategies as st

from tests.traces import make

TICK = 1 / 64
"""All times are whole multiples of it, so that sums and differences are exact."""


@dataclass(frozen=True)
class Planned:
    """A task: where it runs, what it reads, and how long everything takes, in ticks."""

    worker: int
    thread: int
    reads: tuple[int, ...]
    """Places of tasks before it."""
    submitted: int
    lasting: int
    sending: int
    """From when its inputs are made until those that are elsewhere are sent."""
    moving: int
    taking: int
    """From when it can begin until it is begun."""
    loading: int
    starting: int
    hearing: int
    """From when it has stopped until the scheduler knows."""


def run(plan: Sequence[Planned], threads: Sequence[int], events: Sequence[dict[str, Any]] = ()) -> xr.DataTree:
    """The trace of a plan: each task begins once its lane is free of those before it and its inputs are there."""
    free: dict[tuple[int, int], int] = {}
    there: dict[tuple[int, int], int] = {}
    rows: list[dict[str, Any]] = []
    transfers: list[dict[str, Any]] = []
    heard: list[int] = []
    for number, task in enumerate(plan):
        ready = max([task.submitted, *(heard[read] for read in task.reads)])
        for read in task.reads:
            if (read, task.worker) not in there:
                sent = ready + task.sending
                there[read, task.worker] = sent + task.moving
                move = {"producer": read, "destination": task.worker, "start": sent, "stop": sent + task.moving}
                transfers.append(move)
        arrived = max([ready, *(there[read, task.worker] for read in task.reads)])
        begun = max(arrived, free.get((task.worker, task.thread), 0)) + task.taking
        start = begun + task.loading + task.starting
        stop = start + task.lasting
        free[task.worker, task.thread] = there[number, task.worker] = stop
        heard.append(stop + task.hearing)
        stamps = {"submitted": task.submitted, "begun": begun, "start": start, "stop": stop, "in_memory": heard[-1]}
        rows.append({"worker": task.worker, "thread": task.thread, "deserialize": task.loading} | stamps)
    times = {"submitted", "begun", "start", "stop", "in_memory", "deserialize", "time", "duration"}
    rows, transfers, events = (
        [{name: value * TICK if name in times else value for name, value in row.items()} for row in table]
        for table in (rows, transfers, events)
    )
    edges = [(number, read) for number, task in enumerate(plan) for read in task.reads]
    return make(rows, edges, transfers, events, threads=threads)


@st.composite
def plans(draw: st.DrawFn, threads: Sequence[int]) -> list[Planned]:
    """Up to a dozen tasks on the lanes of workers with so many threads; no task takes no time."""
    lanes = [(worker, thread) for worker, count in enumerate(threads) for thread in range(count)]
    delay, submitted = st.integers(0, 3), draw(st.sampled_from([st.just(0), st.integers(0, 40)]))
    return [
        Planned(
            *draw(st.sampled_from(lanes)),
            reads=tuple(draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True))) if number else (),
            submitted=draw(submitted),
            lasting=draw(st.integers(1, 12)),
            sending=draw(delay),
            moving=draw(st.integers(0, 8)),
            taking=draw(delay),
            loading=draw(delay),
            starting=draw(delay),
            hearing=draw(delay),
        )
        for number in range(draw(st.integers(1, 12)))
    ]


@st.composite
def happenings(draw: st.DrawFn, workers: int) -> list[dict[str, Any]]:
    """Spills and pauses of workers, which may overlap."""
    kinds = st.sampled_from(["spill", "unspill", "paused", "steal", "worker-joined"])
    event = st.fixed_dictionaries(
        {
            "kind": kinds,
            "worker": st.integers(-1, workers - 1),
            "time": st.integers(0, 60),
            "duration": st.integers(0, 12),
        }
    )
    return draw(st.lists(event, max_size=6))


def many(tasks: int, threads: Sequence[int], *, seed: int = 0, back: int = 400) -> list[Planned]:
    """A plan of many tasks dealt to lanes at random, each but the first reading up to five of the latest `back`."""
    random = Random(seed)
    lanes = [(worker, thread) for worker, count in enumerate(threads) for thread in range(count)]
    return [
        Planned(
            *random.choice(lanes),
            reads=tuple({random.randrange(max(0, number - back), number) for _ in range(random.randrange(6))})
            if number
            else (),
            submitted=0,
            lasting=random.randrange(1, 200),
            sending=random.randrange(4),
            moving=random.randrange(20),
            taking=random.randrange(4),
            loading=random.randrange(2),
            starting=random.randrange(2),
            hearing=random.randrange(4),
        )
        for number in range(tasks)
    ]
