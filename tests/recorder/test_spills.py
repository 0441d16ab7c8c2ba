"""What a worker puts on disk, and reads from there."""

import time
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pytest
from distributed import wait
from distributed.spill import SpillBuffer

from daskcnn.recorder import record
from daskcnn.recorder.records import Records
from daskcnn.recorder.spills import TimedDisk
from tests.local import local

NEVER_PAUSE = {
    "distributed.worker.memory.target": 0.5,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}


def buffer(folder: Path, records: Records, **options: Any) -> SpillBuffer:
    data = SpillBuffer(str(folder), target=1000, **options)
    cache: Any = data.slow
    cache.data = TimedDisk(cache.data, "tcp://a:1", [records])
    return data


def test_what_is_written_and_read_is_noted_and_the_same(tmp_path: Path) -> None:
    records = Records()
    data, since = buffer(tmp_path, records), time.time()
    keys = [("x", number) for number in range(3)]
    for key in keys:
        data[key] = np.full(100, key[1])
    assert all(np.array_equal(np.asarray(data[key]), np.full(100, key[1])) for key in keys)
    kinds = [kind for _, _, kind, _, _ in records.spills]
    assert set(kinds) == {"spill", "unspill"}
    assert kinds.count("spill") == kinds.count("unspill") + len(data.disk)
    for start, duration, _, address, detail in records.spills:
        assert since <= start <= start + duration <= time.time()
        assert (address, detail[:5]) == ("tcp://a:1", "('x',")
        assert int(detail.split()[-2]) > 800
    assert data.spilled_total.disk > 0
    for key in keys:
        del data[key]
    assert (len(data), len(data.disk), data.spilled_total.disk) == (0, 0, 0)


def test_what_cannot_be_written_is_not_noted(tmp_path: Path) -> None:
    records = Records()
    data = buffer(tmp_path, records, max_spill=10)
    for number in range(3):
        data[str(number)] = np.full(100, number)
    assert (len(data), records.spills) == (3, [])
    assert data.spilled_total == (0, 0)


def test_a_worker_with_little_memory_spills_and_tasks_wait_for_its_disk() -> None:
    with dask.config.set(NEVER_PAUSE), local(memory_limit="20MB") as client:
        with record(client) as trace:
            kept = [client.submit(np.ones, 500_000, key=f"kept-{number}") for number in range(5)]
            wait(kept)
            wait(client.submit(np.sum, kept[0], key="read"))
        (slow,) = client.run(lambda dask_worker: type(dask_worker.data.slow.data).__name__).values()
    assert slow == "Slow"
    events, tasks = trace["events"].dataset, trace["tasks"].dataset
    kinds = events["kind"].values.tolist()
    assert kinds.count("spill") >= 3
    assert kinds.count("unspill") == 1
    assert (events["duration"] > 0).all()
    assert events["detail"].values[kinds.index("unspill")].startswith("kept-0: 4000")
    assert max(trace["memory"].dataset["spilled"].values) >= 4_000_000
    assert max(trace["memory"].dataset["managed"].values) <= 12_000_000
    read = tasks.isel(task=tasks["key"].values == "read")
    unspilling = events["duration"].values[kinds.index("unspill")]
    assert read["deserialize"].item() == pytest.approx(unspilling, abs=0.005)
    assert 0 < read["deserialize"].item() <= (read["start"] - read["begun"]).item()
    assert trace.records_dropped == 0
