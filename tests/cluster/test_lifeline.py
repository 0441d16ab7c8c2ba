"""A cluster ends with its client, and nannies with their scheduler, however those end and whatever they do."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest
from distributed import Client

from daskcnn.cluster import lifeline
from daskcnn.cluster.lifeline import EndsWithItsClient
from tests.foreign import ROOT, foreign

QUICK = 15
"""Seconds; what waits for its worker to end by itself takes 30."""
PRELOAD = ("--no-dashboard", "--preload", lifeline.__name__)
SCHEDULER = tuple[str, "subprocess.Popen[bytes]"]

VISIT = """
import os, signal, sys
from distributed import Client

client = Client(sys.argv[1])
with Client(sys.argv[1]):
    pass
client.scheduler_info()
print("seen", flush=True)
os.kill(os.getpid(), signal.SIGKILL if sys.argv[2] == "killed" else 0)
"""

WATCH = """
import asyncio, sys
from daskcnn.cluster.lifeline import EndsWithItsScheduler

async def main():
    async with EndsWithItsScheduler(sys.argv[1], nthreads=1, local_directory=sys.argv[2]) as nanny:
        await nanny.finished()

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["killed", "done"])
def test_a_scheduler_ends_with_its_first_client(tmp_path: Path, how: str) -> None:
    with foreign(tmp_path, workers=0, options=PRELOAD) as (address, scheduler):
        client = subprocess.run([sys.executable, "-c", VISIT, address, how], stdout=subprocess.PIPE, timeout=60)
        assert client.stdout == b"seen\n"
        assert scheduler.wait(QUICK) == 0


def test_a_scheduler_ends_where_no_client_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifeline, "PATIENCE", 0.01)
    ended = asyncio.Event()

    async def close(reason: str) -> None:
        ended.set()

    async def lonely() -> None:
        scheduler: Any = SimpleNamespace(close=close)
        EndsWithItsClient(scheduler)
        await asyncio.wait_for(ended.wait(), QUICK)

    asyncio.run(lonely())
    assert ended.is_set()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[SCHEDULER]:
    with foreign(tmp_path, workers=0) as started:
        yield started


def nanny(folder: Path, address: str, **settings: str) -> psutil.Popen:
    """A process with a nanny, and its worker, which may not have started yet."""
    (folder / "watch.py").write_text(WATCH)
    return psutil.Popen(
        [sys.executable, folder / "watch.py", address, folder],
        env=os.environ | {"PYTHONPATH": str(ROOT), "DASK_LOGGING__DISTRIBUTED": "critical"} | settings,
        stderr=subprocess.DEVNULL,
    )


def test_a_nanny_ends_with_its_scheduler_while_its_worker_is_busy(scheduler: SCHEDULER, tmp_path: Path) -> None:
    address, process = scheduler
    watching = nanny(tmp_path, address)
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
        busy = client.submit(_work, str(tmp_path / "busy"))
        _until(lambda: (tmp_path / "busy").exists())
        _ends(watching, process)
        del busy


def test_a_nanny_ends_with_its_scheduler_while_its_worker_starts(scheduler: SCHEDULER, tmp_path: Path) -> None:
    address, process = scheduler
    started = tmp_path / "started"
    slow = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(3600)"
    watching = nanny(tmp_path, address, DASK_DISTRIBUTED__WORKER__PRELOAD=repr([slow]))
    _until(started.exists)
    _ends(watching, process)


def _work(path: str) -> None:
    Path(path).touch()
    time.sleep(3600)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _ends(watching: psutil.Popen, scheduler: "subprocess.Popen[bytes]") -> None:
    """When the scheduler is killed, a nanny's process and all that it has started are gone soon."""
    family = [*watching.children(recursive=True), watching]
    assert len(family) >= 2
    scheduler.kill()
    _, alive = psutil.wait_procs(family, timeout=QUICK)
    for process in alive:
        process.kill()
    assert not alive
