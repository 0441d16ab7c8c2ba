"""Dask's client and dashboard, as we like them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from distributed import Client, Scheduler
from distributed.client import AllExit
from distributed.diagnostics.task_stream import TaskStreamPlugin

from daskcnn.errors import RunError


def silence() -> None:
    """Let Dask print no logs in this process from now on: some of its loggers have levels of their own."""
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def quiet(client: Client) -> Client:
    """The client, which no longer reports how it ends a wait that was interrupted as an error of its own."""
    runner: Any = client.loop
    runner.asyncio_loop.set_exception_handler(
        lambda loop, context: isinstance(context.get("exception"), AllExit) or loop.default_exception_handler(context)
    )
    return client


def show_from_now_on(client: Client) -> None:
    """Let the Dask dashboard's task stream begin now; by itself it begins when somebody first opens the page."""
    client.run_on_scheduler(_stream)


def _stream(dask_scheduler: Scheduler) -> None:
    if TaskStreamPlugin.name not in dask_scheduler.plugins:
        dask_scheduler.add_plugin(TaskStreamPlugin(dask_scheduler))


@contextmanager
def answering(client: Client, what: str) -> Iterator[None]:
    """Say in one line why the cluster did not do what was asked of its scheduler, such as `record`.

    Raises
    ------
    RunError
        The client is closed, the scheduler is gone, or this package is not there.
    """
    if not client.scheduler:
        raise RunError("the client is closed: close it, or its cluster, after the block that uses it")
    address = client.scheduler.address
    try:
        yield
    except ImportError as error:
        raise RunError(f"the cluster at {address} cannot {what} ({error}): install daskcnn there too") from error
    except (OSError, RuntimeError) as error:
        raise RunError(f"the scheduler at {address} is gone ({error}): run again") from error


def removed(client: Client, unregister: Callable[[str], object], name: str) -> None:
    """Take back a plugin that was registered, if it is still there."""
    # Gone with the client or the scheduler, or never there: what failed before this says why.
    with suppress(OSError, RuntimeError, ValueError):
        if client.scheduler:
            unregister(name)
