"""Every metric of runs, trees of runs and traces."""

from time import perf_counter
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn import Run
from daskcnn.blame import blame
from daskcnn.errors import UsageError
from daskcnn.metrics import METRICS, metrics
from daskcnn.trace import filled, trace
from tests.runs import make_run, make_trace

FORMULAS = {name for name, metric in METRICS.items() if metric.formula}
SHARES = {"operations_share", "bandwidth_share"}


def test_each_repeat_is_measured_on_its_own() -> None:
    whole = make_trace(seed=5, workers=3, tasks=30, repeats=4)
    whole["tasks"]["repeat"] = whole["tasks"]["repeat"] - 1  # the first becomes the warm-up
    whole["transfers"]["repeat"] = whole["transfers"]["repeat"] - 1
    found = metrics(whole)
    sent, of = (whole["transfers"].dataset[name].values for name in ("bytes", "repeat"))
    assert found["repeat"].values.tolist() == [0, 1, 2]
    assert found["bytes_moved"].values.tolist() == [sent[of == r].sum() for r in range(3)]
    assert found["bytes_moved"].attrs == {"units": "B", "long_name": "Bytes moved"}
    assert set(found) == FORMULAS | SHARES
    assert all(values.dtype == np.float64 and values.attrs == METRICS[str(n)].attrs for n, values in found.items())


def test_a_trace_without_tasks_has_no_repeat() -> None:
    assert metrics(trace({}, started=0.0)).sizes == {"repeat": 0}


def test_a_trace_without_repeats_is_one() -> None:
    tasks: dict[str, Any] = {"worker": [0, 0], "start": [0.0, 2.0], "stop": [1.0, 3.0], "repeat": [-1, -1]}
    found = metrics(
        trace({"tasks": filled("tasks", tasks), "workers": filled("workers", {"threads": [1]})}, started=0.0)
    )
    assert found["repeat"].values.tolist() == [-1] and found["makespan"].values.tolist() == [3.0]


def test_what_has_no_trace() -> None:
    with pytest.raises(UsageError, match="no trace"):
        metrics(xr.DataTree())


def test_a_run_knows_what_it_was_clocked_for() -> None:
    tree = make_run(repeats=3, workers=4)
    found = metrics(tree)
    xr.testing.assert_identical(metrics(Run(tree)), found)
    kept = tree["metrics"].dataset
    for name in ("seconds", "images_per_s", "speedup", "efficiency"):
        np.testing.assert_array_equal(found[name], kept[name])
    np.testing.assert_array_equal(found["client_seconds"], kept["seconds"].values - found["makespan"].values)
    expected = (1 / kept["speedup"].values - 1 / 4) / (3 / 4)
    np.testing.assert_allclose(found["serial_fraction"], expected)


def test_repeats_that_left_no_trace_are_not_taken_for_others() -> None:
    tree = make_run(repeats=3)
    tasks = tree["trace/tasks"].to_dataset()
    tree["trace/tasks"] = xr.DataTree(tasks.assign(repeat=tasks["repeat"].where(tasks["repeat"] != 1, -1)))
    found = metrics(tree)
    assert found["repeat"].values.tolist() == [0, 2]
    assert found["seconds"].values.tolist() == tree["metrics"].dataset["seconds"].values[[0, 2]].tolist()


def test_shares_of_what_the_machine_was_measured_to_do() -> None:
    tree = make_trace()
    found = metrics(tree, peak_operations_per_s=2e9, peak_bandwidth=1e9)
    assert metrics(tree)[["operations_share", "bandwidth_share"]].isnull().all()
    np.testing.assert_allclose(found["operations_share"], found["operations_per_s"].values / 2e9)
    np.testing.assert_allclose(found["bandwidth_share"], found["bandwidth"].values / 1e9)
    run = make_run(peak_operations_per_s=4e9, peak_bandwidth=5e8)
    ours, given = metrics(run), metrics(run, peak_bandwidth=1e9)
    np.testing.assert_allclose(ours["operations_share"], ours["operations_per_s"].values / 4e9)
    np.testing.assert_allclose(ours["bandwidth_share"], ours["bandwidth"].values / 5e8)
    np.testing.assert_allclose(given["bandwidth_share"], ours["bandwidth_share"].values / 2)


def test_a_trace_that_knows_starts_and_stops_alone() -> None:
    """As of a run of the first schema."""
    tasks = {"worker": [0, 1], "thread": [5, 5], "start": [0.0, 1.0], "stop": [3.0, 2.0], "repeat": [0, 0]}
    moved = {"source": [0], "destination": [1], "bytes": [10], "start": [0.5], "stop": [1.5], "repeat": [0]}
    told: dict[str, dict[str, Any]] = {
        "tasks": tasks,
        "transfers": moved,
        "workers": {"threads": [1, 1], "peak_memory": [5, 6]},
    }
    found = metrics(trace({node: filled(node, columns) for node, columns in told.items()}, started=0.0))
    known = {str(name): values.item() for name, values in found.items() if np.isfinite(values.item())}
    assert known == {
        "makespan": 3.0,
        "tasks_per_s": pytest.approx(2 / 3),
        "bytes_moved": 10,
        "communication": pytest.approx(0.5 / 4.5),
        "bandwidth": 10,
        "imbalance": 0.5,
        "parallel_efficiency": pytest.approx(2 / 3),
        "load_balance": pytest.approx(2 / 3),
        "peak_memory_bytes": 6,
        "memory_total_bytes": 11,
    }


def test_a_hundred_thousand_tasks_take_seconds() -> None:
    tree, count = make_trace(workers=8, tasks=100_000, repeats=1), 100_000
    reader = np.repeat(np.arange(1000, count), 3)
    edges = filled("edges", {"reader": reader, "read": reader - np.tile([1000, 999, 500], count - 1000)})
    tree = tree.assign(edges=xr.DataTree(xr.Dataset({name: ("edge", values) for name, values in edges.items()})))
    start = perf_counter()
    found = metrics(tree)
    blame(tree)
    assert perf_counter() - start < 10
    assert found["tasks_per_s"].item() == pytest.approx(count / found["makespan"].item())
