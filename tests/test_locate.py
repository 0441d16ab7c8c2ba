"""Each record finds its task, its repeat and its worker; what is not of the plan is told apart."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr

from daskcnn import networks
from daskcnn.forward import forward
from daskcnn.locate import located
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import SCHEMA, filled, trace

TAGS = ("run-0", "run-1")
PLAN = Plan.of(networks.mnist().classifier(), "spatial=2", images=10, workers=2)
GRAPH = TaskGraph.of(forward(PLAN, MnistTest(10), tag="run"))


def key(number: int, tag: str) -> str:
    """What Dask calls a task of the graph in a repeat."""
    name, *block = cast(tuple[object, ...], GRAPH.keys[number])
    return str((str(name).removesuffix("-run") + f"-{tag}", *block))


def recorded(
    addresses: Sequence[str],
    tasks: Sequence[tuple[str, str]],
    transfers: Sequence[tuple[str, str, str]] = (),
    edges: Sequence[tuple[int, int]] = (),
) -> xr.DataTree:
    """A trace of (key, address), (key, from, to) and (reader, read) on a scheduler with workers at these addresses.

    Each transfer is of the first task of its key, and its consumer the last task on its destination.
    """
    at = {address: place for place, address in enumerate(addresses)}
    names, places = [name for name, _ in tasks], [where for _, where in tasks]
    last = {where: number for number, where in enumerate(places)}
    events = [("worker-joined", place) for place in at.values()] + [("retry", -1)]
    tables: dict[str, dict[str, Any]] = {
        "tasks": {"key": names, "worker": [at[where] for where in places], "bytes": range(len(names))},
        "edges": dict(zip(("reader", "read"), zip(*edges, strict=True), strict=False)),
        "transfers": {
            "key": [name for name, _, _ in transfers],
            "source": [at[start] for _, start, _ in transfers],
            "destination": [at[stop] for _, _, stop in transfers],
            "producer": [names.index(name) if name in names else -1 for name, _, _ in transfers],
            "consumer": [last.get(stop, -1) for _, _, stop in transfers],
        },
        "workers": {"address": list(at), "peak_memory": [100 + place for place in at.values()]},
        "memory": {"worker": list(at.values()), "rss": [100 + place for place in at.values()]},
        "events": {"kind": [kind for kind, _ in events], "worker": [place for _, place in events]},
    }
    return trace(
        {node: filled(node, {k: list(v) for k, v in found.items()}) for node, found in tables.items()}, started=0.0
    )


def column(tree: xr.DataTree, path: str) -> list[Any]:
    """A variable's values."""
    node, name = path.split("/")
    found: list[Any] = tree[node].dataset[name].values.tolist()
    return found


EVERY = [(number, tag) for tag in TAGS for number in range(len(GRAPH))]


def test_every_task_has_its_number_and_repeat() -> None:
    order = np.random.default_rng(0).permutation(len(EVERY))
    tree = recorded("ab", [(key(*EVERY[place]), "a") for place in order], [(key(3, "run-1"), "a", "b")])
    found, counts = located(tree, GRAPH, TAGS, "ab")
    assert counts.tolist() == [len(GRAPH)] * 2
    assert column(found, "tasks/number") == [EVERY[place][0] for place in order]
    assert column(found, "tasks/repeat") == [TAGS.index(EVERY[place][1]) for place in order]
    assert (column(found, "transfers/number"), column(found, "transfers/repeat")) == ([3], [1])
    assert column(found, "tasks/operations") == [GRAPH.operations[EVERY[place][0]] for place in order]
    assert found["tasks/operations"].attrs == {"units": "FLOP", "long_name": "Floating-point operations"}
    assert set(found["tasks"].dataset) == {*SCHEMA["tasks"], "number"}
    assert set(found["transfers"].dataset) == {*SCHEMA["transfers"], "number"}
    assert set(found.children) == set(SCHEMA)


def test_other_work_is_told_apart() -> None:
    others = ["sum-123", str(("conv1-run-7", 0, 0)), key(0, "other-0"), f"{key(0, 'run-0')} "]
    tree = recorded("ab", [(name, "a") for name in others], [(others[0], "a", "b")])
    found, counts = located(tree, GRAPH, TAGS, "ab")
    assert set(column(found, "tasks/repeat")) == set(column(found, "tasks/number")) == {-1}
    assert column(found, "transfers/repeat") == [-1]
    assert np.isnan(column(found, "tasks/operations")).all()
    assert counts.tolist() == [0, 0]


@pytest.mark.parametrize("left_out", [0, 1, len(EVERY)])
def test_tasks_that_left_no_record_are_counted(left_out: int) -> None:
    tree = recorded("ab", [(key(*place), "a") for place in EVERY[left_out:]])
    assert len(EVERY) - located(tree, GRAPH, TAGS, "ab")[1].sum() == left_out


def test_a_task_that_ran_twice_counts_once() -> None:
    tree = recorded("ab", [(key(*place), "a") for place in EVERY[1:] + EVERY[1:4]])
    assert located(tree, GRAPH, TAGS, "ab")[1].tolist() == [len(GRAPH) - 1, len(GRAPH)]


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


def test_tasks_are_found_at_their_new_places() -> None:
    tasks = [("p", "c"), ("q", "a"), ("r", "b"), ("s", "c"), ("t", "a")]
    edges = [(1, 0), (2, 1), (4, 1), (4, 3), (4, 2)]
    moves = [("p", "c", "a"), ("q", "a", "b"), ("r", "b", "a"), ("elsewhere", "a", "b")]
    found, _ = located(recorded("abc", tasks, moves, edges), GRAPH, TAGS, "ba")
    keys, by = column(found, "tasks/key"), [f"edges/{name}" for name in ("reader", "read")]
    assert keys == ["q", "r", "t"] and column(found, "tasks/bytes") == [1, 2, 4]
    pairs = [(keys[reader], keys[read]) for reader, read in zip(*(column(found, name) for name in by), strict=True)]
    assert pairs == [("r", "q"), ("t", "q"), ("t", "r")]
    assert column(found, "transfers/key") == ["q", "r", "elsewhere"]
    assert [keys[place] for place in column(found, "transfers/producer")[:2]] == ["q", "r"]
    assert [keys[place] for place in column(found, "transfers/consumer")] == ["r", "t", "r"]
    assert column(found, "transfers/producer")[2] == -1


def test_nothing_recorded_is_still_a_trace() -> None:
    tree = recorded("ab", [])
    found, counts = located(tree, GRAPH, TAGS, "ab")
    assert counts.tolist() == [0, 0]
    assert found["tasks"].sizes["task"] == found["transfers"].sizes["transfer"] == 0
    assert found["transfers"].dataset["repeat"].dtype == np.int64
    assert found["tasks"].dataset["start"].attrs["units"] == "s"
    assert tree["tasks"].sizes == found["tasks"].sizes and "number" not in tree["tasks"].dataset
