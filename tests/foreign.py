"""A Dask cluster that is none of ours: a scheduler and workers, each a process started from the shell."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from distributed import Client
from distributed.utils import json_load_robust

PAGES = ["--dashboard-address", "127.0.0.1:0"]
ROOT = Path(__file__).parents[1]
READY = ["--preload", "daskcnn.forward", "--preload", "daskcnn.recorder.worker"]
"""Workers import what tasks need before they join: on a busy machine it keeps a loop for longer than Dask waits."""
PATIENCE = 120
"""Seconds to wait for such a cluster."""
SHORT_LOGS = {
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "5",
    "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__STATUS__TASK_STREAM_LENGTH": "5",
    "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__TASKS__TASK_STREAM_LENGTH": "5",
    "DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING_INTERVAL": "20ms",
}
"""Settings under which Dask itself forgets nearly all, and steals often."""


@contextmanager
def foreign(
    folder: Path, *, workers: int = 2, path: Path = ROOT, options: Sequence[str] = ("--no-dashboard",)
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The scheduler's address and process; `path` is where its Python looks for packages first."""
    with ExitStack() as stack:
        contact = folder / "scheduler.json"
        every = ["--host", "127.0.0.1", "--scheduler-file", contact, *PAGES]
        each = ["--local-directory", folder, "--nthreads", "1", "--no-nanny", "--no-dashboard", *every]
        scheduler = start(stack, "scheduler", "--port", "0", *options, *every, path=path)
        for worker in range(workers):
            start(stack, "worker", "--name", f"w-{worker}", *each, path=path)
        address = json_load_robust(str(contact), timeout=60)["address"]
        if workers:
            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
        yield address, scheduler


def start(
    stack: ExitStack,
    kind: str,
    *arguments: object,
    path: Path = ROOT,
    on: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """A process that runs until the stack is closed; `on` is what its command line begins with, as on another host."""
    process = subprocess.Popen(
        [*on, sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, arguments)],
        cwd=path,
        env=os.environ | SHORT_LOGS | {"PYTHONPATH": str(path)} | dict(env or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait, 30)
    stack.callback(process.kill)
    return process
