"""One repeat out of several, and what its formulas share."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.metrics import one_repeat
from daskcnn.trace import filled, trace
from tests.metrics.repeats import repeat
from tests.runs import make_trace

# Task by task: 0 and 4 are of repeat 1, 1 and 3 of repeat 0, 2 of none.
TASKS = {"key": list("abcde"), "repeat": [1, 0, -1, 0, 1]}
EDGES = {"reader": [4, 3, 4, 1], "read": [0, 1, 2, 2]}
MOVED = {"key": list("abc"), "repeat": [1, 1, 0], "producer": [0, 2, 1], "consumer": [4, -1, 3]}


@pytest.fixture
def whole() -> xr.DataTree:
    told: dict[str, dict[str, Any]] = {"tasks": TASKS, "edges": EDGES, "transfers": MOVED}
    return trace({node: filled(node, columns) for node, columns in told.items()}, started=5.0, records_dropped=2)


@pytest.mark.parametrize(
    ("number", "keys", "edges", "moved"),
    [
        (0, ["b", "d"], [(1, 0)], [("c", 0, 1)]),
        (1, ["a", "e"], [(1, 0)], [("a", 0, 1), ("b", -1, -1)]),
        (-1, ["c"], [], []),
        (7, [], [], []),
    ],
)
def test_places_are_those_of_the_repeat(
    whole: xr.DataTree, number: int, keys: list[str], edges: list[tuple[int, int]], moved: list[tuple[str, int, int]]
) -> None:
    part = one_repeat(whole, number)
    assert part["tasks"].dataset["key"].values.tolist() == keys
    found = part["edges"].dataset
    assert list(zip(found["reader"].values, found["read"].values, strict=True)) == edges
    found = part["transfers"].dataset
    assert list(zip(*(found[name].values for name in ("key", "producer", "consumer")), strict=True)) == moved
    assert part.attrs == whole.attrs
    assert part["tasks/start"].attrs == whole["tasks/start"].attrs


def test_repeats_make_up_the_whole() -> None:
    tree = make_trace(seed=2, workers=3, tasks=20, repeats=4)
    parts = [one_repeat(tree, number) for number in range(4)]
    keys = [key for part in parts for key in part["tasks"].dataset["key"].values]
    assert sorted(keys) == sorted(tree["tasks"].dataset["key"].values)


@pytest.mark.parametrize(
    ("tasks", "threads", "lanes"),
    [
        ([(0, 7, 2.0), (0, 8, 1.0), (1, 7, 4.0)], [2, 1], [1.0, 2.0, 4.0]),  # the same ident on two workers
        ([(0, 7, 2.0)], [2, 1], [0.0, 0.0, 2.0]),  # a thread and a worker without a task
        ([(0, 7, 2.0), (0, 8, 1.0)], [1], [1.0, 2.0]),  # more threads than were told, as after a restart
        ([(0, 7, -1.0)], [1], [0.0]),
        ([(0, 7, 2.0), (0, 7, 1.0)], [1], [2.0]),  # a thread computes one task at a time
        ([], [1, 1], []),
    ],
)
def test_each_thread_is_a_lane(tasks: list[tuple[int, int, float]], threads: list[int], lanes: list[float]) -> None:
    worker, thread, stop = np.array(tasks, float).reshape(-1, 3).T
    of = repeat(
        {"worker": worker.astype(int), "thread": thread.astype(int), "start": np.zeros(stop.size), "stop": stop},
        workers={"threads": np.array(threads, int)},
    )
    assert sorted(of.computing) == lanes
