"""Recordings of real work: complete, exact in bytes, in order, and gone without a trace when they end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from dask.delayed import delayed
from distributed import Client, Reschedule, Scheduler, Worker, get_worker
from distributed.client import wait
from distributed.core import Status

from daskcnn.cluster import connect, owners
from daskcnn.errors import RunError, UsageError
from daskcnn.recorder import record
from daskcnn.recorder.records import Log
from daskcnn.recorder.scheduler import SchedulerRecorder
from daskcnn.recorder.worker import WorkerRecorder
from daskcnn.trace import SCHEMA, missing
from tests.foreign import ROOT, foreign
from tests.local import local

WAY = ("submitted", "ready", "sent", "received", "fetched", "begun", "start", "stop", "in_memory")
"""What a task goes through, in order."""
ULP = 1e-6
"""Seconds that sums of Unix seconds are rounded by."""


def test_a_trace_is_empty_until_its_block_has_ended(threads: Client) -> None:
    with record(threads) as trace:
        threads.submit(int, 1, key="one").result()
        assert not trace.children
        assert not trace.attrs
    assert list(trace.children) == list(SCHEMA)
    assert trace["tasks"]["key"].item() == "one"
    assert trace.records_dropped == 0


@pytest.mark.parametrize(
    ("client", "count"), [("processes", 3000), ("threads", 300), ("elsewhere", 300)], indirect=["client"]
)
def test_more_tasks_than_dask_remembers_are_all_recorded(client: Client, count: int) -> None:
    client.get_task_stream()  # Dask records from the first time it is asked
    keys = [("many-1", number) for number in range(count)]
    with record(client) as trace:
        wait(client.map(int, range(count), key=keys))
    assert len(client.get_task_stream()) < len(keys)
    assert sorted(_column(trace, "tasks", "key")) == sorted(map(str, keys))
    assert (missing(trace, keys), trace.records_dropped) == ([], 0)
    _check(trace)


def test_every_step_of_every_task_is_known_and_in_order(client: Client) -> None:
    x = da.random.random((300, 300), chunks=100)
    with record(client) as trace:
        (x @ x.T + x.mean(axis=0)).sum().compute()
        x.rechunk((50, 300)).std(axis=1).compute()
    assert trace.records_dropped == 0
    _check(trace)
    tasks, moved = trace["tasks"].dataset, trace["transfers"].dataset
    assert not any(np.isnan(tasks[name]).any() for name in (*WAY, "cpu", "deserialize"))
    assert (np.diff([tasks[name].values for name in WAY], axis=0) >= -ULP).all()
    assert (tasks["cpu"] <= tasks["stop"] - tasks["start"] + 0.005).all()
    assert (moved["producer"] >= 0).all()
    assert (moved["serialize"] >= 0).all()
    assert (moved["deserialize"] >= 0).all()


def test_the_keys_of_a_graph_are_those_of_its_trace_and_its_edges_too(client: Client) -> None:
    frozen = da.ones((6, 6), chunks=2, name=f"ones-{os.urandom(4).hex()}").sum(axis=0) * 2
    with record(client) as trace:
        wait(client.persist(frozen, optimize_graph=False))
    graph = frozen.__dask_graph__()
    keys = _column(trace, "tasks", "key")
    assert sorted(keys) == sorted(map(str, graph))
    assert set(_column(trace, "tasks", "block")) == {",".join(map(str, key[1:])) for key in graph}
    wanted = [(str(key), str(read)) for key, reads in graph.get_all_dependencies().items() for read in reads]
    edges = zip(_column(trace, "edges", "reader"), _column(trace, "edges", "read"), strict=True)
    assert sorted((keys[reader], keys[read]) for reader, read in edges) == sorted(wanted)
    assert trace.records_dropped == 0


def test_transfers_are_exact_to_the_byte_and_lie_between_their_tasks(client: Client) -> None:
    first, second = owners(client)
    sizes = [1, 1000, 123_457] * 20
    with record(client) as trace:
        made = [client.submit(np.ones, size, key=f"made-{i}", workers=[first]) for i, size in enumerate(sizes)]
        used = [client.submit(np.sum, part, key=f"used-{i}", workers=[second]) for i, part in enumerate(made)]
        assert client.gather(used) == sizes
    assert trace.records_dropped == 0
    moved = _frame(trace, "transfers")
    assert {key: row["bytes"] for key, row in moved.items()} == {f"made-{i}": 8 * n for i, n in enumerate(sizes)}
    assert {(row["source"], row["destination"]) for row in moved.values()} == {(0, 1)}
    assert trace["transfers"].sizes["transfer"] == len(sizes)
    keys, tasks = _column(trace, "tasks", "key"), _frame(trace, "tasks")
    assert tasks["made-2"]["bytes"] == 8 * 123_457
    assert {row["worker"] for key, row in tasks.items() if key.startswith("made")} == {0}
    for key, row in moved.items():
        user = key.replace("made", "used")
        assert (keys[row["producer"]], keys[row["consumer"]]) == (key, user)
        assert tasks[key]["stop"] <= row["start"] <= row["stop"] <= tasks[user]["start"]
    for gather in {row["gather"] for row in moved.values()}:
        rows = [row for row in moved.values() if row["gather"] == gather]
        assert len({(row["start"], row["stop"]) for row in rows}) == 1
        for part in ("serialize", "deserialize"):
            assert sum(row[part] for row in rows) <= rows[0]["stop"] - rows[0]["start"] + ULP


def test_serializing_is_told_apart(processes: Client) -> None:
    first, second = owners(processes)
    with record(processes) as trace:
        slow = processes.submit(Slow, 0.2, 0.3, key="slow", workers=[first])
        quick = processes.submit(bytes, 9, key="quick", workers=[first])
        wait([slow, quick])
        processes.submit(lambda *parts: None, slow, quick, key="used", workers=[second]).result()
    moved = _frame(trace, "transfers")
    assert sum(row["serialize"] for row in moved.values()) >= 0.2
    assert sum(row["deserialize"] for row in moved.values()) >= 0.3
    for row in moved.values():
        assert row["serialize"] + row["deserialize"] <= row["stop"] - row["start"]


class Slow:
    """Takes its time to be written and to be read."""

    def __init__(self, dump: float, load: float) -> None:
        self.dump, self.load = dump, load

    def __reduce__(self) -> Any:
        time.sleep(self.dump)
        return _loaded, (self.load,)


def _loaded(seconds: float) -> None:
    time.sleep(seconds)


def test_times_are_seconds_since_the_recording_started(client: Client) -> None:
    since = time.time()
    with record(client) as trace:
        client.submit(time.sleep, 0.05, key="sleep-1").result()
    spent = time.time() - since
    assert since <= trace.started <= since + spent
    task = _frame(trace, "tasks")["sleep-1"]
    assert task["stop"] - task["start"] >= 0.05
    assert task["cpu"] < 0.04
    assert 0 <= task["submitted"] <= task["in_memory"] <= spent
    for worker in (0, 1):
        times = _samples(trace, worker, "time")
        assert times == sorted(times)
        assert 0 <= times[0] <= times[-1] <= spent


def test_workers_are_owners_in_order_under_one_clock(client: Client) -> None:
    with record(client) as trace:
        pass
    workers = _frame(trace, "workers", by="address")
    assert list(workers) == owners(client)
    assert {address: row["pid"] for address, row in workers.items()} == client.run(os.getpid)
    assert {row["threads"] for row in workers.values()} == {1}
    assert all(row["memory_limit"] > 1 << 20 and row["blas_threads"] >= 1 for row in workers.values())
    assert {(row["clock_offset"], row["clock_uncertainty"]) for row in workers.values()} == {(0.0, 0.0)}


def test_memory_between_samples_counts_too(processes: Client) -> None:
    size = 200_000_000
    first = owners(processes)[0]
    with record(processes) as trace:
        # It holds the interpreter all the time, so that no sample can be taken.
        processes.submit(lambda: len(bytearray(b"x") * size), workers=[first]).result()
    peak = _column(trace, "workers", "peak_memory")
    for worker in (0, 1):
        rss = _samples(trace, worker, "rss")
        assert len(rss) >= 2
        assert max(rss) <= peak[worker]
        assert (peak[worker] - rss[0] > 0.9 * size) is (worker == 0)


def test_results_that_are_kept_are_managed_memory(threads: Client) -> None:
    with record(threads) as trace:
        kept = threads.submit(np.ones, 1_000_000, workers=owners(threads)[:1])
        wait(kept)
    managed = _samples(trace, 0, "managed")
    assert (managed[0], managed[-1]) == (0, 8_000_000)
    assert set(_column(trace, "memory", "spilled")) == {0}


def test_blocks_follow_one_another_and_overlap(client: Client) -> None:
    with record(client) as outer:
        with record(client) as first:
            client.submit(int, 1, key="first").result()
        with record(client) as second:
            client.submit(int, 2, key="second").result()
    keys = [_column(trace, "tasks", "key") for trace in (first, second, outer)]
    assert keys == [["first"], ["second"], ["first", "second"]]
    assert [trace.records_dropped for trace in (first, second, outer)] == [0, 0, 0]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_nothing_stays_after_a_failure(client: Client, failure: type[BaseException]) -> None:
    before = _recorders(client)
    with pytest.raises(failure), record(client) as trace:
        assert _recorders(client) != before
        raise failure
    assert _recorders(client) == before
    assert not trace.children
    assert not trace.attrs


@pytest.mark.parametrize("error", [RunError, ValueError])
def test_a_client_that_is_closed_within_is_said(threads: Client, error: type[Exception]) -> None:
    client = Client(threads.cluster, set_as_default=False)
    with pytest.raises(error) as said, record(client):
        client.close()
        if error is ValueError:
            raise ValueError("the client is closed, too")
    assert "the client is closed" in str(said.value)


def test_an_asynchronous_client_is_recorded_in_its_loop() -> None:
    async def recorded() -> tuple[xr.DataTree, xr.DataTree]:
        async with Client(processes=False, n_workers=1, asynchronous=True, dashboard_address="127.0.0.1:0") as client:
            async with record(client) as trace:
                assert await client.submit(sum, [1, 2], key="add-1") == 3
            with pytest.raises(UsageError, match="use `async with`"), record(client):
                pytest.fail("it would wait for itself")
            with pytest.raises(KeyError):
                async with record(client) as other:
                    raise KeyError
            return trace, other

    trace, other = asyncio.run(recorded())
    assert (_column(trace, "tasks", "key"), trace.records_dropped) == (["add-1"], 0)
    assert not other.children


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
from daskcnn.recorder.records import Log
from daskcnn.recorder.scheduler import SchedulerRecorder
from daskcnn.recorder.worker import WorkerRecorder

with connect("{address}", workers=2) as client, record(client):
    print("recording", flush=True)
    time.sleep(3600)
"""


def test_failures_and_retries_are_events_and_took_their_time(threads: Client) -> None:
    def fail_once() -> None:
        worker: Any = get_worker()
        time.sleep(0.01)
        if not hasattr(worker, "failed"):
            worker.failed = True
            raise ValueError("the first time")

    owner = owners(threads)[1:]
    with record(threads) as trace:
        threads.submit(fail_once, key="again", workers=owner, retries=1).result()
        with pytest.raises(ZeroDivisionError):
            threads.submit(divmod, 1, 0, key="never", workers=owner).result()
    events = _frame(trace, "events", by="kind")
    assert (events["retry"]["detail"], events["erred"]["worker"]) == ("again", 1)
    assert events["erred"]["detail"].startswith("never: ZeroDivisionError")
    assert _column(trace, "tasks", "key") == ["again", "again", "never"]
    assert np.isnan(_column(trace, "tasks", "in_memory")).tolist() == [True, False, True]
    assert min(np.subtract(_column(trace, "tasks", "stop"), _column(trace, "tasks", "start"))[:2]) >= 0.01
    assert not np.isnan([_column(trace, "tasks", name) for name in WAY[:-1]]).any()
    assert trace.records_dropped == 0


def test_a_task_that_asks_to_run_again_took_its_time(threads: Client) -> None:
    def move_once() -> None:
        worker: Any = get_worker()
        time.sleep(0.01)
        if not hasattr(worker, "moved"):
            worker.moved = True
            raise Reschedule

    with record(threads) as trace:
        threads.submit(move_once, key="moving", workers=owners(threads)[:1]).result()
    assert _column(trace, "tasks", "key") == ["moving", "moving"]
    assert _frame(trace, "events", by="kind")["retry"]["detail"] == "moving"
    assert trace.records_dropped == 0


def test_a_task_that_is_cancelled_while_it_runs_is_not_lost(threads: Client) -> None:
    with record(threads) as trace:
        slow = threads.submit(time.sleep, 0.3, key="slow", workers=owners(threads)[:1])
        while not any(threads.processing().values()):
            time.sleep(0.01)
        slow.cancel()
        threads.submit(int, 1, key="next", workers=owners(threads)[:1]).result()
    assert set(_column(trace, "tasks", "key")) - {"next"} <= {"slow"}
    assert trace.records_dropped == 0


def test_workers_that_come_and_go_are_events_and_what_they_did_is_saved(threads: Client) -> None:
    first, second = owners(threads)
    with record(threads) as trace:
        made = threads.submit(np.ones, 1000, key="made", workers=[first])
        wait(made)
        assert threads.cluster
        threads.cluster.scale(3)
        threads.wait_for_workers(3)
        (third,) = {*owners(threads)} - {first, second}
        assert threads.submit(int, 3, key="third", workers=[third]).result() == 3
        threads.retire_workers([first])
    events = _frame(trace, "events", by="kind")
    assert (events["worker-joined"]["worker"], events["worker-lost"]["worker"]) == (2, 0)
    assert _column(trace, "workers", "address") == [first, second, third]
    assert {key: row["worker"] for key, row in _frame(trace, "tasks").items()} == {"made": 0, "third": 2}
    assert {*_column(trace, "memory", "worker")} == {0, 1, 2}
    assert _frame(trace, "transfers")["made"]["source"] == 0
    assert trace.records_dropped == 0


def test_a_task_that_changes_workers_is_an_event(elsewhere: Client) -> None:
    owner = owners(elsewhere)[:1]
    with record(elsewhere) as trace:
        wait(elsewhere.map(time.sleep, [0.1] * 20, workers=owner, allow_other_workers=True, pure=False))
    assert _frame(trace, "events", by="kind")["steal"]["worker"] == 1
    assert trace["tasks"].sizes["task"] == 20
    assert (np.diff([trace["tasks"][name].values for name in WAY], axis=0) >= -ULP).all()
    assert trace.records_dropped == 0


def test_a_worker_that_pauses_is_an_event_that_lasts(threads: Client) -> None:
    def pause(dask_worker: Worker) -> None:
        dask_worker.status = Status.paused

    def go_on(dask_worker: Worker) -> None:
        dask_worker.status = Status.running

    first, second = owners(threads)
    threads.run(pause, workers=[second])
    _until(threads, lambda statuses: statuses[second] == "paused")
    with record(threads) as trace:
        threads.run(go_on, workers=[second])
        threads.run(pause, workers=[first])
        _until(threads, lambda statuses: statuses == {first: "paused", second: "running"})
        time.sleep(0.05)
    pauses = {row["worker"]: row for row in _frame(trace, "events", by="worker").values() if row["kind"] == "paused"}
    assert set(pauses) == {0, 1}
    assert pauses[1]["time"] == 0
    assert 0 < pauses[1]["duration"] < pauses[0]["time"] + pauses[0]["duration"]
    assert pauses[0]["duration"] >= 0.05


def test_several_threads_run_at_the_same_time_each_one_task() -> None:
    with local(threads=4) as client, record(client) as trace:
        wait(client.map(_some, range(400), pure=False))
    assert trace.records_dropped == 0
    assert len(set(_column(trace, "tasks", "thread"))) == 4
    _check(trace)


def _some(number: int) -> float:
    return sum(np.random.default_rng(number).random(number))


async def _nap(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


def test_coroutines_get_a_thread_each() -> None:
    with local(threads=3) as client, record(client) as trace:
        wait(client.map(_nap, [0.02, 0.03, 0.04] * 3, pure=False))
    assert (trace["tasks"].sizes["task"], trace.records_dropped) == (9, 0)
    assert np.isnan(_column(trace, "tasks", "cpu")).all()
    assert len(set(_column(trace, "tasks", "thread"))) == 3
    _check(trace)


def test_all_kinds_of_work_are_recorded_in_full(threads: Client) -> None:
    frame = pd.DataFrame({"key": np.arange(60) % 5, "value": np.arange(60.0)})
    with record(threads) as trace:
        (scattered,) = threads.scatter([np.ones(1000)], broadcast=True)
        assert threads.submit(np.sum, scattered, key="of-scattered").result() == 1000
        actor: Any = threads.submit(_Counter, actor=True, key="actor")  # released too soon, it would never answer
        assert actor.result().add(2).result() == 2
        lazy = [delayed(int)(number) for number in range(5)]
        assert delayed(sum)(lazy).compute() == 10
        assert len(dd.from_pandas(frame, npartitions=3).groupby("key")["value"].sum().compute()) == 5
        x = xr.DataArray(np.arange(24.0).reshape(4, 6), dims=("a", "b")).chunk({"a": 2})
        assert float((x + 1).mean().compute()) == 12.5
    assert {"of-scattered", "actor"} <= set(_column(trace, "tasks", "key"))
    copied = [row for key, row in _frame(trace, "transfers").items() if row["bytes"] == 8000]
    assert [(row["producer"], row["source"] + row["destination"]) for row in copied] == [(-1, 1)]
    assert trace.records_dropped == 0
    _check(trace)


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def add(self, number: int) -> int:
        self.count += number
        return self.count


def test_work_that_was_under_way_before_is_recorded_as_far_as_it_is_known(threads: Client) -> None:
    first = owners(threads)[:1]
    running = threads.submit(time.sleep, 0.2, key="running", workers=first)
    waiting = threads.submit(lambda _: time.sleep(0.01), running, key="waiting", workers=first)
    while not any(threads.processing().values()):
        time.sleep(0.01)
    with record(threads) as trace:
        wait(waiting)
    tasks = _frame(trace, "tasks")
    assert np.isnan([tasks["running"][name] for name in WAY[:6]]).all()
    assert tasks["running"]["start"] < 0 < tasks["running"]["stop"] <= tasks["waiting"]["start"]
    assert np.isnan(tasks["waiting"]["submitted"])
    assert tasks["running"]["stop"] <= tasks["running"]["in_memory"] <= tasks["waiting"]["ready"]
    assert _column(trace, "edges", "reader") == [1]
    assert trace.records_dropped == 0


def test_a_key_that_is_computed_again_is_recorded_again(threads: Client) -> None:
    with record(threads) as trace:
        for _ in range(3):
            future = threads.submit(int, 1, key="again")
            future.result()
            del future
            while "again" in threads.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks)):
                time.sleep(0.005)
    assert _column(trace, "tasks", "key") == ["again"] * 3
    assert (np.diff([trace["tasks"][name].values for name in WAY], axis=0) >= -ULP).all()
    assert trace.records_dropped == 0


@pytest.mark.parametrize("end", ["incoming", "outgoing"])
def test_a_log_that_forgets_is_noticed(threads: Client, end: str) -> None:
    def forget(dask_worker: Any) -> None:
        for plugin in dask_worker.plugins.values():
            if isinstance(plugin, WorkerRecorder):
                getattr(plugin.records, end).clear()

    first, second = owners(threads)
    with record(threads) as trace:
        parts = threads.map(np.ones, [7, 8, 9], workers=[first])
        wait(threads.map(np.sum, parts, workers=[second]))
        threads.run(forget)
    assert trace.records_dropped == 3


def test_a_task_that_the_scheduler_never_heard_of_is_noticed(threads: Client) -> None:
    def deafen(dask_scheduler: Scheduler) -> None:
        for plugin in dask_scheduler.plugins.values():
            if isinstance(plugin, SchedulerRecorder):
                plugin.states, plugin.finished = Log(), []

    with record(threads) as trace:
        wait(threads.map(int, range(4), pure=False))
        threads.run_on_scheduler(deafen)
    assert trace["tasks"].sizes["task"] == 4
    assert trace.records_dropped == 4


def test_what_a_killed_worker_did_stays_and_its_log_is_counted() -> None:
    with local(workers=2, processes=True) as client:
        first, second = owners(client)
        with record(client) as trace:
            made = client.map(np.ones, [100] * 20, pure=False, workers=[second])
            wait(client.submit(lambda parts: len(parts), made, workers=[first]))
            os.kill(client.run(os.getpid, workers=[second])[second], signal.SIGKILL)
            wait(client.map(int, range(10), pure=False, workers=[first]))
            while second in owners(client):
                time.sleep(0.05)
    events = Counter(_column(trace, "events", "kind"))
    assert events["worker-lost"] == 1
    gone = trace["tasks"].dataset.isel(task=trace["tasks"]["worker"].values == 1)
    assert gone.sizes["task"] == 20
    assert not np.isnan([gone[name].values for name in ("submitted", "sent", "start", "stop", "in_memory")]).any()
    assert trace.records_dropped >= 1
    _check(trace)


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


def _check(trace: xr.DataTree) -> None:
    """What holds for every trace: threads run one task at a time, edges and transfers lie between their tasks."""
    tasks = trace["tasks"].dataset
    places = list(zip(tasks["worker"].values.tolist(), tasks["thread"].values.tolist(), strict=True))
    rows = np.lexsort((tasks["stop"].values, tasks["start"].values))
    for place in set(places):
        lane = [row for row in rows if places[row] == place]
        assert all(tasks["stop"].values[one] <= tasks["start"].values[other] for one, other in pairwise(lane))
    edges = trace["edges"].dataset
    assert (tasks["stop"].values[edges["read"]] <= tasks["start"].values[edges["reader"]]).all()


def _until(client: Client, holds: Any) -> None:
    """Wait until the scheduler knows of its workers what shall hold."""

    def statuses(dask_scheduler: Scheduler) -> dict[str, str]:
        return {address: worker.status.name for address, worker in dask_scheduler.workers.items()}

    deadline = time.monotonic() + 30
    while not holds(client.run_on_scheduler(statuses)):
        assert time.monotonic() < deadline


def _recorders(client: Client) -> tuple[Any, ...]:
    """All that a recording adds to a scheduler and its workers."""

    def scheduler(dask_scheduler: Scheduler) -> tuple[list[str], list[str]]:
        return sorted(dask_scheduler.plugins), sorted(dask_scheduler.worker_plugins)

    def worker(dask_worker: Worker) -> tuple[list[str], list[str], set[str], str]:
        handlers = [f"{name}: {handler.__module__}" for name, handler in sorted(dask_worker.handlers.items())]
        own = {"execute", "gather_dep"} & vars(dask_worker).keys()
        disk: Any = getattr(dask_worker.data, "slow", None)
        return sorted(dask_worker.plugins), handlers, own, type(getattr(disk, "data", None)).__name__

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
