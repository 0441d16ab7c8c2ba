"""A cluster that is there already, reached by its scheduler's address and left running."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from logging import CRITICAL
from time import monotonic
from typing import Any, TypeVar

from distributed import Client, Security, rpc
from distributed.exceptions import WorkerStartTimeoutError
from distributed.utils import silence_logging_cmgr

from daskcnn.cluster.client import quiet
from daskcnn.errors import NoClusterError, RunError, reason, telling

T = TypeVar("T")
ANSWER = 10.0
"""Seconds that a scheduler may take to answer that listens already."""
LOOK = 0.2
"""Seconds between two looks at how many workers there are."""
SETTLED = 3.0
"""Seconds after which no more are expected."""


@contextmanager
def existing(address: str, workers: int, timeout: float, *, if_lost: str = "") -> Iterator[Client]:
    """A client of the scheduler at an address, once `workers` workers are there.

    Parameters
    ----------
    address : str
    workers : int
    timeout : float
        Seconds to wait for the scheduler, and again for its workers.
    if_lost : str
        Of a scheduler that has been there before, and answers soon or never: what to do if it is gone.

    Raises
    ------
    RunError
        No scheduler answers within `timeout` seconds, or too few workers come within as many again.
    """
    way_out = if_lost or "start one there with `dask scheduler`, or use the cluster `processes`"
    if problem := unanswered(address, min(timeout, ANSWER) if if_lost else timeout):
        raise NoClusterError(f"no Dask scheduler at {address}: {problem}; {way_out}")
    with telling(RunError, f"no Dask scheduler at {address}", way_out):
        client = Client(address, timeout=timeout)
    with silence_logging_cmgr(CRITICAL), quiet(client):
        try:
            client.wait_for_workers(workers, timeout)
        except WorkerStartTimeoutError as error:
            raise RunError(
                f"{workers} workers asked for, {error.available_workers} at {address} after {timeout:g} s: "
                + (if_lost or "start more with `dask worker`, or ask for fewer")
            ) from error
        yield client


def unanswered(address: str, timeout: float) -> str:
    """Why no scheduler can be used at an address; empty where one answers in time.

    Dask's own client waits for ever at a port that stays mute.
    """
    try:
        _waited(_answer(address, timeout))
    except TimeoutError:
        return f"no answer in {timeout:g} s"
    except Exception as error:
        return reason(error)
    return ""


def settled(address: str, timeout: float) -> int:
    """How many workers a cluster has, once there are some and no more come for a while.

    Raises
    ------
    RunError
        Within `timeout` seconds none came.
    """
    if count := _waited(_settled(address, timeout)):
        return count
    raise RunError(f"no workers at {address} after {timeout:g} s: start some with `dask worker`, or wait longer")


def _waited(work: Coroutine[Any, Any, T]) -> T:
    """Do it in a thread of its own: a notebook's loop runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _answer(address: str, timeout: float) -> None:
    async with asyncio.timeout(timeout), rpc(address, connection_args=_arguments()) as there:
        kind = (await there.identity())["type"]
    if kind != "Scheduler":
        raise ValueError(f"that is a {kind}")


async def _settled(address: str, timeout: float) -> int:
    count, since = 0, monotonic()
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout), rpc(address, connection_args=_arguments()) as there:
            while not count or monotonic() - since < SETTLED:
                if (now := len((await there.identity(n_workers=-1))["workers"])) != count:
                    count, since = now, monotonic()
                await asyncio.sleep(LOOK)
    return count


def _arguments() -> dict[str, Any]:
    arguments: dict[str, Any] = Security().get_connection_args("client")
    return arguments
