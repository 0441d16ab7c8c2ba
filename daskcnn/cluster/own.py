"""A Dask cluster of our own on this machine, that leaves nothing behind."""

import asyncio
import os
import signal
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from logging import CRITICAL
from multiprocessing import resource_tracker
from tempfile import TemporaryDirectory
from typing import Any

import dask
from distributed import LocalCluster
from threadpoolctl import threadpool_limits

from daskcnn.cluster.interface import LOOPBACK, address_of
from daskcnn.errors import RunError

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
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}
"""What a worker frees it soon needs again. Dask's own setting gives back 64 kB at a time, and the kernel clears every
page anew: under it the blocks of a channel cut took three to nine times as long."""
WORKERS = ONE_THREAD | KEEP_MEMORY
"""Environment of worker processes."""
FAIR = {
    "distributed.scheduler.worker-saturation": "inf",
    "distributed.scheduler.work-stealing": False,
    "distributed.admin.low-level-log-length": 200_000,
}
"""Dask settings under which partitions compare fairly and logs lose nothing."""


@contextmanager
def own_cluster(
    processes: bool, workers: int, memory_limit: int, interface: str | None = None
) -> Iterator[LocalCluster]:
    """Workers of one thread each, as processes or as threads of this one, without logs.

    Each has at most `memory_limit` bytes. Processes listen on loopback, or on an `interface`.

    Raises
    ------
    RunError
        They do not start.
    """
    stack = ExitStack()
    try:
        stack.enter_context(_environment())
        folder = stack.enter_context(TemporaryDirectory(prefix="daskcnn-"))
        host = address_of(interface) if interface else LOOPBACK
        stack.enter_context(dask.config.set(settings(folder) | _link(host)))
        if not processes:
            stack.enter_context(threadpool_limits(1))
        with warnings.catch_warnings():
            # Another may take the port between asking and starting; the address that is printed is right.
            warnings.filterwarnings("ignore", "Port .* is already in use")
            # Empty at first: once it is on the stack, an interrupt while workers start ends them too.
            cluster = stack.enter_context(_empty(processes, memory_limit, folder, host))
        # Only while workers start: what this process starts later is not for Dask to limit.
        with _environment():
            os.environ.update(WORKERS)
            try:
                cluster.sync(_start, cluster, workers)
            except Exception as error:
                ways = "ask for fewer; a script starts them below `if __name__ == '__main__':`, since each imports it"
                raise RunError(f"{workers} workers did not start: {error} {ways}") from error
        yield cluster
    finally:
        with _deaf():
            stack.close()


def _empty(processes: bool, memory: int, folder: str, host: str) -> LocalCluster:
    return LocalCluster(
        host=host if processes else None,
        n_workers=0,
        threads_per_worker=1,
        processes=processes,
        memory_limit=memory,
        dashboard_address=dashboard_at(host),
        # Without it, workers that are threads serve HTTP on every interface.
        worker_dashboard_address=None if processes else f"{LOOPBACK}:0",
        local_directory=folder,
        silence_logs=CRITICAL,
    )


async def _start(cluster: LocalCluster, workers: int) -> None:
    """Start workers deaf to Ctrl-C, which a terminal sends to all: this process ends them."""
    # Processes inherit the mask of the thread that starts them, and nannies start theirs from this one.
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # or it unblocks the signal when it starts with the first worker
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    cluster.scale(workers)
    # An interrupt cancels the wait; cut short, Dask would lose track of processes that are just starting.
    await asyncio.shield(_ready(cluster))


async def _ready(cluster: LocalCluster) -> None:
    await cluster


def settings(folder: str) -> dict[str, Any]:
    """Dask settings of a cluster that is started here, with a folder for its scratch."""
    return FAIR | {
        "temporary-directory": folder,
        "distributed.nanny.pre-spawn-environ": dask.config.get("distributed.nanny.pre-spawn-environ") | WORKERS,
        # Dask gives up a nanny that has no worker at one look, this long after it lost one: it may just be starting it.
        "distributed.deploy.lost-worker-timeout": "1 day",
    }


def _link(host: str) -> dict[str, str]:
    """The setting of the dashboard's address: threads have no host in theirs, and Dask would take the machine's."""
    return {"distributed.dashboard.link": dask.config.get("distributed.dashboard.link").replace("{host}", host)}


def dashboard_at(host: str) -> str:
    """Dask's usual port of an address, or any free one where it is taken: asking first spares a warning."""
    try:
        with socket.create_server((host, DASHBOARD_PORT)):
            return f"{host}:{DASHBOARD_PORT}"
    except OSError:
        return f"{host}:0"


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C, which pressed once more would stop the clearing up half-way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


@contextmanager
def _environment() -> Iterator[None]:
    """Put back the environment variables that nannies set in this process."""
    names = {*LEAKED, *WORKERS, *dask.config.get("distributed.nanny.pre-spawn-environ")}
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
