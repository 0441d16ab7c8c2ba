"""The static order against Dask's, and what stands in for it."""

from typing import Any

import dask.array as da
import numpy as np
import pytest
from dask._task_spec import convert_legacy_graph
from dask.order import order
from hypothesis import given, settings

from daskcnn.taskgraph import TaskGraph
from daskcnn.taskgraph import order as module
from daskcnn.taskgraph.order import DASK, LIKE_DASK, static_order
from tests.dags import Dag, dags


def programs() -> dict[str, Any]:
    x = da.ones((40, 40), chunks=5)
    return {"transposed": (x + x.T).mean(axis=0), "product": x @ x, "rechunk": x.rechunk((40, 1)).sum()}


@pytest.mark.parametrize("name", programs())
def test_it_is_the_order_of_dask(name: str) -> None:
    x = programs()[name]
    graph = TaskGraph.from_collection(x, optimize=False)
    nodes = convert_legacy_graph(dict(x.__dask_graph__()))
    # Of tasks that are alike Dask takes one as they come.
    expected = order({key: nodes[key] for key in graph.keys})
    tasks, how = graph.order
    assert [graph.keys[task] for task in tasks] == sorted(expected, key=expected.__getitem__)
    assert how == DASK


@settings(deadline=None)
@given(dag=dags())
def test_the_stand_in_goes_through_each_task_after_those_it_reads(dag: Dag) -> None:
    graph = dag.graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT", 0)
        tasks, how = static_order(graph, graph.levels)
    assert how == LIKE_DASK and sorted(tasks.tolist()) == list(range(len(graph)))
    place = np.argsort(tasks)
    reader, read = graph.edges
    assert (place[read] < place[reader]).all()


def test_the_stand_in_goes_leaf_by_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    graph = TaskGraph.from_collection((da.ones(8, chunks=1) + 1).map_blocks(abs), optimize=False)
    blocks = [graph.keys[task][1] for task in graph.order[0]]
    assert blocks == [block for block in blocks[::3] for _ in range(3)]
