"""Clocks that are one, and clocks that are not."""

import sys
import time
from collections.abc import Iterator
from math import isnan

import dask
import numpy as np
import pytest
from distributed import Client, Scheduler

from daskcnn.cluster import connect, owners
from daskcnn.recorder import clocks, record
from daskcnn.recorder.clocks import Clock, between, boot

AHEAD = 100.0


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    with connect("processes", workers=2) as client:
        yield client


def test_this_machine_says_which_boot_it_is() -> None:
    assert boot() == boot() != ""


def test_a_machine_that_does_not_say_is_another(monkeypatch: pytest.MonkeyPatch, processes: Client) -> None:
    monkeypatch.setattr(clocks, "boot", str)
    with record(processes) as trace:
        pass
    assert all(trace["workers"]["clock_uncertainty"] > 0)


def test_a_clock_is_known_as_well_as_both_ends_of_a_recording_allow() -> None:
    first, last = {"a": Clock(1.0, 0.25), "b": Clock(3.0, 1.0)}, {"a": Clock(3.0, 0.5), "c": Clock(4.0, 2.0)}
    assert between(first, last) == {"a": Clock(2.0, 1.5), "b": Clock(3.0, 1.0), "c": Clock(4.0, 2.0)}


def test_a_clock_that_nobody_asked_for_is_unknown() -> None:
    assert isnan(Clock().uncertainty)
    assert between({}, {}) == {}


def test_a_clock_that_is_off_is_found_and_put_right(processes: Client) -> None:
    _, second = addresses = owners(processes)
    processes.run(_elsewhere, AHEAD, workers=[second])
    try:
        with record(processes) as trace:
            for turn in range(3):
                for address in addresses:
                    processes.submit(time.sleep, 0.01, key=f"sleep-{turn}-{address}", workers=[address]).result()
            made = processes.submit(np.ones, 1000, key="made", workers=[second])
            assert processes.submit(np.sum, made, key="used", workers=addresses[:1]).result() == 1000
    finally:
        processes.run(_elsewhere, 0.0, workers=[second])
    workers = trace["workers"].dataset
    offset, doubt = workers["clock_offset"].values, workers["clock_uncertainty"].values
    assert (offset[0], doubt[0]) == (0.0, 0.0)
    assert 0 < doubt[1] < 0.5
    assert abs(offset[1] - AHEAD) <= doubt[1]
    # Between clocks no order is closer than their uncertainty; within one it is exact.
    tasks = trace["tasks"].dataset
    unsure = np.where(tasks["worker"] == 1, doubt[1], 0.0)
    for earlier, later in (("sent", "received"), ("stop", "in_memory")):
        assert all(tasks[earlier].values <= tasks[later].values + unsure)
    assert all(tasks["received"].values <= tasks["start"].values)
    assert all(tasks["stop"].values - tasks["start"].values < 5)
    (moved,) = trace["transfers"].dataset["key"].values
    keys = tasks["key"].values.tolist()
    transfer = {str(name): column.item() for name, column in trace["transfers"].dataset.data_vars.items()}
    assert (moved, transfer["source"], transfer["destination"]) == ("made", 1, 0)
    assert (transfer["producer"], transfer["consumer"]) == (keys.index("made"), keys.index("used"))
    assert all(abs(trace["memory"].dataset["time"].values) < 60)
    assert trace.records_dropped == 0


def test_a_worker_that_has_gone_is_left_out(processes: Client) -> None:
    async def ask(dask_scheduler: Scheduler) -> dict[str, Clock]:
        return await clocks.clocks(dask_scheduler, ["tcp://127.0.0.1:1"])

    with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}):
        assert processes.run_on_scheduler(ask) == {}


def _elsewhere(ahead: float) -> None:
    """Let this process be on another machine, whose clock is ahead, for all that stamps work; 0 undoes it."""
    from daskcnn.recorder import clocks

    ours = clocks.__dict__
    own_time, own_boot = ours.setdefault("own", (ours["time"], clocks.boot))
    for name, module in list(sys.modules.items()):
        if name.startswith(("daskcnn.recorder", "distributed.worker")) and "time" in vars(module):
            vars(module)["time"] = (lambda: own_time() + ahead) if ahead else own_time
    ours["boot"] = (lambda: "another") if ahead else own_boot
