"""Record all that the work of a Dask client does: every task, every transfer, every worker's memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from uuid import uuid4

import xarray as xr
from distributed import Client

from daskcnn.errors import RunError
from daskcnn.recorder_join import join
from daskcnn.recorder_scheduler import SchedulerRecorder, scheduler_log
from daskcnn.recorder_worker import WorkerRecorder, worker_log


class Recording:
    """A trace in the making."""

    _tree: xr.DataTree | None = None

    @property
    def tree(self) -> xr.DataTree:
        """The trace, in the schema of `daskcnn.trace.SCHEMA`, once its block has ended well.

        Raises
        ------
        RunError
            The block is not over yet, or failed.
        """
        if self._tree is None:
            raise RunError("no trace yet: read it after its `with record(client)` block, which must not fail")
        return self._tree


@contextmanager
def record(client: Client) -> Iterator[Recording]:
    """Record all the work of a client's cluster for the length of a `with` block.

    Every task and every transfer is recorded; only memory is sampled, every 50 ms. What is known to be
    lost is counted in `records_dropped`: tasks in memory without a record of their computing, tasks that a
    worker ran and the scheduler did not hear of, transfers that one of two workers did not note, workers
    that went and took their logs with them. Blocks may follow one another, and overlap.

    Parameters
    ----------
    client : distributed.Client
        Of any cluster whose scheduler and workers can import this package.

    Yields
    ------
    Recording
        Its `tree` is the trace, once the block has ended.

    Raises
    ------
    RunError
        The scheduler or a worker cannot import this package, or the scheduler is gone.

    Examples
    --------
    >>> from daskcnn.cluster import connect
    >>> with connect("threads", workers=1) as client, record(client) as recording:
    ...     client.submit(sum, [1, 2], key="add-1").result()
    3
    >>> recording.tree["tasks"]["layer"].values.tolist(), recording.tree.records_dropped
    (['add'], 0)
    """
    recording = Recording()
    with _recorders(client) as name:
        yield recording
        with _explained(client):
            workers = client.run(worker_log, name, on_error="ignore")
            scheduler = client.run_on_scheduler(scheduler_log, name)
    recording._tree = join(scheduler, workers)


@contextmanager
def _recorders(client: Client) -> Iterator[str]:
    """Recorders on the scheduler and on each worker, those that join too, under a name of their own."""
    name = f"daskcnn-recorder-{uuid4().hex}"
    with ExitStack() as stack:
        stack.callback(_remove, client.unregister_scheduler_plugin, name)
        stack.callback(_remove, client.unregister_worker_plugin, name)
        with _explained(client):
            client.register_plugin(SchedulerRecorder(name, client.id))
            client.register_plugin(WorkerRecorder(name))
        yield name


def _remove(unregister: Callable[[str], object], name: str) -> None:
    # Gone with the scheduler, or never there: what failed before this says why.
    with suppress(OSError, RuntimeError, ValueError):
        unregister(name)


@contextmanager
def _explained(client: Client) -> Iterator[None]:
    """Say in one line why the cluster did not do what a recording needs."""
    address = getattr(client.scheduler, "address", "no address")
    try:
        yield
    except ImportError as error:
        raise RunError(f"the cluster at {address} cannot record ({error}): install daskcnn there too") from error
    except (OSError, RuntimeError) as error:
        raise RunError(f"the scheduler at {address} is gone ({error}): run again") from error
