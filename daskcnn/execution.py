"""A forward's work on a cluster, each task on its owner; or without Dask, one task after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager, suppress
from textwrap import shorten
from time import perf_counter
from typing import Any, cast

from dask import annotate  # type: ignore[attr-defined]
from dask.utils import format_bytes
from distributed import Client, Future, wait
from threadpoolctl import threadpool_limits

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.weights import WEIGHTS
from daskcnn.cluster import present
from daskcnn.errors import RunError
from daskcnn.forward import Forward

Held = Future[Any]
Worker = dict[str, Any]
"""What the scheduler knows of a worker."""
PATIENCE = 1.0
"""Seconds between two looks at whether all workers are still there."""
PAUSED = 20
"""Looks in a row at which a worker is paused and none computes, after which it is taken to stay so."""
ROOM = "raise --memory-limit, use fewer workers, or blocks of fewer images (--batch)"
"""What helps workers that are full."""
LONGEST = 300
"""Letters of what Dask or a task says."""


@contextmanager
def placed(client: Client, work: Forward, addresses: Sequence[str]) -> Iterator[None]:
    """Images and parameters on the workers that need them, for the length of the block.

    Parameters
    ----------
    client : Client
    work : Forward
    addresses : sequence of str
        Of the plan's workers, in its order.

    Raises
    ------
    RunError
        Before the block: as `compute`.
    """
    graph = {key: task for layer in work.setup for key, task in layer.tasks.items()}
    with _told():
        with _pinned(work.setup, addresses):
            held = client.get(graph, list(graph), sync=False)
        _settle(client, held, addresses)
    yield


def compute(client: Client, work: Forward, addresses: Sequence[str], ends: Sequence[BlockLayer]) -> dict[Key, Any]:
    """The results of the last layers of tasks, from what is placed; every task runs on its owner.

    Raises
    ------
    RunError
        A task fails, a worker is lost, or the scheduler.
    """
    graph = {key: task for layer in work.work for key, task in layer.tasks.items()}
    keys = [key for layer in ends for key in layer.tasks]
    # Dask leaves out what leads to no key that is asked for; what was planned is to run, and be measured.
    read = {key for task in graph.values() for key in task.dependencies}
    unread = list(graph.keys() - read - set(keys))
    with _told():
        with _pinned(work.work, addresses):
            held = client.get(graph, [*keys, *unread], sync=False)
        results = _gather(client, held[: len(keys)], addresses)
        if unread:
            _settle(client, held[len(keys) :], addresses)
        return dict(zip(keys, results, strict=True))


def check(client: Client, addresses: Sequence[str]) -> list[Worker]:
    """What the scheduler knows of each worker; RunError where one is lost.

    What others did in its place is no measurement of the plan.
    """
    with _told():
        there = present(client)
    if lost := [address for address in addresses if address not in there]:
        raise RunError(
            f"lost {len(lost)} of {len(addresses)} workers ({', '.join(lost[:3])}), killed or out of memory: {ROOM}"
        )
    return [there[address] for address in addresses]


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


@contextmanager
def _pinned(layers: Iterable[BlockLayer], addresses: Sequence[str]) -> Iterator[None]:
    pins = {key: [addresses[owner]] for layer in layers for key, owner in zip(layer.tasks, layer.owners, strict=True)}
    # Strictly: work stealing, which is Dask's default, would move what may go elsewhere.
    with annotate(workers=pins.__getitem__, allow_other_workers=False):
        yield


def _settle(client: Client, held: Sequence[Held], addresses: Sequence[str]) -> None:
    """Wait until all are computed or have failed; for what is pinned to a lost worker Dask would wait for ever."""
    for _ in _looks(client, addresses):
        with suppress(TimeoutError):
            wait(held, timeout=PATIENCE)
            return


def _gather(client: Client, held: Sequence[Held], addresses: Sequence[str]) -> list[Any]:
    """Fetch what is held when it is there; a lost worker ends the wait here too."""
    loop: Any = client.loop
    answer: futures.Future[list[Any]] = asyncio.run_coroutine_threadsafe(
        client.gather(held, asynchronous=True), loop.asyncio_loop
    )
    for _ in _looks(client, addresses):
        if futures.wait([answer], PATIENCE).done:
            break
    return answer.result()


def _looks(client: Client, addresses: Sequence[str]) -> Iterator[None]:
    """Waits without end; RunError between two of them where no end can come."""
    since = 0
    while True:
        yield
        workers = check(client, addresses)
        paused = [worker for worker in workers if worker["status"] == "paused"]
        busy = any(worker["metrics"]["task_counts"].get("executing") for worker in workers)
        since = since + 1 if paused and not busy else 0
        if since == PAUSED:
            memory, limit = (format_bytes(size) for size in (paused[0]["metrics"]["memory"], paused[0]["memory_limit"]))
            full = f"{len(paused)} of {len(workers)} workers stay paused ({memory} of {limit} taken), and none computes"
            raise RunError(f"{full}: {ROOM}")


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one line whatever a task, a worker or the scheduler raises."""
    try:
        yield
    except RunError:
        raise
    except futures.CancelledError as error:
        raise RunError("the scheduler was lost, or the work cancelled: see that it is up, then run again") from error
    except Exception as error:
        what = shorten(f"{type(error).__name__}: {error}", LONGEST)
        raise RunError(f"the cluster failed ({what}): its dashboard and logs say more") from error
