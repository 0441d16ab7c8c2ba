"""A forward's work on a cluster, each task on its owner; or without Dask, one task after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager, suppress
from textwrap import shorten
from time import perf_counter
from typing import Any, cast

from dask.utils import format_bytes
from distributed import Future, KilledWorker, wait
from threadpoolctl import threadpool_limits

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.weights import WEIGHTS
from daskcnn.errors import RunError
from daskcnn.forward import Forward
from daskcnn.placement import Pins, State
from daskcnn.process import scratch

Held = Future[Any]
PATIENCE = 1.0
"""Seconds between two looks at how the workers are."""
HALTED = 20
"""Looks in a row at which workers are paused or gone and none computes, after which it is taken to stay so."""
LOST = 4
"""Times that each worker may be lost, on average, before it is taken to happen again and again."""
ROOM = "raise --memory-limit, use fewer workers, or blocks of fewer images (--batch)"
"""What helps workers that are full."""
LITTLE = 64 << 20
"""Bytes on a disk which less than are hardly enough for a result."""
LONGEST = 300
"""Letters of what Dask or a task says."""


def everywhere(pins: Pins, function: Callable[[], object]) -> None:
    """Call a function on each worker; RunError where the scheduler is lost."""
    with _told():
        pins.client.run(function, workers=list(pins.state().addresses), on_error="ignore")


@contextmanager
def placed(pins: Pins, work: Forward) -> Iterator[None]:
    """Images and parameters on the workers that need them, for the length of the block.

    Raises
    ------
    RunError
        Before the block: as `compute`.
    """
    graph = {key: task for layer in work.setup for key, task in layer.tasks.items()}
    with _told():
        with pins.of(work.setup):
            held = pins.client.get(graph, list(graph), sync=False)
        _settle(pins, held)
    yield


def compute(pins: Pins, work: Forward, ends: Sequence[BlockLayer]) -> dict[Key, Any]:
    """The results of the last layers of tasks, from what is placed; every task runs on its owner.

    What a lost worker had, and others need, is computed again.

    Raises
    ------
    RunError
        A task fails, or ends one worker after the other; no worker is left, none can go on, or the scheduler is lost.
    """
    graph = {key: task for layer in work.work for key, task in layer.tasks.items()}
    keys = [key for layer in ends for key in layer.tasks]
    # Dask leaves out what leads to no key that is asked for; what was planned is to run, and be measured.
    read = {key for task in graph.values() for key in task.dependencies}
    unread = list(graph.keys() - read - set(keys))
    with _told():
        with pins.of(work.work):
            held = pins.client.get(graph, [*keys, *unread], sync=False)
        results = _gather(pins, held[: len(keys)])
        if unread:
            _settle(pins, held[len(keys) :])
        return dict(zip(keys, results, strict=True))


def look(pins: Pins) -> State:
    """How the workers are; RunError where the scheduler is lost."""
    with _told():
        return pins.state()


def held(work: Forward) -> dict[Key, Any]:
    """Parameters for `serial`, with what an engine compiles for them."""
    return {key: task({}) for layer in work.setup if layer.label.endswith(WEIGHTS) for key, task in layer.tasks.items()}


def serial(work: Forward, ends: Sequence[BlockLayer], near: Mapping[Key, Any]) -> tuple[float, dict[Key, Any]]:
    """The same as `compute` without Dask, on this thread, and the seconds that the work took.

    One block of images after the other is read and let go again, so that memory stays flat however many there
    are; the clock stands still while they are read.
    """
    seconds, results = 0.0, {}
    read = {key: task for layer in work.setup for key, task in layer.tasks.items()}
    made = {key: task for layer in work.work for key, task in layer.tasks.items()}

    def value(key: Key, known: dict[Key, Any]) -> Any:
        nonlocal seconds
        if key not in known:
            task = made.get(key) or read[key]
            inputs = {dependency: value(dependency, known) for dependency in cast(frozenset[Key], task.dependencies)}
            start = perf_counter()
            known[key] = task(inputs)
            seconds += perf_counter() - start if key in made else 0.0
        return known[key]

    with threadpool_limits(1):
        for layer in ends:
            for key in layer.tasks:
                results[key] = value(key, dict(near))
    return seconds, results


def _settle(pins: Pins, held: Sequence[Held]) -> None:
    """Wait until all are computed or have failed."""
    for _ in _looks(pins):
        with suppress(TimeoutError):
            wait(held, timeout=PATIENCE)
            return


def _gather(pins: Pins, held: Sequence[Held]) -> list[Any]:
    """Fetch what is held when it is there."""
    client = pins.client
    loop: Any = client.loop
    answer: futures.Future[list[Any]] = asyncio.run_coroutine_threadsafe(
        client.gather(held, asynchronous=True), loop.asyncio_loop
    )
    for _ in _looks(pins):
        if futures.wait([answer], PATIENCE).done:
            break
    return answer.result()


def _looks(pins: Pins) -> Iterator[None]:
    """Waits without end; RunError between two of them where no end can come."""
    since = 0
    while True:
        yield
        state = pins.state()
        since = since + 1 if not state.busy and (state.paused or state.waiting or not state.there) else 0
        if state.losses.workers_lost > LOST * state.owners:
            lost = f"{state.losses.workers_lost} workers of a plan for {state.owners} were lost one after the other"
            raise RunError(f"{lost}, killed or out of memory: {ROOM}")
        if since == HALTED:
            raise RunError(f"{_halted(state)}: {ROOM}{_disk(pins, state)}")


def _halted(state: State) -> str:
    """Why nothing goes on."""
    if not state.there:
        return f"all workers were lost ({state.losses.workers_lost}), killed or out of memory, and none came back"
    if state.paused:
        memory, limit = (format_bytes(size) for size in state.paused[0][1:])
        full = f"{len(state.paused)} of {state.there} workers stay paused ({memory} of {limit} taken)"
        return f"{full}, and none computes"
    return f"{state.waiting} tasks wait for workers that take none"


def _disk(pins: Pins, state: State) -> str:
    """What to say where paused workers have no room to put results on disk."""
    with suppress(Exception):
        found = pins.client.run(scratch, workers=[worker.address for worker in state.paused], on_error="ignore")
        free, folder = min(found.values())
        if free < LITTLE:
            left = f"{folder} has {format_bytes(free)} left for results"
            return f"; {left}: free more, or give workers another folder (TMPDIR)"
    return ""


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one line whatever a task, a worker or the scheduler raises."""
    try:
        yield
    except RunError:
        raise
    except futures.CancelledError as error:
        raise RunError("the scheduler was lost, or the work cancelled: see that it is up, then run again") from error
    except KilledWorker as error:
        lost = f"{error.allowed_failures + 1} workers were lost one after the other while they had task {error.task}"
        raise RunError(f"{shorten(lost, LONGEST)}, killed or out of memory: {ROOM}") from error
    except Exception as error:
        what = shorten(f"{type(error).__name__}: {error}", LONGEST)
        raise RunError(f"the cluster failed ({what}): its dashboard and logs say more") from error
