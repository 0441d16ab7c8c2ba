"""A block whose work is recorded."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from uuid import uuid4

import xarray as xr
from distributed import Client

from daskcnn.cluster.client import answering, removed
from daskcnn.errors import UsageError
from daskcnn.recorder.join import join
from daskcnn.recorder.scheduler import SchedulerRecorder, scheduler_log
from daskcnn.recorder.worker import WorkerRecorder, worker_log


@dataclass(frozen=True, eq=False)
class Recording(AbstractContextManager[xr.DataTree], AbstractAsyncContextManager[xr.DataTree]):
    """A block that is recorded: `with` a client, or `async with` an asynchronous one in its event loop."""

    client: Client
    block: AbstractContextManager[xr.DataTree]

    def __enter__(self) -> xr.DataTree:
        if self.client.asynchronous:
            raise UsageError("the client is asynchronous, and `with` would stop its event loop: use `async with`")
        return self.block.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.block.__exit__(kind, error, traceback)

    async def __aenter__(self) -> xr.DataTree:
        return await to_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await to_thread(self.__exit__, kind, error, traceback)


def record(client: Client) -> Recording:
    """Record all the work of a client's cluster for the length of a `with` block, or an `async with` block.

    Every task and every transfer is recorded, however short Dask's own logs are; only memory is sampled, every 50 ms.
    What is known to be lost is counted in the attribute `records_dropped`: tasks that reached memory, or that a worker
    ran, without a record of their computing, results that the scheduler never heard of, transfers that one of two
    workers did not note, workers that went and took their logs with them. Blocks may follow one another, and overlap.

    Parameters
    ----------
    client : distributed.Client
        Of any cluster whose scheduler and workers can import this package; one that is asynchronous takes
        `async with`.

    Returns
    -------
    context manager of xarray.DataTree
        Empty until the block has ended well, then the trace, in the schema of `daskcnn.trace.SCHEMA`.

    Raises
    ------
    RunError
        The scheduler or a worker cannot import this package, or the scheduler or the client is gone.
    UsageError
        `with` an asynchronous client.

    Examples
    --------
    >>> from daskcnn.cluster import connect
    >>> with connect("threads", workers=1) as client, record(client) as trace:
    ...     client.submit(sum, [1, 2], key="add-1").result()
    3
    >>> trace["tasks"]["layer"].values.tolist(), trace.records_dropped
    (['add'], 0)
    """
    return Recording(client, _recorded(client))


@contextmanager
def _recorded(client: Client) -> Iterator[xr.DataTree]:
    trace = xr.DataTree()
    with _recorders(client) as name:
        yield trace
        with answering(client, "record"):
            workers = client.run(worker_log, name, on_error="ignore")
            scheduler = client.run_on_scheduler(scheduler_log, name)
    found = join(scheduler, scheduler.logs | workers)
    trace.attrs.update(found.attrs)
    trace.update(found.children)


@contextmanager
def _recorders(client: Client) -> Iterator[str]:
    """Recorders on the scheduler and on each worker, those that join too, under a name of their own."""
    name = f"daskcnn-recorder-{uuid4().hex}"
    with ExitStack() as stack:
        stack.callback(removed, client, client.unregister_scheduler_plugin, name)
        stack.callback(removed, client, client.unregister_worker_plugin, name)
        with answering(client, "record"):
            client.register_plugin(SchedulerRecorder(name, client.id))
            client.register_plugin(WorkerRecorder(name))
        yield name
