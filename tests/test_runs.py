"""A run's row, worked out by hand from what was measured, and its way through a file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from daskcnn import networks
from daskcnn.answer import Answer, reduced
from daskcnn.forward import forward
from daskcnn.metrics import METRICS
from daskcnn.plan import Plan
from daskcnn.runs import Measured, Run, run_tree
from daskcnn.sources import Labels, MnistTest
from daskcnn.store import Store
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import columns, trace

IMAGES = 8
NAME = "20261120T033013-4f2a91"
LABELS = np.arange(IMAGES)
KEYS = {
    *("run", "network", "chunks", "workers", "engine", "images", "seconds", "seconds_ci", "images_per_s"),
    *("serial_seconds", "speedup", "efficiency", "bytes_moved", "bytes_planned", "communication", "imbalance"),
    *("peak_memory_bytes", "accuracy", "same_as_serial", "tasks_planned", "tasks_recorded", "records_dropped"),
}
"""What `run --json` carries at least."""


def made(
    chunks: str = "spatial=2",
    seconds: tuple[float, ...] = (0.5, 0.25, 1.0),
    predictions: NDArray[np.int64] = LABELS,
    lost: int = 0,
    dropped: int = 0,
    labels: Labels | None = LABELS,
) -> xr.DataTree:
    """A run whose every task took a second of its owner, and every transfer half of one."""
    plan = Plan.of(networks.mnist().classifier(), chunks, images=IMAGES, workers=2)
    frozen = reduced(forward(plan, MnistTest(IMAGES), tag=NAME), networks.mnist())
    graph = TaskGraph.of(frozen.work)
    tags = tuple(f"{NAME}-{repeat}" for repeat in range(len(seconds)))
    keys = {
        (tag, number): str((f"{graph.layers[layer]}-{tag}", *key[1:]))
        for tag in tags
        for number, (key, layer) in enumerate(zip(graph.keys, graph.layer, strict=True))
    }
    rows: dict[str, list[tuple[Any, ...]]] = {
        "tasks": [
            (key, "", "", graph.owner[number], 0, float(number), number + 1.0, graph.nbytes[number], 0)
            for (_, number), key in list(keys.items())[lost:]
        ],
        "transfers": [
            (keys[tag, task], graph.owner[task], to, graph.nbytes[task], task + 1.0, task + 1.5, 0)
            for tag in tags
            for task, to in zip(*graph.moves, strict=True)
        ],
        "workers": [(str(place), f"tcp://{place}", "", 1, 1, 0, 100 * (place + 1), 1) for place in (0, 1)],
    }
    recorded = trace({node: columns(node, found) for node, found in rows.items()}, started=0.0, records_dropped=dropped)
    measured = Measured(
        np.array(seconds),
        np.full(len(seconds), 0.75),
        tuple(Answer(own, {}) for own in np.broadcast_to(predictions, (len(seconds), IMAGES))),
        Answer(LABELS, {}),
        recorded,
        tags,
        ("tcp://0", "tcp://1"),
    )
    return run_tree(
        NAME, plan, frozen, measured, labels, {"engine": "numpy", "cluster": "threads", "granularity": "segment"}
    )


def test_the_summary_has_every_key_and_is_json() -> None:
    row = Run(made()).summary
    assert row.keys() >= KEYS
    assert json.loads(json.dumps(row)) == row


def test_times_are_medians_and_rates_follow_from_them() -> None:
    row = Run(made()).summary
    assert (row["seconds"], row["serial_seconds"], row["repeats"]) == (0.5, 0.75, 3)
    assert (row["images_per_s"], row["speedup"], row["efficiency"]) == (16.0, 1.5, 0.75)
    low, high = row["seconds_ci"]
    assert 0.25 <= low <= 0.5 <= high <= 1.0


def test_one_repeat_says_nothing_of_the_noise() -> None:
    row = Run(made(seconds=(0.5,))).summary
    assert row["seconds_ci"] == [None, None]
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_bytes_and_tasks_are_those_planned_where_nothing_is_lost() -> None:
    tree = made()
    row = Run(tree).summary
    assert row["bytes_moved"] == row["bytes_planned"] > 0
    assert row["tasks_recorded"] == row["tasks_planned"] == 3 * tree["graph"].sizes["task"]
    assert (row["records_dropped"], row["same_as_serial"], row["accuracy"]) == (0, True, 1.0)
    assert row["peak_memory_bytes"] == [100, 200] and tree["peak_memory_bytes"].item() == 200


def test_what_is_lost_is_counted() -> None:
    row = Run(made(lost=2, dropped=5)).summary
    assert row["tasks_planned"] - row["tasks_recorded"] == 2
    assert row["records_dropped"] == 7


def test_a_run_without_transfers() -> None:
    row = Run(made("batch=2")).summary
    assert row["bytes_moved"] == row["bytes_planned"] == row["communication"] == 0


def test_a_run_of_one_worker_of_two() -> None:
    row = Run(made("serial")).summary
    # The other one idles: the busiest has twice the mean.
    assert row["imbalance"] == 1.0 and row["chunks"] == "serial"


def test_other_predictions_than_the_serial_ones_show() -> None:
    other = LABELS.copy()
    other[3] = 9
    row = Run(made(predictions=other)).summary
    assert row["same_as_serial"] is False and row["accuracy"] == 7 / 8
    every = np.stack([LABELS, LABELS, other])
    assert Run(made(predictions=every)).summary["same_as_serial"] is False


def test_images_without_labels_have_no_accuracy() -> None:
    assert np.isnan(Run(made(labels=None)).summary["accuracy"])


@pytest.mark.parametrize("chunks", ["spatial=2", "batch=2", "serial"])
def test_a_run_is_the_same_after_its_file(tmp_path: Path, chunks: str) -> None:
    tree = made(chunks)
    store = Store(tmp_path)
    store.append(tree)
    assert Run(store.open(NAME)).summary == Run(tree).summary
    with xr.open_datatree(tmp_path / f"{NAME}.nc") as plain:
        xr.testing.assert_identical(plain.load(), tree)


def test_every_number_says_what_it_is() -> None:
    tree = made()
    assert {"metrics", "plan", "graph", "trace"} == set(tree.children)
    for name, metric in METRICS.items():
        assert tree[name].attrs == metric.attrs
    root = tree.to_dataset().data_vars
    assert all(variable.attrs.get("long_name") for variable in root.values())
    assert {root[name].attrs["units"] for name in ("seconds", "seconds_low", "seconds_high", "serial_seconds")} == {"s"}
    assert {root[name].attrs["units"] for name in ("bytes_moved", "bytes_planned", "memory_planned_bytes")} == {"B"}
    assert tree.attrs.keys() >= {"run", "schema", "seed", "time", "command", "versions", "cpu", "cores"}
    assert tree["trace/workers"].dataset["blas_threads"].values.tolist() == [1, 1]
    assert np.allclose(tree["metrics"].dataset["seconds"], [0.5, 0.25, 1.0])
