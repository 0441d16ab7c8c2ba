"""Whole runs that lose workers: at any phase they end well, are kept, and say what happened."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from click.testing import CliRunner
from distributed import Client, Worker

from daskcnn import execution
from daskcnn.cli import daskcnn
from daskcnn.cluster import connect, owners
from daskcnn.measurement import measure
from daskcnn.metrics import doubts
from daskcnn.opening import opened
from daskcnn.recorder import recording
from daskcnn.recorder.worker import WorkerLog, worker_log
from daskcnn.runs import Run, run_tree
from daskcnn.store import Store
from daskcnn.subject import Subject
from tests.faults.held import kill, whole_again

IMAGES = 60
SETTING = {"engine": "onnxruntime", "cluster": "processes", "granularity": "segment"}
Told = Callable[[int], None]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with connect("processes", workers=2) as client:
        yield client


@pytest.fixture
def client(cluster: Client) -> Client:
    """Of a cluster that is whole."""
    whole_again(cluster, 2)
    return cluster


def run(client: Client, name: str, told: Told = lambda done: None) -> xr.DataTree:
    """A run of two repeats."""
    subject = Subject(*opened("mnist", images=IMAGES))
    frozen = subject.frozen(subject.plan("channel=2", 2), name)
    found = measure(client, subject, frozen, (f"{name}-0", f"{name}-1"), told)
    return run_tree(name, frozen, found, subject.labels, SETTING)


def marked(tree: xr.DataTree) -> dict[str, Any]:
    """The summary of a run that lost a worker, and yet is right."""
    row = Run(tree).summary
    assert row["same_as_serial"] is True and row["workers_lost"] == 1
    (said, *_) = doubts(tree.to_dataset().expand_dims(run=[tree.attrs["run"]]))
    assert said.endswith("1 worker was lost, so it is no measurement of its plan")
    return row


@pytest.mark.parametrize("done", [1, 2, 3], ids=["before the repeats", "between them", "after them"])
def test_a_loss_between_repeats_is_told(client: Client, done: int) -> None:
    victim = owners(client)[1]
    tree = run(client, f"between-{done}", lambda now: kill(client, victim) if now == done else None)
    row = marked(tree)
    # Images and parameters at least, as long as they are wanted.
    assert row["tasks_recomputed"] > 0
    workers = tree["trace/workers"].to_dataset()
    assert workers["address"].values[1] == victim and workers.sizes["worker"] >= 2
    if done > 1:
        assert row["records_dropped"] > 0
        assert "worker-lost" in tree["trace/events"].to_dataset()["kind"].values


def test_a_loss_while_the_serial_run_goes_on_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, serial = iter(range(3)), execution.serial

    def losing(*args: Any) -> Any:
        if next(calls) == 1:
            kill(client, owners(client)[0])
        return serial(*args)

    monkeypatch.setattr(execution, "serial", losing)
    assert marked(run(client, "serial"))["tasks_recomputed"] > 0


async def dying_log(name: str, dask_worker: Worker) -> WorkerLog:
    """The log of a worker, but the first one ends."""
    import os

    if dask_worker.name == 0:
        os._exit(1)
    return await worker_log(name, dask_worker)


def test_a_loss_while_the_records_are_fetched_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "worker_log", dying_log)
    row = marked(run(client, "fetching"))
    assert row["records_dropped"] > 0


def test_such_a_run_is_kept_listed_compared_and_shown(client: Client, tmp_path: Path) -> None:
    store, names = Store(tmp_path), ("20261120T000000-whole", "20261120T000001-torn")
    victim = owners(client)[1]
    store.append(run(client, names[0]))
    store.append(run(client, names[1], lambda now: kill(client, victim) if now == 1 else None))
    call = partial(CliRunner().invoke, daskcnn, env={"DASKCNN_STORE": str(tmp_path), "COLUMNS": "300"})
    shown, whole = (call(["runs", "show", name]).stdout for name in names[::-1])
    assert "Workers lost" in shown and "Workers joined" in shown and "Workers lost" not in whole
    assert "recomputed" in call(["runs"]).stdout
    assert "recomputed" not in call(["runs", "--where", f"run={names[0]}"]).stdout
    for words in (["runs"], ["compare"], ["runs", "show", names[1]]):
        (line,) = (line for line in call(words).stderr.splitlines() if "no measurement" in line)
        assert line.startswith(f"daskcnn: {names[1]}: ") and "1 worker was lost" in line
    assert "Tasks recomputed" in call(["compare"]).stdout
    assert call(["blame", names[1]]).exit_code == 0
    assert Run(store.open(names[1])).plot.stream()
    report = call(["report", "--to", str(tmp_path / "report.md")])
    assert report.exit_code == 0 and "workers were lost" in (tmp_path / "report.md").read_text()
