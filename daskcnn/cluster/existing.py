"""A cluster that is there already, reached by its scheduler's address and left running."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from logging import CRITICAL

from distributed import Client, Security, rpc
from distributed.exceptions import WorkerStartTimeoutError
from distributed.utils import silence_logging_cmgr

from daskcnn.cluster.client import quiet
from daskcnn.errors import RunError


@contextmanager
def existing(address: str, workers: int, timeout: float) -> Iterator[Client]:
    """A client of the scheduler at an address, once `workers` workers are there.

    Raises
    ------
    RunError
        No scheduler answers within `timeout` seconds, or too few workers come within as many again.
    """
    try:
        # In a thread of its own: a notebook's loop runs already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _answer(address, timeout)).result()
        client = Client(address, timeout=timeout)
    except Exception as error:
        reason = str(error) or f"no answer in {timeout:g} s"
        raise RunError(
            f"no Dask scheduler at {address}: {reason}; "
            "start one there with `dask scheduler`, or use the cluster `processes`"
        ) from error
    with silence_logging_cmgr(CRITICAL), quiet(client):
        try:
            client.wait_for_workers(workers, timeout)
        except WorkerStartTimeoutError as error:
            raise RunError(
                f"{workers} workers asked for, {error.available_workers} at {address} after {timeout:g} s: "
                "start more with `dask worker`, or ask for fewer"
            ) from error
        yield client


async def _answer(address: str, timeout: float) -> None:
    """Fail unless a scheduler answers in time; Dask's own client waits for ever at a port that stays mute."""
    arguments = Security().get_connection_args("client")
    async with asyncio.timeout(timeout), rpc(address, connection_args=arguments) as there:
        kind = (await there.identity())["type"]
    if kind != "Scheduler":
        raise ValueError(f"that is a {kind}")
