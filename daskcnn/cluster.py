"""Where the work runs: processes, threads, or a scheduler that is there already, as a context manager."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from logging import CRITICAL
from tempfile import TemporaryDirectory
from typing import Any

import dask
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Security, rpc
from distributed.client import AllExit
from distributed.exceptions import WorkerStartTimeoutError
from distributed.system import MEMORY_LIMIT
from threadpoolctl import threadpool_limits

from daskcnn.errors import RunError, UsageError

LOOPBACK = "127.0.0.1"
DASHBOARD_PORT = 8787
LEAKED = ("PYTHONHASHSEED", "__DASK_PARENT_PID")
"""What Dask's nannies set in the process that starts them, whatever the configuration says."""
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


def connect(
    cluster: str = "processes", workers: int = CPU_COUNT, *, timeout: float = 5.0
) -> AbstractContextManager[Client]:
    """A Dask client with at least `workers` workers, for the length of a `with` block.

    Own clusters have one thread a worker, one BLAS thread too, listen on loopback only, print no logs (what
    fails is raised), and leave nothing behind: no process, no folder, no changed setting. A cluster at an
    address is left running.

    Parameters
    ----------
    cluster
        `processes`, `threads` (all workers in this process), or the address of a scheduler: `tcp://…`, `tls://…`.
    workers
        How many workers to start, or to wait for at an address.
    timeout
        Seconds to wait for a scheduler at an address, and again for its workers.

    Raises
    ------
    UsageError
        At once: another kind of cluster, or less than one worker.
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
    if cluster in ("processes", "threads"):
        return _own(cluster == "processes", workers)
    if re.fullmatch(r"(tcp|tls)://\S+:\d+", cluster):
        return _existing(cluster, workers, timeout)
    raise UsageError(f"cluster {cluster!r}: use processes, threads, or an address like tcp://127.0.0.1:8786")


def owners(client: Client, workers: int | None = None) -> list[str]:
    """Addresses of the first `workers` workers (default: all), in an order that stays: by name, then address.

    Raises
    ------
    RunError
        Fewer workers are there.
    """
    there = client.scheduler_info(n_workers=-1)["workers"]
    ordered = sorted(there, key=lambda address: order(there[address]["name"], address))
    if workers is not None and len(ordered) < workers:
        raise RunError(f"{workers} workers asked for, {len(ordered)} there: start more, or ask for fewer")
    return ordered[:workers]


def order(name: object, address: str) -> tuple[list[str | int], list[str | int]]:
    """What workers are sorted by: numbers within names count as numbers.

    >>> sorted(["w-10", "w-9"], key=lambda name: order(name, ""))
    ['w-9', 'w-10']
    """
    return _natural(str(name)), _natural(address)


def _natural(text: str) -> list[str | int]:
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", text))]


@contextmanager
def _own(processes: bool, workers: int) -> Iterator[Client]:
    with ExitStack() as stack:
        stack.enter_context(_environment())
        folder = stack.enter_context(TemporaryDirectory(prefix="daskcnn-"))
        stack.enter_context(dask.config.set(_settings(folder)))
        if not processes:
            stack.enter_context(threadpool_limits(1))
        # Empty at first: once it is on the stack, an interrupt while workers start ends them too.
        cluster = stack.enter_context(
            LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                processes=processes,
                memory_limit=MEMORY_LIMIT // workers,
                dashboard_address=_dashboard(),
                # Without it, workers that are threads serve HTTP on every interface.
                worker_dashboard_address=None if processes else f"{LOOPBACK}:0",
                local_directory=folder,
                silence_logs=CRITICAL,
            )
        )
        # Only while workers start: what this process starts later is not for Dask to limit.
        with _environment():
            os.environ.update(ONE_THREAD)
            try:
                cluster.sync(_start, cluster, workers)
            except Exception as error:
                raise RunError(f"{workers} workers did not start: {error}; ask for fewer") from error
        yield stack.enter_context(_quiet(Client(cluster)))


async def _start(cluster: LocalCluster, workers: int) -> None:
    """Start workers deaf to Ctrl-C, which a terminal sends to all: this process ends them."""
    # Processes inherit the mask of the thread that starts them, and nannies start theirs from this one.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    cluster.scale(workers)
    await cluster


def _quiet(client: Client) -> Client:
    """The client, which no longer reports how it ends a wait that was interrupted as an error of its own."""
    runner: Any = client.loop
    runner.asyncio_loop.set_exception_handler(
        lambda loop, context: isinstance(context.get("exception"), AllExit) or loop.default_exception_handler(context)
    )
    return client


def _settings(folder: str) -> dict[str, Any]:
    """Dask settings under which partitions compare fairly and logs lose nothing."""
    return {
        "temporary-directory": folder,
        "distributed.scheduler.worker-saturation": "inf",
        "distributed.scheduler.work-stealing": False,
        "distributed.admin.low-level-log-length": 200_000,
        "distributed.nanny.pre-spawn-environ": dask.config.get("distributed.nanny.pre-spawn-environ") | ONE_THREAD,
        # Threads have no host in their address, and Dask would print that of the machine.
        "distributed.dashboard.link": dask.config.get("distributed.dashboard.link").replace("{host}", LOOPBACK),
    }


def _dashboard() -> str:
    """Dask's usual port, or any free one where it is taken: asking first spares a warning."""
    try:
        with socket.create_server((LOOPBACK, DASHBOARD_PORT)):
            return f"{LOOPBACK}:{DASHBOARD_PORT}"
    except OSError:
        return f"{LOOPBACK}:0"


@contextmanager
def _environment() -> Iterator[None]:
    """Put back the environment variables that nannies set in this process."""
    names = {*LEAKED, *ONE_THREAD, *dask.config.get("distributed.nanny.pre-spawn-environ")}
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _existing(address: str, workers: int, timeout: float) -> Iterator[Client]:
    try:
        # In a thread of its own: a notebook's loop runs already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _answer(address, timeout)).result()
        client = Client(address, timeout=timeout)
    except Exception as error:
        raise RunError(
            f"no Dask scheduler answers at {address} within {timeout:g} s: "
            "start one there with `dask scheduler`, or use the cluster `processes`"
        ) from error
    with _quiet(client):
        try:
            client.wait_for_workers(workers, timeout)
        except WorkerStartTimeoutError as error:
            raise RunError(
                f"{workers} workers asked for, {error.available_workers} at {address} after {timeout:g} s: "
                "start more with `dask worker`, or ask for fewer"
            ) from error
        yield client


async def _answer(address: str, timeout: float) -> None:
    """Fail unless a scheduler answers in time; Dask's own client waits for ever at a port that stays mute."""
    arguments = Security().get_connection_args("client")
    async with asyncio.timeout(timeout), rpc(address, connection_args=arguments) as there:
        kind = (await there.identity(n_workers=0))["type"]
    if kind != "Scheduler":
        raise ValueError(f"{kind} at {address}")
