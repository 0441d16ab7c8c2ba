"""Where tasks come to when nobody says."""

from dataclasses import replace

import dask.array as da
import numpy as np
from hypothesis import given, settings

from daskcnn.taskgraph import TaskGraph
from tests.dags import Dag, dags, drawn, places


def test_roots_are_dealt_out_and_others_go_where_their_data_is() -> None:
    graph = TaskGraph.from_collection(da.ones((8, 1000), chunks=(1, 1000)) + 1, optimize=False, workers=4)
    roots, others = graph.placement[:8], graph.placement[8:]
    assert np.bincount(roots, minlength=4).tolist() == [2, 2, 2, 2]
    assert roots.tolist() == others.tolist() and graph.bytes_moved == 0


def test_the_larger_input_counts() -> None:
    graph = drawn(
        {"a": [], "b": [], "c": ["a", "b"]},
        nbytes={"a": 10, "b": 1e9, "c": 0},
        seconds=dict.fromkeys("abc", 1),
    )
    at = places(graph)
    assert graph.placement[at["c"]] == graph.placement[at["b"]] != graph.placement[at["a"]]
    assert graph.bytes_moved == 10


def test_a_worker_that_is_far_ahead_is_passed_over() -> None:
    readers = [f"reader{i}" for i in range(9)]
    graph = drawn(
        {"a": [], **{key: ["a"] for key in readers}},
        workers=3,
        nbytes=dict.fromkeys(["a", *readers], 1e6),
        seconds=dict.fromkeys(["a", *readers], 1),
    )
    # 10 ms to send what takes 1 s to use: all get their share.
    assert sorted(np.bincount(graph.placement).tolist()) == [3, 3, 4]


@settings(deadline=None)
@given(dag=dags())
def test_owners_that_are_given_stay(dag: Dag) -> None:
    graph = dag.graph
    assert graph.placement is graph.owner
    some = replace(graph, owner=np.where(graph.owner == 0, 0, -1))
    assert ((some.placement >= 0) & (some.placement < dag.workers)).all()
    assert (some.placement[graph.owner == 0] == 0).all()
