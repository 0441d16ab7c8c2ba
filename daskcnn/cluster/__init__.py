"""Where the work runs: processes, threads, the ranks of an MPI job, or a scheduler that is there already."""

from contextlib import AbstractContextManager

from dask.system import CPU_COUNT
from distributed import Client

from daskcnn.cluster.client import show_from_now_on
from daskcnn.cluster.limit import limit_bytes
from daskcnn.cluster.place import Place
from daskcnn.cluster.workers import SLURM_NODE, order, owners, present

__all__ = ["SLURM_NODE", "Place", "connect", "limit_bytes", "order", "owners", "present", "show_from_now_on"]


def connect(
    cluster: str = "processes",
    workers: int = CPU_COUNT,
    *,
    memory_limit: int | str | None = None,
    timeout: float | None = None,
) -> AbstractContextManager[Client]:
    """A Dask client with at least `workers` workers, for the length of a `with` block.

    Own clusters have one thread a worker, one BLAS thread too, listen on loopback only, and leave nothing
    behind: no process, no folder, no changed setting. A cluster at an address is left running. Dask prints no
    logs here: what fails is raised. On leaving the block, tasks under way are given up: processes are ended
    within seconds, but threads cannot be, and run to the end of their task.

    Parameters
    ----------
    cluster : str
        `processes`, `threads` (all workers in this process), `mpi` (under mpirun or srun, where this returns in one
        rank alone), or the address of a scheduler: `tcp://…`, `tls://…`.
    workers : int
        How many workers to start, or to wait for at an address.
    memory_limit : int or str, optional
        Of each worker of an own cluster, in bytes or in Dask's words, `512MB`; by default they share the machine's
        memory. A worker puts results on disk above 0.7 of it, begins nothing new above 0.8, and a process is ended
        above 0.95; workers that are threads count the whole of their one process.
    timeout : float, optional
        Seconds to wait for a scheduler at an address, and again for its workers; 5 by default.

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
    return Place.of(cluster, memory_limit=memory_limit, timeout=timeout).connect(workers)
