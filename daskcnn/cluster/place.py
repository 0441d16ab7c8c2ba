"""Where work is to run, checked, and how a client of it is got."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from distributed import Client
from distributed.system import MEMORY_LIMIT

from daskcnn.cluster import mpi
from daskcnn.cluster.client import quiet
from daskcnn.cluster.existing import existing, settled
from daskcnn.cluster.interface import address_of
from daskcnn.cluster.limit import limit_bytes
from daskcnn.cluster.own import own_cluster
from daskcnn.cluster.scheduler_file import ADDRESS, address_in, checked
from daskcnn.cluster.tunnel import tunnel
from daskcnn.errors import UsageError
from daskcnn.provenance import cores
from daskcnn.ranks import said_once

OWN = ("processes", "threads")
"""Clusters that are started here."""
MPI = "mpi"
"""The cluster that the ranks of this program's job make up."""
FILE = "scheduler-file"
"""A cluster that a file leads to."""
AT_ONCE, PATIENT = 5.0, 50.0
"""Seconds to wait for a scheduler at an address; and for a cluster that is just being started."""


@dataclass(frozen=True)
class Place:
    """Where work runs: a cluster that is started for it, the ranks of this job, or one that is there already."""

    cluster: str
    """`processes`, `threads`, `mpi`, `scheduler-file`, or an address."""
    memory_limit: int | None = None
    """Of each worker, in bytes, where it is known."""
    interface: str | None = None
    file: Path | None = None
    timeout: float = PATIENT
    job: mpi.Job | None = None

    @classmethod
    def of(
        cls,
        cluster: str = "processes",
        *,
        memory_limit: int | str | None = None,
        interface: str | None = None,
        scheduler_file: str | Path | None = None,
        timeout: float | None = None,
    ) -> Place:
        """A place that can be used. Of an MPI job this returns in the client's rank alone.

        Parameters
        ----------
        cluster : str
            `processes`, `threads`, `mpi`, or the address of a scheduler: `tcp://…`, `tls://…`.
        memory_limit : int or str, optional
            Of each worker that is started here, in bytes or in Dask's words.
        interface : str, optional
            Of the network that what is started here listens on: by default loopback, and between nodes the one that
            leads to other machines.
        scheduler_file : path, optional
            Of a scheduler that is there already, or will be.
        timeout : float, optional
            Seconds to wait for what is not started here: for the file or for other ranks, and again for workers; for a
            scheduler at an address 5 by default, else 50.

        Raises
        ------
        UsageError
            There is no such place, or it has no such settings.
        RunError
            The job's scheduler is gone already.

        Examples
        --------
        >>> Place.of("threads", memory_limit="1GB").memory_limit
        1000000000
        """
        with said_once() if cluster == MPI else nullcontext():
            kind, limit = _kind(cluster, scheduler_file), limit_bytes(memory_limit)
            if kind not in (*OWN, MPI):
                _refuse(str(scheduler_file or kind), {"memory limit": memory_limit, "interface": interface})
            if interface is not None and kind in OWN:
                _check_interface(kind, interface)
            if timeout is None:
                timeout = PATIENT if kind in (MPI, FILE) else AT_ONCE
            file = None if scheduler_file is None else checked(scheduler_file)
            job = mpi.join(interface, limit, timeout) if kind == MPI else None
            return cls(kind, job.memory_limit if job else limit, interface, file, timeout, job)

    @property
    def is_own(self) -> bool:
        """Whether the cluster is started for the work."""
        return self.cluster in OWN

    @property
    def notes(self) -> list[str]:
        """What is good to know of it before the work starts."""
        return [self.job.text] if self.job else []

    @property
    def warnings(self) -> list[str]:
        """What speaks against how it was set up."""
        return self.job.warnings if self.job else []

    def workers(self) -> int:
        """How many workers there are where nobody says: this machine's cores, or all that a cluster has.

        Raises
        ------
        RunError
            It is to be found out, and the cluster does not answer.
        """
        if self.job:
            return self.job.workers
        return settled(address_in(self.file, self.timeout), self.timeout) if self.file else cores()

    def connect(self, workers: int, sharing: int | None = None) -> AbstractContextManager[Client]:
        """A client with at least so many workers, as `daskcnn.cluster.connect`.

        Of workers that are started here `sharing` share the machine's memory, all of them by default.
        """
        if workers < 1:
            raise UsageError(f"{workers} workers: at least 1 is needed")
        if self.job and workers > self.job.workers:
            raise UsageError(
                f"{workers} workers asked for, {self.job.workers} of {len(self.job.ranks)} ranks are: start "
                f"{workers + mpi.OTHERS} ranks (mpirun -n {workers + mpi.OTHERS}), or ask for fewer"
            )
        return self._started(workers, sharing or workers) if self.is_own else self._found(workers)

    def tunnel(self, client: Client) -> str:
        """How the dashboard is seen from elsewhere; empty of what is started here, or was named by its address."""
        if self.job:
            return tunnel(client.dashboard_link, self.job.ranks[0].host, os.environ)
        return tunnel(client.dashboard_link, socket.gethostname(), os.environ) if self.file else ""

    @contextmanager
    def _started(self, workers: int, sharing: int) -> Iterator[Client]:
        processes, limit = self.cluster == "processes", self.memory_limit or MEMORY_LIMIT // sharing
        with (
            own_cluster(processes, workers, limit, self.interface) as cluster,
            quiet(Client(cluster)) as client,
        ):
            yield client

    @contextmanager
    def _found(self, workers: int) -> Iterator[Client]:
        if self.file:
            address, if_lost = address_in(self.file, self.timeout), ""
        elif self.job:
            address, if_lost = self.job.address, "a rank has ended; see what it said, and start the job again"
        else:
            address, if_lost = self.cluster, ""
        with existing(address, workers, self.timeout, if_lost=if_lost) as client:
            yield client


def _kind(cluster: str, scheduler_file: str | Path | None) -> str:
    if scheduler_file is not None:
        if cluster != "processes":
            raise UsageError(f"cluster {cluster} and scheduler file {scheduler_file}: give one of them")
        return FILE
    if cluster not in (*OWN, MPI) and not re.fullmatch(ADDRESS, cluster):
        raise UsageError(f"cluster {cluster!r}: use processes, threads, mpi, or an address like tcp://127.0.0.1:8786")
    return cluster


def _refuse(there: str, settings: Mapping[str, object]) -> None:
    """Settings that only workers which are started here can have."""
    for name, value in settings.items():
        if value is not None:
            raise UsageError(
                f"{name} {value}: workers at {there} have their own already; leave it out, or use the cluster processes"
            )


def _check_interface(kind: str, interface: str) -> None:
    if kind == "threads":
        raise UsageError(f"interface {interface}: threads use no network; leave it out, or use processes")
    address_of(interface)
