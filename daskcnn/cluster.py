"""Where the work runs: processes, threads, or a scheduler that is there already, as a context manager."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from logging import CRITICAL
from typing import Any

from dask.system import CPU_COUNT
from dask.utils import parse_bytes
from distributed import Client, Scheduler, Security, rpc
from distributed.client import AllExit
from distributed.diagnostics.task_stream import TaskStreamPlugin
from distributed.exceptions import WorkerStartTimeoutError
from distributed.utils import silence_logging_cmgr

from daskcnn.cluster_own import own
from daskcnn.errors import RunError, UsageError

OWN = ("processes", "threads")
"""Clusters that are started here."""


def connect(
    cluster: str = "processes",
    workers: int = CPU_COUNT,
    *,
    memory_limit: int | str | None = None,
    timeout: float = 5.0,
) -> AbstractContextManager[Client]:
    """A Dask client with at least `workers` workers, for the length of a `with` block.

    Own clusters have one thread a worker, one BLAS thread too, listen on loopback only, and leave nothing
    behind: no process, no folder, no changed setting. A cluster at an address is left running. Dask prints no
    logs here: what fails is raised. On leaving the block, tasks under way are given up: processes are ended
    within seconds, but threads cannot be, and run to the end of their task.

    Parameters
    ----------
    cluster : str
        `processes`, `threads` (all workers in this process), or the address of a scheduler: `tcp://…`, `tls://…`.
    workers : int
        How many workers to start, or to wait for at an address.
    memory_limit : int or str, optional
        Of each worker of an own cluster, in bytes or in Dask's words, `512MB`; by default they share the machine's
        memory. A worker puts results on disk above 0.7 of it, begins nothing new above 0.8, and a process is ended
        above 0.95; workers that are threads count the whole of their one process.
    timeout : float
        Seconds to wait for a scheduler at an address, and again for its workers.

    Returns
    -------
    context manager of distributed.Client

    Raises
    ------
    UsageError
        At once: another kind of cluster, less than one worker, or a memory limit that is none or cannot be set.
    RunError
        On entering the block: workers do not start, nobody answers at the address, or too few workers came.

    Examples
    --------
    >>> with connect("threads", workers=2) as client:
    ...     client.submit(sum, [1, 2]).result(), len(owners(client))
    (3, 2)
    """
    if workers < 1:
        raise UsageError(f"{workers} workers: at least 1 is needed")
    limit = limit_bytes(memory_limit)
    if cluster in OWN:
        return _started(cluster == "processes", workers, limit)
    if re.fullmatch(r"(tcp|tls)://\S+:\d+", cluster):
        if limit is not None:
            raise UsageError(
                f"memory limit {memory_limit}: workers at {cluster} have their own already; "
                "leave it out, or use the cluster processes"
            )
        return _existing(cluster, workers, timeout)
    raise UsageError(f"cluster {cluster!r}: use processes, threads, or an address like tcp://127.0.0.1:8786")


def limit_bytes(memory_limit: int | str | None) -> int | None:
    """A memory limit in bytes, or none.

    Raises
    ------
    UsageError
        It is no amount of memory.

    Examples
    --------
    >>> limit_bytes("512MB"), limit_bytes("2 GiB"), limit_bytes(None)
    (512000000, 2147483648, None)
    """
    if memory_limit is None:
        return None
    try:
        limit = int(parse_bytes(memory_limit)) if memory_limit else 0
    except (ValueError, OverflowError):
        limit = 0
    if limit < 1:
        raise UsageError(f"memory limit {memory_limit!r}: give an amount of memory, as in 512MB or 2GiB")
    return limit


def owners(client: Client, workers: int | None = None) -> list[str]:
    """Addresses of the first `workers` workers (default: all), in an order that stays: by name, then address.

    Raises
    ------
    RunError
        Fewer workers are there.
    """
    there = present(client)
    ordered = sorted(there, key=lambda address: order(there[address]["name"], address))
    if workers is not None and len(ordered) < workers:
        raise RunError(f"{workers} workers asked for, {len(ordered)} there: start more, or ask for fewer")
    return ordered[:workers]


def present(client: Client) -> dict[str, Any]:
    """What the scheduler knows of each of its workers, by address.

    `Client.scheduler_info` answers from a cache, which a refresh that leaves the workers out may overtake.

    Raises
    ------
    OSError
        The scheduler is gone.
    """
    scheduler: Any = client.scheduler
    workers: dict[str, Any] = client.sync(scheduler.identity, n_workers=-1)["workers"]
    return workers


def order(name: object, address: str) -> tuple[list[str | int], list[str | int]]:
    """What workers are sorted by: numbers within names count as numbers.

    >>> sorted(["w-10", "w-9"], key=lambda name: order(name, ""))
    ['w-9', 'w-10']
    """
    return _natural(str(name)), _natural(address)


def _natural(text: str) -> list[str | int]:
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", text))]


@contextmanager
def _started(processes: bool, workers: int, memory_limit: int | None) -> Iterator[Client]:
    with own(processes, workers, memory_limit) as cluster, _quiet(Client(cluster)) as client:
        yield client


@contextmanager
def _existing(address: str, workers: int, timeout: float) -> Iterator[Client]:
    try:
        # In a thread of its own: a notebook's loop runs already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _answer(address, timeout)).result()
        client = Client(address, timeout=timeout)
    except Exception as error:
        reason = str(error) or f"no answer in {timeout:g} s"
        raise RunError(
            f"no Dask scheduler at {address}: {reason}; "
            "start one there with `dask scheduler`, or use the cluster `processes`"
        ) from error
    with silence_logging_cmgr(CRITICAL), _quiet(client):
        try:
            client.wait_for_workers(workers, timeout)
        except WorkerStartTimeoutError as error:
            raise RunError(
                f"{workers} workers asked for, {error.available_workers} at {address} after {timeout:g} s: "
                "start more with `dask worker`, or ask for fewer"
            ) from error
        yield client


def _quiet(client: Client) -> Client:
    """The client, which no longer reports how it ends a wait that was interrupted as an error of its own."""
    runner: Any = client.loop
    runner.asyncio_loop.set_exception_handler(
        lambda loop, context: isinstance(context.get("exception"), AllExit) or loop.default_exception_handler(context)
    )
    return client


async def _answer(address: str, timeout: float) -> None:
    """Fail unless a scheduler answers in time; Dask's own client waits for ever at a port that stays mute."""
    arguments = Security().get_connection_args("client")
    async with asyncio.timeout(timeout), rpc(address, connection_args=arguments) as there:
        kind = (await there.identity())["type"]
    if kind != "Scheduler":
        raise ValueError(f"that is a {kind}")


def show_from_now_on(client: Client) -> None:
    """Let the Dask dashboard's task stream begin now; by itself it begins when somebody first opens the page."""
    client.run_on_scheduler(_stream)


def _stream(dask_scheduler: Scheduler) -> None:
    if TaskStreamPlugin.name not in dask_scheduler.plugins:
        dask_scheduler.add_plugin(TaskStreamPlugin(dask_scheduler))
