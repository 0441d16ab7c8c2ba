"""Causes that are planted in real work on real workers, and found: each experiment by the name of what it plants."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import xarray as xr
from dask import annotate  # type: ignore[attr-defined]
from dask._task_spec import Task, TaskRef
from distributed import Client, Worker

from daskcnn.blame import blame, critical_path, intervals
from daskcnn.cluster import connect, owners
from daskcnn.metrics import metrics
from daskcnn.recorder import record

DELAY = 0.4
"""Seconds that a throttled worker lets others wait for what they ask of it."""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with connect("processes", 2) as client:
        # Imports, connections: what happens once is not what is measured.
        for number, address in enumerate(owners(client)):
            client.submit(busy, 0.01, key=f"warm-{number}", workers=[address]).result()
        yield client


def busy(seconds: float, *inputs: object) -> int:
    """Take so long, however many others share the cores."""
    time.sleep(seconds)
    return len(inputs)


def recorded(client: Client, tasks: dict[str, tuple[int, float, list[str]]]) -> xr.DataTree:
    """The trace of tasks by key: the worker that each runs on, its seconds, and what it reads."""
    addresses = owners(client)
    graph = {key: Task(key, busy, seconds, *map(TaskRef, reads)) for key, (_, seconds, reads) in tasks.items()}
    with record(client) as trace, annotate(workers=lambda key: [addresses[tasks[key][0]]]):
        client.get(graph, list(graph))
    return trace


def seconds_of(trace: xr.DataTree, worker: int) -> dict[str, float]:
    """Seconds of each cause on a worker's one lane."""
    found = blame(trace).isel(repeat=0)
    own = found["seconds"].isel(lane=int(np.flatnonzero(found["worker"].values == worker)[0]))
    assert np.isclose(own.sum(), found["makespan"], rtol=1e-3)
    return dict(zip(found["cause"].values.tolist(), own.values.tolist(), strict=True))


def test_a_slow_worker_is_load_imbalance(client: Client) -> None:
    slow = {f"slow-{i}": (1, 0.06, list[str]()) for i in range(10)}
    fast = {f"fast-{i}": (0, 0.02, list[str]()) for i in range(10)}
    trace = recorded(client, slow | fast)
    found = metrics(trace).isel(repeat=0)
    # (20 + 60) / 2 over 60 ms.
    assert found["load_balance"] == pytest.approx(2 / 3, abs=0.1)
    assert found["imbalance"] == pytest.approx(0.5, abs=0.2)
    others = ("serialization_efficiency", "transfer_efficiency", "orchestration_efficiency")
    assert all(found["load_balance"] < found[name] for name in others)
    idle = seconds_of(trace, worker=0)
    idle.pop("compute")
    assert max(idle, key=idle.__getitem__) == "no work"


def test_a_throttled_transfer_is_transfer_wait(client: Client) -> None:
    sender = owners(client)[0]
    client.run(throttle, workers=[sender])
    try:
        trace = recorded(client, {"made-a": (0, 0.05, []), "read-b": (1, 0.05, ["made-a"])})
    finally:
        client.run(release, workers=[sender])
    waits = seconds_of(trace, worker=1)
    assert max(waits, key=waits.__getitem__) == "transfer wait"
    assert waits["transfer wait"] >= DELAY
    found = metrics(trace).isel(repeat=0)
    assert found["transfer_efficiency"] < min(found["serialization_efficiency"], found["orchestration_efficiency"])
    path = critical_path(trace)
    without = path["makespan_without"].sel(cause="transfer wait")
    assert float(without) <= blame(trace)["makespan"].item() - DELAY


def test_a_long_serial_task_is_what_others_wait_for(client: Client) -> None:
    readers = {f"reader-{i}": (1, 0.15, ["serial-task"]) for i in range(4)}
    trace = recorded(client, {"serial-task": (0, 0.6, []), **readers})
    waits = seconds_of(trace, worker=1)
    waits.pop("compute")  # As long as the wait, but for noise.
    assert max(waits, key=waits.__getitem__) == "dependency wait"
    assert waits["dependency wait"] >= 0.5
    found = intervals(trace, 0)
    waiting = (found["cause"].values == "dependency wait") & (found["worker"].values == 1)
    keys = trace["tasks"].dataset["key"].values[found["task"].values[waiting]]
    assert set(keys.tolist()) == {"serial-task"}
    measured = metrics(trace).isel(repeat=0)
    # Both compute for as long, one after the other.
    assert measured["serialization_efficiency"] == pytest.approx(0.5, abs=0.1)
    assert measured["load_balance"] > 0.9


def test_a_storm_of_tiny_tasks_is_scheduler_wait(client: Client) -> None:
    trace = recorded(client, {f"tiny-{i}": (i % 2, 0.0, []) for i in range(2000)})
    for worker in (0, 1):
        waits = seconds_of(trace, worker)
        assert max(waits, key=waits.__getitem__) == "scheduler wait"
    found = metrics(trace).isel(repeat=0)
    assert found["orchestration_efficiency"] < 0.3
    assert found["orchestration_efficiency"] < min(found["transfer_efficiency"], found["serialization_efficiency"])


def throttle(dask_worker: Worker) -> None:
    """Let whoever asks this worker for data wait."""
    own: Any = dask_worker
    answer = own.get_data

    async def late(comm: Any, *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(DELAY)
        return await answer(comm, *args, **kwargs)

    own.get_data = late


def release(dask_worker: Worker) -> None:
    """Answer at once again."""
    own: Any = dask_worker
    del own.get_data
