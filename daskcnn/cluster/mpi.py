"""The ranks of an MPI job as one Dask cluster: the first its scheduler, the second its client, the others workers.

dask-mpi makes them that. Data goes over Dask's own connections; MPI launches the ranks and has done.
"""

from __future__ import annotations

import atexit
import os
from collections import Counter
from dataclasses import dataclass

import dask
from dask.utils import format_bytes
from distributed import Client

from daskcnn.cluster import allocation, lifeline
from daskcnn.cluster.client import silence
from daskcnn.cluster.interface import default_interface
from daskcnn.cluster.launch import Here, Launch, launched
from daskcnn.cluster.serve import say, serve
from daskcnn.errors import RunError, UsageError, reason
from daskcnn.ranks import CLIENT, rank

OTHERS = 2
"""Ranks that are no workers: the scheduler, and the client."""


@dataclass(frozen=True)
class Job:
    """The cluster that the job is, as its client knows it."""

    address: str
    """Of the scheduler."""
    ranks: tuple[Here, ...]
    memory_limit: int
    """Of a worker, in bytes: the least."""

    @property
    def workers(self) -> int:
        """How many there are."""
        return len(self.ranks) - OTHERS

    @property
    def text(self) -> str:
        """Who is who."""
        nodes, workers = (_many(count, word) for count, word in ((len(self._nodes), "node"), (self.workers, "worker")))
        each = f"each with one thread and at most {format_bytes(self.memory_limit)}"
        return f"mpi: 1 scheduler, 1 client, {workers} on {nodes}, {each}"

    @property
    def warnings(self) -> list[str]:
        """What speaks against how the job was started."""
        busy = Counter(here.node for here in self.ranks[OTHERS:])
        return [
            f"{busy[node]} workers share {_many(here.cores, 'core')} of {here.host}: start fewer ranks there, or give "
            "the job more cores"
            for node, here in self._nodes.items()
            if busy[node] > here.cores
        ]

    @property
    def _nodes(self) -> dict[str, Here]:
        return {here.node: here for here in self.ranks}


_joined: tuple[Job, tuple[str | None, int | None]] | None = None
"""The job of this process, and what was asked for when it joined: it is in one, once."""


def join(interface: str | None = None, memory_limit: int | None = None, timeout: float = lifeline.PATIENCE) -> Job:
    """The job that this rank is the client of; the others never return from here.

    They become scheduler and workers, and their processes end when the client's does, however it does.

    Parameters
    ----------
    interface : str, optional
        Of the network that all use; by default loopback where all ranks are on one node, else the one that leads
        to other machines.
    memory_limit : int, optional
        Of each worker, in bytes; by default its share of what the job may take of its node.
    timeout : float
        Seconds within which all ranks have to come; where one does not, the others end.

    Raises
    ------
    UsageError
        In all ranks: there is no such job, or it cannot be used so.
    RunError
        The scheduler is gone already.
    """
    global _joined
    asked = interface, memory_limit
    if _joined is None:
        _joined = _launch(launched(rank(os.environ), timeout), *asked), asked
    if _joined[1] != asked:
        raise UsageError("cluster mpi: the workers have started with another interface or memory limit; keep to that")
    return _joined[0]


def _launch(launch: Launch, interface: str | None, memory_limit: int | None) -> Job:
    try:
        ranks = tuple(launch.world.allgather(Here.of(interface)))
        if problem := next((other.problem for other in ranks if other.problem), ""):
            launch.end()
            raise UsageError(problem)
        sharing = Counter(other.node for other in ranks)
        limits = [memory_limit or allocation.share(other.memory, sharing[other.node]) for other in ranks]
        silence()
        if launch.Get_rank() != CLIENT:
            serve(launch, interface or default_interface(within=len(sharing) == 1), limits[launch.Get_rank()])
        launch.initialize()
    except Exception as error:
        if not launch.done:
            # The others wait for this one.
            say(launch.Get_rank(), error)
            launch.world.Abort(1)
        raise
    return Job(_held(), ranks, min(limits[OTHERS:]))


def _held() -> str:
    """The scheduler's address; a connection to it is held until this process ends, and then the scheduler does."""
    address: str = dask.config.get("scheduler-address")
    try:
        client = Client(address, timeout=lifeline.PATIENCE, set_as_default=False, name="lifeline")
    except Exception as error:
        raise RunError(f"no scheduler at {address} ({reason(error)}): the job's first rank has ended") from error
    atexit.register(client.close)
    return address


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
