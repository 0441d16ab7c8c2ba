"""Dask's client and dashboard, as we like them."""

from typing import Any

from distributed import Client, Scheduler
from distributed.client import AllExit
from distributed.diagnostics.task_stream import TaskStreamPlugin


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
