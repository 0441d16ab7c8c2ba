"""Each record finds its task, its repeat and its worker; what is not of the plan is told apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn import networks
from daskcnn.forward import forward
from daskcnn.locate import located
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import columns, trace

TAGS = ("run-0", "run-1")
PLAN = Plan.of(networks.mnist().classifier(), "spatial=2", images=10, workers=2)
GRAPH = TaskGraph.of(forward(PLAN, MnistTest(10), tag="run"))


def key(number: int, tag: str) -> str:
    """What Dask calls a task of the graph in a repeat."""
    return str((f"{GRAPH.layers[GRAPH.layer[number]]}-{tag}", *GRAPH.keys[number][1:]))


def recorded(
    addresses: Sequence[str], tasks: Sequence[tuple[str, str]], transfers: Sequence[tuple[str, str, str]] = ()
) -> xr.DataTree:
    """A trace of (key, address) and (key, from, to) on a scheduler with workers at these addresses."""
    at = {address: place for place, address in enumerate(addresses)}
    rows: dict[str, list[tuple[Any, ...]]] = {
        "tasks": [(name, "", "", at[where], 0, 0.0, 1.0, 8, 0) for name, where in tasks],
        "transfers": [(name, at[start], at[stop], 8, 0.0, 1.0, 0) for name, start, stop in transfers],
        "workers": [(where, where, "", 0, 1, 0, 100 + place, 1) for where, place in at.items()],
        "memory": [(place, 0.0, 100 + place, 0) for place in at.values()],
        "events": [(0.0, "worker-joined", place, where) for where, place in at.items()] + [(0.0, "retry", -1, "x")],
    }
    return trace({node: columns(node, found) for node, found in rows.items()}, started=0.0)


def column(tree: xr.DataTree, path: str) -> list[Any]:
    """A variable's values."""
    node, name = path.split("/")
    found: list[Any] = tree[node].dataset[name].values.tolist()
    return found


EVERY = [(number, tag) for tag in TAGS for number in range(len(GRAPH))]


def test_every_task_has_its_number_and_repeat() -> None:
    order = np.random.default_rng(0).permutation(len(EVERY))
    tree = recorded("ab", [(key(*EVERY[place]), "a") for place in order], [(key(3, "run-1"), "a", "b")])
    found, missing = located(tree, GRAPH, TAGS, "ab")
    assert missing == 0
    assert column(found, "tasks/number") == [EVERY[place][0] for place in order]
    assert column(found, "tasks/repeat") == [TAGS.index(EVERY[place][1]) for place in order]
    assert (column(found, "transfers/number"), column(found, "transfers/repeat")) == ([3], [1])


def test_other_work_is_told_apart() -> None:
    others = ["sum-123", str(("conv1-run-7", 0, 0)), key(0, "other-0"), f"{key(0, 'run-0')} "]
    tree = recorded("ab", [(name, "a") for name in others], [(others[0], "a", "b")])
    found, missing = located(tree, GRAPH, TAGS, "ab")
    assert set(column(found, "tasks/repeat")) == set(column(found, "tasks/number")) == {-1}
    assert column(found, "transfers/repeat") == [-1]
    assert missing == len(EVERY)


@pytest.mark.parametrize("left_out", [0, 1, len(EVERY)])
def test_tasks_that_left_no_record_are_counted(left_out: int) -> None:
    tree = recorded("ab", [(key(*place), "a") for place in EVERY[left_out:]])
    assert located(tree, GRAPH, TAGS, "ab")[1] == left_out


def test_a_task_that_ran_twice_is_missing_nowhere() -> None:
    tree = recorded("ab", [(key(*place), "a") for place in EVERY + EVERY[:3]])
    assert located(tree, GRAPH, TAGS, "ab")[1] == 0


def test_workers_are_the_plans_in_its_order() -> None:
    here = [(key(0, "run-0"), "b"), (key(1, "run-0"), "d"), ("foreign", "a"), ("foreign", "b")]
    moves = [(key(0, "run-0"), "b", "d"), (key(1, "run-0"), "d", "b"), ("foreign", "a", "b"), ("foreign", "c", "a")]
    found, _ = located(recorded("abcd", here, moves), GRAPH, TAGS, "db")
    assert column(found, "workers/address") == ["d", "b"]
    assert column(found, "workers/peak_memory") == [103, 101]
    assert list(zip(column(found, "tasks/key"), column(found, "tasks/worker"), strict=True)) == [
        (key(0, "run-0"), 1),
        (key(1, "run-0"), 0),
        ("foreign", 1),
    ]
    ends = zip(column(found, "transfers/source"), column(found, "transfers/destination"), strict=True)
    assert list(ends) == [(1, 0), (0, 1)]
    assert dict(zip(column(found, "memory/worker"), column(found, "memory/rss"), strict=True)) == {
        0: 103,
        1: 101,
    }
    assert column(found, "events/worker") == [-1, 1, -1, 0, -1]


def test_nothing_recorded_is_still_a_trace() -> None:
    tree = recorded("ab", [])
    found, missing = located(tree, GRAPH, TAGS, "ab")
    assert missing == len(EVERY)
    assert found["tasks"].sizes["task"] == found["transfers"].sizes["transfer"] == 0
    assert found["transfers"].dataset["repeat"].dtype == np.int64
    assert found["tasks"].dataset["start"].attrs["units"] == "s"
    assert tree["tasks"].sizes == found["tasks"].sizes and "number" not in tree["tasks"].dataset
