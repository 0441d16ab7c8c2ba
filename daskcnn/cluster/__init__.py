"""Where the work runs: processes, threads, or a scheduler that is there already, as a context manager."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from dask.system import CPU_COUNT
from distributed import Client

from daskcnn.cluster.client import quiet, show_from_now_on
from daskcnn.cluster.existing import existing
from daskcnn.cluster.limit import limit_bytes
from daskcnn.cluster.own import own_cluster
from daskcnn.cluster.workers import order, owners, present
from daskcnn.errors import UsageError

__all__ = ["connect", "limit_bytes", "order", "owners", "present", "show_from_now_on"]

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
        return existing(cluster, workers, timeout)
    raise UsageError(f"cluster {cluster!r}: use processes, threads, or an address like tcp://127.0.0.1:8786")


@contextmanager
def _started(processes: bool, workers: int, memory_limit: int | None) -> Iterator[Client]:
    with own_cluster(processes, workers, memory_limit) as cluster, quiet(Client(cluster)) as client:
        yield client
