"""Every Dask client that this process makes is recorded for as long as it is connected.

Dask loads this module as a preload of each client: it calls `dask_setup` when the client has connected and
`dask_teardown` when it begins to close, in the client's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from logging import WARNING, getLogger
from threading import Lock
from typing import Any
from warnings import catch_warnings, simplefilter

import dask
import xarray as xr
from distributed import Client, LocalCluster, SpecCluster

from daskcnn.errors import RunError, reason
from daskcnn.recorder import record

PRELOAD = "distributed.client.preload"
OF_A_WORKER = "Client-worker-"
"""What the ids of clients begin with that tasks get from their worker: their own client's recording has it all."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """What the cluster of one client did while it was connected."""

    cluster: str
    """Its kind, `processes` or `threads` or a class's name, or the scheduler's address."""
    trace: xr.DataTree | None
    problem: str = ""
    """Why there is no trace."""


@dataclass(frozen=True, eq=False)
class UnderWay:
    """A recording that has begun."""

    client: Client
    cluster: str
    block: AbstractContextManager[xr.DataTree]
    trace: xr.DataTree
    """Complete when its block has ended."""


@dataclass(frozen=True, eq=False)
class Clients:
    """The recordings of this process: under way, and done."""

    connected: Callable[[Client], None]
    """Told of each client that is recorded."""
    done: list[Recorded] = field(default_factory=list)
    """In the order in which clients closed."""
    _under_way: dict[str, UnderWay] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def start(self, client: Client) -> None:
        """Begin to record a client, which its event loop waits for, in another thread."""
        block = record(client)
        try:
            self._under_way[client.id] = UnderWay(client, described(client), block, block.__enter__())
        except RunError as error:
            self.done.append(Recorded(described(client), None, str(error)))
        else:
            self.connected(client)

    def has(self, client: Client) -> bool:
        """Whether a client is being recorded."""
        return client.id in self._under_way

    def finish(self, client: Client) -> None:
        """Collect what a client's cluster did, once; where that fails, why."""
        with self._lock:
            if not self.has(client):
                return
            self.done.append(_collected(self._under_way.pop(client.id)))

    def finish_all(self) -> None:
        """Collect what the clients did that were never closed, oldest first."""
        for recording in list(self._under_way.values()):
            self.finish(recording.client)


_listening: Clients | None = None


@contextmanager
def recorded_clients(connected: Callable[[Client], None] = lambda client: None) -> Iterator[list[Recorded]]:
    """Record every client that is made within the block; those that are open when it ends are recorded up to then.

    Parameters
    ----------
    connected : callable
        Told of each client, once it is recorded, in a thread of its own.

    Yields
    ------
    list of Recorded
        Fills as clients close, and is complete after the block.

    Examples
    --------
    >>> from daskcnn.cluster import connect
    >>> with recorded_clients() as found, connect("threads", workers=1) as client:
    ...     client.submit(sum, [1, 2]).result()
    3
    >>> found[0].trace["tasks"].sizes["task"], found[0].cluster
    (1, 'threads')
    """
    global _listening
    before, clients = _listening, Clients(connected)
    loaded = dask.config.get(PRELOAD)
    loaded = [loaded] if isinstance(loaded, str) else loaded
    with dask.config.set({PRELOAD: [*(name for name in loaded if name != __name__), __name__]}), _unsaid():
        _listening = clients
        try:
            yield clients.done
        finally:
            _listening = before
            clients.finish_all()


@contextmanager
def _unsaid() -> Iterator[None]:
    """Dask would tell on standard error of every preload."""
    logger = getLogger("distributed.preloading")
    level = logger.level
    logger.setLevel(WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


async def dask_setup(client: Client) -> None:
    """Begin to record a client that has connected."""
    clients = _listening
    if clients is None or client.id.startswith(OF_A_WORKER):
        return
    await asyncio.to_thread(clients.start, client)
    if (cluster := _cluster(client)) is not None:
        _collect_before_it_closes(cluster, clients, client)


async def dask_teardown(client: Client) -> None:
    """Collect what its cluster did before a client closes."""
    if _listening is not None and _listening.has(client):
        await asyncio.to_thread(_listening.finish, client)


def described(client: Client) -> str:
    """What kind of cluster a client's is, where this process started it, else the address of its scheduler.

    >>> from daskcnn.cluster import connect
    >>> with connect("threads", workers=1) as client:
    ...     described(client)
    'threads'
    """
    cluster, address = _cluster(client), _address(client)
    if cluster is None:
        return address
    if isinstance(cluster, LocalCluster):
        return "threads" if address.startswith("inproc://") else "processes"
    return type(cluster).__name__


def _cluster(client: Client) -> Any:
    """A client's cluster, though it was given its address alone; None where it is not of this process."""
    here = (cluster for cluster in SpecCluster._instances if cluster.scheduler_address == _address(client))
    return client.cluster or next(here, None)


def _address(client: Client) -> str:
    assert client.scheduler is not None  # it has connected
    return str(client.scheduler.address)


def _collect_before_it_closes(cluster: Any, clients: Clients, client: Client) -> None:
    """A cluster may close before its clients, with all records; Dask has no hook for that but the method itself."""
    close = cluster._close

    async def collect_and_close(*args: Any, **kwargs: Any) -> Any:
        if clients.has(client):
            await asyncio.to_thread(clients.finish, client)
        return await close(*args, **kwargs)

    cluster._close = collect_and_close


def _collected(recording: UnderWay) -> Recorded:
    loop: Any = recording.client.loop
    if not loop.asyncio_loop.is_running():
        _abandon(recording.block)
        return Recorded(recording.cluster, None, "its event loop had ended: close a client before its loop ends")
    try:
        recording.block.__exit__(None, None, None)
    except Exception as error:  # one client's must not take away what others did
        return Recorded(recording.cluster, None, reason(error))
    return Recorded(recording.cluster, recording.trace)


def _abandon(block: AbstractContextManager[xr.DataTree]) -> None:
    """Give a recording up: what it would send can no longer be awaited, of which Python would warn."""
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)
        block.__exit__(GeneratorExit, GeneratorExit(), None)
