"""Where work cannot go on it ends in one line, soon, and hangs never."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import dask
import numpy as np
import pytest
from dask._task_spec import Task
from distributed import Client, Event, Scheduler

from daskcnn import execution
from daskcnn.cluster import connect, owners
from daskcnn.errors import RunError
from daskcnn.forward import Forward
from daskcnn.placement import placement, scheduler
from tests.commands import PATIENCE, shell
from tests.faults.held import alone, computing, predictions, remove
from tests.faults.test_lost import key_at, work_of
from tests.foreign import foreign

PART = 50 << 20
"""Bytes that a task takes at a time which is too large, until its worker is ended."""
MOST = 1 << 30


def fill(*args: Any) -> None:
    """Take more memory than a worker may."""
    kept = [np.ones(PART, np.int8) for _ in range(MOST // PART)]
    Event("never").wait(PATIENCE)
    assert not kept, "the worker was not ended"


def filling(work: Forward) -> Forward:
    """The same work, whose last task is too large."""
    *layers, last = work.work
    *_, key = last.tasks
    task = last.tasks[key]
    assert isinstance(task, Task)
    return replace(work, work=(*layers, replace(last, tasks=last.tasks | {key: Task(key, fill, *task.args)})))


def test_when_all_workers_are_lost_and_none_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "PATIENCE", 0.1)
    monkeypatch.setattr(execution, "HALTED", 5)
    work = work_of("batch", 2, "lost")
    with (
        connect("threads", workers=2) as client,
        placement(client, owners(client)) as pins,
        computing(pins, work, key_at(work, 0.5), "lost") as (held, found),
    ):
        for _ in range(2):
            client.run_on_scheduler(remove, held.where())
        told = r"^all workers were lost \(2\).* and none came back: raise --memory-limit.*--batch"
        with pytest.raises(RunError, match=told):
            found.result(PATIENCE)


def test_when_workers_are_lost_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "PATIENCE", 0.1)
    monkeypatch.setattr(execution, "LOST", 1)
    work = work_of("batch", 2, "again")
    with (
        connect("threads", workers=4) as client,
        placement(client, owners(client, 2)) as pins,
        computing(pins, work, key_at(work, 0.5), "again") as (held, found),
    ):
        for _ in range(3):
            client.run_on_scheduler(remove, held.where())
        told = r"^3 workers of a plan for 2 were lost one after the other, killed or out of memory: raise"
        with pytest.raises(RunError, match=told):
            found.result(PATIENCE)


def test_a_task_that_is_too_large_for_any_worker_says_what_helps() -> None:
    work = filling(work_of("batch", 2, "large"))
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        connect("processes", workers=2, memory_limit="400MB") as client,
        placement(client, owners(client)) as pins,
        execution.placed(pins, work),
    ):
        told = r"^2 workers were lost one after the other .*predict-large.*out of memory: raise --memory-limit"
        with pytest.raises(RunError, match=told):
            execution.compute(pins, work, work.work[-1:])
        assert pins.state().losses.workers_lost >= 2


def test_a_frozen_worker_is_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LISTEN_MILLISECONDS", 100)
    monkeypatch.setattr(scheduler, "SILENT", 10**6)
    work = work_of("channel=2", 2, "frozen")
    with (
        connect("processes", workers=2) as client,
        placement(client, owners(client)) as pins,
        computing(pins, work, key_at(work, 0.5), "frozen") as (held, found),
    ):
        address = held.where()
        os.kill(client.run(os.getpid, workers=[address])[address], signal.SIGSTOP)
        held.let_go()
        monkeypatch.setattr(scheduler, "SILENT", 50)
        until(lambda: pins.state().losses.workers_lost == 1)
        # On a busy machine others may be silent for as long.
        monkeypatch.setattr(scheduler, "SILENT", 10**6)
        assert predictions(found.result(PATIENCE)) == alone(work)


def test_a_scheduler_that_is_killed_ends_the_command_within_seconds(tmp_path: Path) -> None:
    with foreign(tmp_path) as (address, process):
        asked = ("--cluster", address, "--workers", "2", "--images", "100", "--repeat", "100000")
        command = shell("run", *asked, store=tmp_path / "store")
        with Client(address, set_as_default=False) as client:
            until_recorded(client)
        start = monotonic()
        process.kill()
        _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 1 and monotonic() - start < 20
    assert [line for line in said.splitlines() if line.startswith("daskcnn: ")] == said.splitlines()[-1:]
    assert "the scheduler" in said and not (tmp_path / "store").exists()


def until_recorded(client: Client) -> None:
    """Wait until a run is under way."""

    def recorded(dask_scheduler: Scheduler) -> bool:
        return any(name.startswith("daskcnn-recorder") for name in dask_scheduler.plugins)

    until(lambda: client.run_on_scheduler(recorded))


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        sleep(0.05)
