"""A rank as scheduler or worker, to its end."""

from __future__ import annotations

import os
import signal
import sys
from logging import CRITICAL
from types import FrameType
from typing import NoReturn
from warnings import filterwarnings

import dask

from daskcnn.cluster import lifeline
from daskcnn.cluster.interface import address_of
from daskcnn.cluster.launch import Launch
from daskcnn.cluster.own import dashboard_at, settings
from daskcnn.cluster.scratch import scratch
from daskcnn.errors import reason
from daskcnn.signals import ENDING

PRELOAD = "distributed.scheduler.preload"
NANNY = f"{lifeline.__name__}.{lifeline.EndsWithItsScheduler.__name__}"


def serve(launch: Launch, interface: str, memory_limit: int) -> NoReturn:
    """Be scheduler or worker until the client's process has ended, and end this one.

    Parameters
    ----------
    launch : Launch
        Says which.
    interface : str
        Of the network to listen on.
    memory_limit : int
        Of the worker, in bytes.
    """
    for number in ENDING:
        # A terminal sends Ctrl-C to all, and the client ends them.
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else _terminated)
    # Of the worker, which is a process of its own.
    os.environ["DASK_LOGGING__DISTRIBUTED"] = "critical"
    filterwarnings("ignore", "Port .* is already in use")
    rank = launch.Get_rank()
    code = 0
    with scratch(f"daskcnn-{os.environ.get('SLURM_JOB_ID', 'mpi')}-{rank}") as folder:
        dask.config.set(settings(folder) | {PRELOAD: [*dask.config.get(PRELOAD), lifeline.__name__]})
        try:
            launch.initialize(
                interface=interface,
                dashboard_address=dashboard_at(address_of(interface)),
                nthreads=1,
                memory_limit=memory_limit,
                local_directory=folder,
                worker_class=NANNY,
                worker_options={"silence_logs": CRITICAL, "death_timeout": lifeline.PATIENCE},
            )
        except Exception as error:
            if not launch.done:
                raise
            # A worker that is just starting when its scheduler ends says that it cannot.
            if not lifeline.EndsWithItsScheduler.ended:
                code = 1
                say(rank, error)
    sys.exit(code)


def say(rank: int, error: Exception) -> None:
    """Tell what ends a rank; Dask tells of the cause that it failed to start."""
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    print(f"daskcnn: rank {rank}: {reason(cause)}", file=sys.stderr, flush=True)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
