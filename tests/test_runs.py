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
from daskcnn.metrics import HEADLINES, METRICS
from daskcnn.placement import Losses
from daskcnn.plan import Plan
from daskcnn.runs import Measured, Run, run_tree
from daskcnn.sources import Labels, MnistTest
from daskcnn.store import Store
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import filled, trace
from tests.runs import make_run
from tests.test_markup import Seen

IMAGES = 8
NAME = "20261120T033013-4f2a91"
LABELS = np.arange(IMAGES)
KEYS = {
    *("run", "network", "chunks", "workers", "engine", "images", "seconds", "seconds_ci", "images_per_s"),
    *("serial_seconds", "speedup", "efficiency", "bytes_moved", "bytes_planned", "communication", "imbalance"),
    *("peak_memory_bytes", "accuracy", "same_as_serial", "tasks_planned", "tasks_recorded", "records_dropped"),
}
"""What `run --json` carries at least."""
NONE = Losses()
ACROSS = {"scaling_loss", "incremental_speedup"}
"""Metrics of several runs together."""


def made(
    chunks: str = "spatial=2",
    seconds: tuple[float, ...] = (0.5, 0.25, 1.0),
    predictions: NDArray[np.int64] = LABELS,
    lost: int = 0,
    dropped: int = 0,
    labels: Labels | None = LABELS,
    started: float = 0.0,
    peaks: tuple[int, int] = (100, 200),
    nodes: tuple[str, str] = ("n1", "n1"),
    losses: Losses = NONE,
) -> xr.DataTree:
    """A run whose every task took a second of its owner, and every transfer half of one."""
    plan = Plan.of(networks.mnist().classifier(), chunks, images=IMAGES, workers=2)
    frozen = reduced(forward(plan, MnistTest(IMAGES), tag=NAME), networks.mnist())
    graph = TaskGraph.of(frozen.work)
    tags = tuple(f"{NAME}-{repeat}" for repeat in range(len(seconds)))
    repeats, tasks = len(seconds), len(graph)
    keys = [key.replace(f"-{NAME}'", f"-{tag}'") for tag in tags for key in map(str, graph.keys)]
    number = np.tile(np.arange(tasks), repeats)[lost:]
    moved, to = graph.moves
    edges = np.concatenate([np.stack(graph.edges) + repeat * tasks - lost for repeat in range(repeats)], axis=1)
    edges = edges[:, edges.min(axis=0) >= 0]
    tables: dict[str, dict[str, Any]] = {
        "tasks": {
            "key": keys[lost:],
            "worker": graph.owner[number],
            "thread": np.zeros_like(number),
            "start": number * 1.0,
            "stop": number + 1.0,
            "in_memory": number + 1.0,
            "bytes": graph.nbytes[number],
        },
        "edges": {"reader": edges[0], "read": edges[1]},
        "transfers": {
            "key": [keys[repeat * tasks + task] for repeat in range(repeats) for task in moved],
            "source": np.tile(graph.owner[moved], repeats),
            "destination": np.tile(to, repeats),
            "bytes": np.tile(graph.nbytes[moved], repeats),
            "start": np.tile(moved + 1.0, repeats),
            "stop": np.tile(moved + 1.5, repeats),
        },
        "workers": {
            "name": ["0", "1"],
            "address": ["tcp://0", "tcp://1"],
            "node": nodes,
            "threads": [1, 1],
            "memory_limit": [500, 500],
            "peak_memory": peaks,
            "blas_threads": [1, 1],
        },
    }
    recorded = trace(
        {node: filled(node, own) for node, own in tables.items()}, started=started, records_dropped=dropped
    )
    measured = Measured(
        np.array(seconds),
        np.full(repeats, 0.75),
        tuple(Answer(own, {}) for own in np.broadcast_to(predictions, (repeats, IMAGES))),
        Answer(LABELS, {}),
        recorded,
        tags,
        ("tcp://0", "tcp://1"),
        losses,
    )
    setting = {"engine": "numpy", "cluster": "threads", "granularity": "segment"}
    return run_tree(NAME, frozen, measured, labels, setting)


def test_the_summary_has_every_key_and_is_json() -> None:
    row = Run(made()).summary
    assert row.keys() >= KEYS | METRICS.keys() - ACROSS
    assert json.dumps(json.loads(json.dumps(row))) == json.dumps(row)


def test_times_are_medians_and_rates_follow_from_them() -> None:
    row = Run(made()).summary
    assert (row["seconds"], row["serial_seconds"], row["repeats"]) == (0.5, 0.75, 3)
    assert (row["images_per_s"], row["speedup"], row["efficiency"]) == (16.0, 1.5, 0.75)
    low, high = row["seconds_ci"]
    assert 0.25 <= low <= 0.5 <= high <= 1.0


def test_one_repeat_says_nothing_of_the_noise() -> None:
    row = Run(made(seconds=(0.5,))).summary
    assert row["seconds_ci"] == [None, None]
    assert (row["seconds"], row["repeats"]) == (0.5, 1)


def test_bytes_and_tasks_are_those_planned_where_nothing_is_lost() -> None:
    tree = made()
    row = Run(tree).summary
    assert row["bytes_moved"] == row["bytes_planned"] > 0
    assert row["tasks_recorded"] == row["tasks_planned"] == 3 * tree["graph"].sizes["task"]
    assert (row["records_dropped"], row["same_as_serial"], row["accuracy"]) == (0, True, 1.0)
    assert row["peak_memory_bytes"] == [100, 200] and tree["peak_memory_bytes"].item() == 200


@pytest.mark.parametrize(("nodes", "count", "share"), [(("n1", "n1"), 1, 0.0), (("n1", "n2"), 2, 1.0)])
def test_bytes_between_nodes_are_those_planned(nodes: tuple[str, str], count: int, share: float) -> None:
    tree = made(nodes=nodes)
    row, plan = Run(tree).summary, tree["plan"].to_dataset()
    assert (row["nodes"], row["share_between_nodes"]) == (count, share)
    assert row["bytes_between_nodes"] == row["bytes_between_nodes_planned"] == share * row["bytes_moved"]
    assert plan["bytes_between_nodes"].sum() == share * plan["bytes_moved"].sum() == row["bytes_between_nodes"]


def test_nodes_that_are_not_known_have_nothing_between_them() -> None:
    row = Run(made(nodes=("", ""))).summary
    assert row["nodes"] == 1 and np.isnan(row["bytes_between_nodes"]) and row["bytes_between_nodes_planned"] == 0


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
    assert json.dumps(Run(store.open(NAME)).summary) == json.dumps(Run(tree).summary)
    with xr.open_datatree(tmp_path / f"{NAME}.nc") as plain:
        xr.testing.assert_identical(plain.load(), tree)


def test_every_number_says_what_it_is() -> None:
    tree = made()
    assert {"metrics", "plan", "graph", "trace"} == set(tree.children)
    for name in METRICS.keys() - ACROSS:
        assert tree[name].attrs == METRICS[name].attrs
    root = tree.to_dataset().data_vars
    assert all(variable.attrs.get("long_name") for variable in root.values())
    assert {root[name].attrs["units"] for name in ("seconds", "seconds_low", "seconds_high", "serial_seconds")} == {"s"}
    assert {root[name].attrs["units"] for name in ("bytes_moved", "bytes_planned", "memory_planned_bytes")} == {"B"}
    assert tree.attrs.keys() >= {"run", "schema", "seed", "time", "command", "versions", "cpu", "cores"}
    assert tree["trace/workers"].dataset["blas_threads"].values.tolist() == [1, 1]
    assert np.allclose(tree["metrics"].dataset["seconds"], [0.5, 0.25, 1.0])


def test_a_notebook_shows_the_numbers_and_what_is_wrong() -> None:
    hostile = "<script>alert(1)</script>"
    tree = make_run(run=NAME, network=hostile, same_as_serial=np.int8(0))
    seen = Seen(Run(tree)._repr_html_())
    assert f"Run {NAME}" in seen.text and f"Network{hostile}" in seen.text and "script" not in seen.tags
    for name, metric in HEADLINES.items():
        assert metric.label + metric.text(tree[name].item()) in seen.text
    assert "Not to be relied on" in seen.text
    assert "Not to be relied on" not in Run(make_run())._repr_html_()
