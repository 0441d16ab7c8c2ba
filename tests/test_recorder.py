"""Recordings of real work: complete, exact in bytes, and gone without a trace when they end."""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
import pytest
import xarray as xr
from distributed import Client, Scheduler, Worker, get_worker
from distributed.client import wait

from daskcnn.cluster import connect, owners
from daskcnn.errors import RunError
from daskcnn.recorder import record
from daskcnn.trace import missing
from tests.foreign import ROOT, foreign

SHORT = {
    "distributed.scheduler.dashboard.status.task-stream-length": 10,
    "distributed.scheduler.dashboard.tasks.task-stream-length": 10,
}

CLOCKS = 0.2
"""Seconds that two stamps may differ by: on a busy machine Dask takes clocks for tens of ms off that are one clock."""


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    with dask.config.set(SHORT), connect("processes", workers=2) as client:
        yield client


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with foreign(tmp_path_factory.mktemp("foreign")) as (address, _), connect(address, workers=2) as client:
        yield client


@pytest.fixture
def threads() -> Iterator[Client]:
    with dask.config.set(SHORT), connect("threads", workers=2) as client:
        yield client


@pytest.fixture(params=["processes", "threads", "elsewhere"])
def client(request: pytest.FixtureRequest) -> Client:
    client = request.getfixturevalue(request.param)
    assert isinstance(client, Client)
    return client


@pytest.mark.parametrize(
    ("client", "count"), [("processes", 3000), ("threads", 300), ("elsewhere", 300)], indirect=["client"]
)
def test_more_tasks_than_dask_remembers_are_all_recorded(client: Client, count: int) -> None:
    client.get_task_stream()  # Dask records from the first time it is asked
    keys = [("many-1", number) for number in range(count)]
    with record(client) as recording:
        wait(client.map(int, range(count), key=keys))
    assert len(client.get_task_stream()) < len(keys)
    tree = recording.tree
    assert sorted(_column(tree, "tasks", "key")) == sorted(map(str, keys))
    assert (missing(tree, keys), tree.records_dropped) == ([], 0)


def test_the_keys_of_a_graph_are_those_of_its_trace(client: Client) -> None:
    frozen = da.ones((6, 6), chunks=2, name=f"ones-{os.urandom(4).hex()}").sum(axis=0) * 2
    with record(client) as recording:
        wait(client.persist(frozen, optimize_graph=False))
    graph = frozen.__dask_graph__()
    assert sorted(_column(recording.tree, "tasks", "key")) == sorted(map(str, graph))
    assert set(_column(recording.tree, "tasks", "block")) == {",".join(map(str, key[1:])) for key in graph}
    assert recording.tree.records_dropped == 0


def test_transfers_are_exact_to_the_byte(client: Client) -> None:
    first, second = owners(client)
    sizes = [1, 1000, 123_457] * 20
    with record(client) as recording:
        made = [client.submit(np.ones, size, key=f"made-{i}", workers=[first]) for i, size in enumerate(sizes)]
        used = [client.submit(np.sum, part, key=f"used-{i}", workers=[second]) for i, part in enumerate(made)]
        assert client.gather(used) == sizes
    tree = recording.tree
    assert tree.records_dropped == 0
    moved = _frame(tree, "transfers")
    assert {key: row["nbytes"] for key, row in moved.items()} == {f"made-{i}": 8 * n for i, n in enumerate(sizes)}
    assert {(row["source"], row["destination"]) for row in moved.values()} == {(0, 1)}
    assert tree["transfers"].sizes["transfer"] == len(sizes)
    tasks = _frame(tree, "tasks")
    assert tasks["made-2"]["nbytes"] == 8 * 123_457
    assert {row["worker"] for key, row in tasks.items() if key.startswith("made")} == {0}
    # What is used cannot start before it has come.
    for row in moved.values():
        assert row["start"] <= row["stop"] <= tasks[row["key"].replace("made", "used")]["start"] + CLOCKS


def test_times_are_seconds_since_the_recording_started(client: Client) -> None:
    since = time.time()
    with record(client) as recording:
        client.submit(time.sleep, 0.05, key="sleep-1").result()
    spent = time.time() - since
    assert since <= recording.tree.started <= since + spent
    task = _frame(recording.tree, "tasks")["sleep-1"]
    assert task["stop"] - task["start"] >= 0.05
    assert -CLOCKS <= task["start"] <= task["stop"] <= spent + CLOCKS
    for worker in (0, 1):
        times = _samples(recording.tree, worker, "time")
        assert times == sorted(times)
        assert -CLOCKS <= times[0] <= times[-1] <= spent + CLOCKS


def test_workers_are_owners_in_order(client: Client) -> None:
    with record(client) as recording:
        pass
    workers = _frame(recording.tree, "workers", by="address")
    assert list(workers) == owners(client)
    assert {address: row["pid"] for address, row in workers.items()} == client.run(os.getpid)
    assert {row["threads"] for row in workers.values()} == {1}
    assert all(row["memory_limit"] > 1 << 20 and row["blas_threads"] >= 1 for row in workers.values())


def test_memory_between_samples_counts_too(processes: Client) -> None:
    size = 200_000_000
    first = owners(processes)[0]
    with record(processes) as recording:
        # It holds the interpreter all the time, so that no sample can be taken.
        processes.submit(lambda: len(bytearray(b"x") * size), workers=[first]).result()
    peak = _column(recording.tree, "workers", "peak_memory")
    for worker in (0, 1):
        rss = _samples(recording.tree, worker, "rss")
        assert len(rss) >= 2
        assert max(rss) <= peak[worker]
        assert (peak[worker] - rss[0] > 0.9 * size) is (worker == 0)


def test_results_that_are_kept_are_managed_memory(threads: Client) -> None:
    with record(threads) as recording:
        kept = threads.submit(np.ones, 1_000_000, workers=owners(threads)[:1])
        wait(kept)
    managed = _samples(recording.tree, 0, "managed")
    assert (managed[0], managed[-1]) == (0, 8_000_000)


def test_blocks_follow_one_another_and_overlap(client: Client) -> None:
    with record(client) as outer:
        with record(client) as first:
            client.submit(int, 1, key="first").result()
        with record(client) as second:
            client.submit(int, 2, key="second").result()
    keys = [_column(recording.tree, "tasks", "key") for recording in (first, second, outer)]
    assert keys == [["first"], ["second"], ["first", "second"]]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_nothing_stays_after_a_failure(client: Client, failure: type[BaseException]) -> None:
    before = _recorders(client)
    with pytest.raises(failure), record(client) as recording:
        assert _recorders(client) != before
        raise failure
    assert _recorders(client) == before
    with pytest.raises(RunError, match="no trace yet"):
        _ = recording.tree


def test_a_recorder_goes_when_its_client_is_killed(elsewhere: Client) -> None:
    before = _recorders(elsewhere)
    assert elsewhere.scheduler
    script = RECORDING.format(address=elsewhere.scheduler.address)
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"recording\n"
        assert _recorders(elsewhere) != before
        other.kill()
    deadline = time.monotonic() + 30
    while _recorders(elsewhere) != before:
        assert time.monotonic() < deadline


RECORDING = """
import time

from daskcnn.cluster import connect
from daskcnn.recorder import record

with connect("{address}", workers=2) as client, record(client):
    print("recording", flush=True)
    time.sleep(3600)
"""


def test_failures_and_retries_are_events(threads: Client) -> None:
    def fail_once() -> None:
        worker: Any = get_worker()
        if not hasattr(worker, "failed"):
            worker.failed = True
            raise ValueError("the first time")

    owner = owners(threads)[1:]
    with record(threads) as recording:
        threads.submit(fail_once, key="again", workers=owner, retries=1).result()
        with pytest.raises(ZeroDivisionError):
            threads.submit(divmod, 1, 0, key="never", workers=owner).result()
    tree = recording.tree
    events = _frame(tree, "events", by="kind")
    assert (events["retry"]["detail"], events["erred"]["worker"]) == ("again", 1)
    assert events["erred"]["detail"].startswith("never: ZeroDivisionError")
    assert _column(tree, "tasks", "key") == ["again"]
    assert tree.records_dropped == 0


def test_workers_that_come_and_go_are_events_and_a_lost_log_is_counted(threads: Client) -> None:
    first, second = owners(threads)
    with record(threads) as recording:
        assert threads.cluster
        threads.cluster.scale(3)
        threads.wait_for_workers(3)
        (third,) = {*owners(threads)} - {first, second}
        assert threads.submit(int, 3, key="third", workers=[third]).result() == 3
        threads.retire_workers([first])
    tree = recording.tree
    events = _frame(tree, "events", by="kind")
    assert (events["worker-joined"]["worker"], events["worker-lost"]["worker"]) == (2, 0)
    assert _column(tree, "workers", "address") == [first, second, third]
    assert _frame(tree, "tasks")["third"]["worker"] == 2
    assert {*_column(tree, "memory", "worker")} == {1, 2}
    assert tree.records_dropped == 1


def test_a_task_that_changes_workers_is_an_event(elsewhere: Client) -> None:
    owner = owners(elsewhere)[:1]
    with record(elsewhere) as recording:
        wait(elsewhere.map(time.sleep, [0.1] * 20, workers=owner, allow_other_workers=True, pure=False))
    tree = recording.tree
    assert _frame(tree, "events", by="kind")["steal"]["worker"] == 1
    assert tree["tasks"].sizes["task"] == 20
    assert tree.records_dropped == 0


@pytest.mark.parametrize("end", ["incoming", "outgoing"])
def test_a_log_that_forgets_is_noticed(threads: Client, end: str) -> None:
    def forget(dask_worker: Any) -> None:
        for plugin in dask_worker.plugins.values():
            getattr(plugin, end, []).clear()

    first, second = owners(threads)
    with record(threads) as recording:
        parts = threads.map(np.ones, [7, 8, 9], workers=[first])
        wait(threads.map(np.sum, parts, workers=[second]))
        threads.run(forget)
    assert recording.tree.records_dropped == 3


def test_a_task_that_the_scheduler_never_heard_of_is_noticed(threads: Client) -> None:
    def deafen(dask_scheduler: Scheduler) -> None:
        for plugin in dask_scheduler.plugins.values():
            getattr(plugin, "tasks", []).clear()

    with record(threads) as recording:
        wait(threads.map(int, range(4), pure=False))
        threads.run_on_scheduler(deafen)
    assert recording.tree.records_dropped == 4


def test_a_scheduler_that_cannot_import_this_package_says_so(tmp_path: Path) -> None:
    (tmp_path / "daskcnn").mkdir()
    (tmp_path / "daskcnn" / "__init__.py").write_text("raise ImportError('not here')")
    with (
        foreign(tmp_path, workers=0, path=tmp_path) as (address, _),
        Client(address) as client,
        pytest.raises(RunError, match=r"cannot record \(not here\): install daskcnn there too"),
        record(client),
    ):
        pytest.fail("it cannot record")


def test_a_scheduler_that_dies_is_reported_in_a_line(tmp_path: Path) -> None:
    with (
        foreign(tmp_path, workers=1) as (address, scheduler),
        connect(address, workers=1, timeout=1) as client,
        pytest.raises(RunError, match=f"the scheduler at {address} is gone"),
        record(client),
    ):
        scheduler.kill()
        scheduler.wait()


def _recorders(client: Client) -> tuple[Any, ...]:
    """All that a recording adds to a scheduler and its workers."""

    def scheduler(dask_scheduler: Scheduler) -> tuple[list[str], list[str]]:
        return sorted(dask_scheduler.plugins), sorted(dask_scheduler.worker_plugins)

    def worker(dask_worker: Worker) -> tuple[list[str], list[tuple[bool, int | None]]]:
        logs = dask_worker.transfer_incoming_log, dask_worker.transfer_outgoing_log
        return sorted(dask_worker.plugins), [(type(log) is deque, log.maxlen) for log in logs]

    return client.run_on_scheduler(scheduler), client.run(worker)


def _column(tree: xr.DataTree, node: str, name: str) -> list[Any]:
    return list(tree[node].dataset[name].values.tolist())


def _samples(tree: xr.DataTree, worker: int, name: str) -> list[float]:
    """One worker's samples of its memory."""
    pairs = zip(_column(tree, "memory", "worker"), _column(tree, "memory", name), strict=True)
    return [value for place, value in pairs if place == worker]


def _frame(tree: xr.DataTree, node: str, by: str = "key") -> dict[str, dict[str, Any]]:
    """The rows of a node, each under its value in column `by`."""
    columns = {str(name): values.values.tolist() for name, values in tree[node].data_vars.items()}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {row[by]: row for row in rows}
