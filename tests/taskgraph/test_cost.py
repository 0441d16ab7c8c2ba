"""What tasks cost, as far as it is known."""

import dask.array as da
import numpy as np
import pytest

from daskcnn.taskgraph import TaskGraph, costs, totals
from tests.dags import drawn, places


def test_the_best_that_is_known_counts() -> None:
    graph = drawn(
        {"a": [], "b": ["a"], "c": ["a"], "d": ["a"], "e": ["d"]},
        nbytes={"a": 1e9, "b": 2e9, "c": 3e9, "d": 4e9},
        operations={"a": 5e9, "b": 5e9, "c": 0},
        seconds={"a": 7},
    )
    cost, unit = costs(graph, rate=1e9, bandwidth=1e9)
    at = places(graph)
    # Measured; operations; a copy; reads and gives; of unknown size.
    assert [cost[at[key]] for key in "abcd"] == [7, 5, 3, 1 + 4]
    assert np.isnan(cost[at["e"]]) and unit == "s"


def test_without_costs_every_task_counts_for_one() -> None:
    cost, unit = costs(TaskGraph.from_graph({"data": 1, "a": (abs, "data"), "same": "a", "b": (abs, "same")}))
    assert (cost.tolist(), unit) == ([0, 1, 0, 1], "tasks")


def test_what_fused_tasks_do_on_the_way_counts() -> None:
    x = (da.zeros((30, 20), chunks=10) + 1).sum(axis=0)
    apart, fused = (costs(TaskGraph.from_collection(x, optimize=optimize))[0].sum() for optimize in (False, True))
    # Zeros are written, read and written, and read again.
    assert fused == pytest.approx(apart, rel=0.1)


def test_taking_a_part_is_not_going_through_the_whole() -> None:
    x = da.zeros(1000, chunks=1000)[:10]
    cost, _ = costs(TaskGraph.from_collection(x, optimize=False), bandwidth=1)
    assert cost.tolist() == [8000, 80]
    whole = TaskGraph.from_collection(da.zeros((100, 100), chunks=100).rechunk((100, 1)))
    assert whole.parts[whole.kind == 1].all()


def test_sums_of_what_is_known() -> None:
    group, values = np.array([0, 0, 1, 1, 3]), np.array([1.0, np.nan, np.nan, np.nan, 0.0])
    assert totals(group, values, 4).tolist() == pytest.approx([1, np.nan, 0, 0], nan_ok=True)
