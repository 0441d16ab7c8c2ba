"""The graph as arrays against the tasks themselves."""

from itertools import pairwise

import numpy as np
import pytest
from dask._task_spec import Task
from dask.typing import Key
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import networks
from daskcnn.forward import Forward, forward
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests import laws, strategies


def check(work: Forward) -> None:
    """Every array says of each task what the task says of itself."""
    graph = TaskGraph.of(work)
    tasks: dict[Key, Task] = {key: task for layer in work.work for key, task in layer.tasks.items()}
    assert graph.keys == tuple(tasks)
    assert len(graph) == len(tasks) == len(graph.layer) == len(graph.owner) == len(graph.nbytes)
    for number, (start, stop) in enumerate(pairwise(graph.starts)):
        task = tasks[graph.keys[number]]
        assert {graph.keys[read] for read in graph.reads[start:stop]} == task.dependencies & tasks.keys()
        assert (graph.reads[start:stop] < number).all()
    reader, read = graph.edges
    assert len(reader) == len(read) == graph.starts[-1]
    layers = [layer for layer in work.work for _ in layer.tasks]
    assert [graph.layers[number] for number in graph.layer] == [layer.label for layer in layers]
    for name in ("owners", "operations", "nbytes"):
        expected = [value for layer in work.work for value in getattr(layer, name)]
        assert getattr(graph, name.removesuffix("s") if name == "owners" else name).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_edges_are_the_dependencies_of_the_tasks(data: st.DataObject) -> None:
    network: Network = data.draw(st.one_of(strategies.networks(), strategies.graphs()))
    plan = data.draw(strategies.cuts(network)).plan(network)
    keep = data.draw(st.sets(st.sampled_from([layer.name for layer in plan.network.layers])))
    check(forward(plan, laws.nothing(plan), keep=sorted(keep)))


def mnist(chunks: str, workers: int = 2) -> TaskGraph:
    """The first report's network, cut."""
    return TaskGraph.of(forward(Plan.of(networks.mnist(), chunks, images=20, workers=workers), MnistTest(20)))


def test_a_halo_by_hand() -> None:
    graph = mnist("spatial=2")
    # Two blocks, one row sent down, two blocks, two relayouts, two blocks.
    assert graph.layers == ("conv1..relu1", "conv2.halo", "conv2..relu2", "flatten.relayout", "flatten..dense3")
    assert graph.layer.tolist() == [0, 0, 1, 2, 2, 3, 3, 4, 4]
    assert graph.owner.tolist() == [0, 1, 1, 0, 1, 1, 0, 0, 1]
    moved = list(zip(*(ends.tolist() for ends in graph.moves), strict=True))
    assert moved == [(2, 0), (5, 0), (6, 1)]
    assert graph.nbytes[2] == 20 * 16 * 14 * 4
    assert graph.depth.tolist() == [1, 1, 2, 3, 2, 3, 4, 4, 5]


def test_an_all_gather_moves_the_blocks_themselves_once_to_each_worker() -> None:
    graph = mnist("channel=3", workers=3)
    assert "conv2.all-gather" not in graph.layers
    first = graph.moves[0][graph.layer[graph.moves[0]] == 0]
    assert np.bincount(first).tolist() == [2, 2, 2]


@pytest.mark.parametrize("chunks", ["serial", "batch=2"])
def test_without_edges_nothing_moves(chunks: str) -> None:
    graph = mnist(chunks)
    assert graph.bytes_moved == len(graph.reads) == 0
    assert graph.to_dataset().sizes["edge"] == 0


def test_a_dataset_has_the_arrays_with_units() -> None:
    graph = mnist("channel=2")
    table = graph.to_dataset()
    assert table["key"].values.tolist() == [str(key) for key in graph.keys]
    assert table["layer"].values[0] == "conv1..relu1"
    assert table["bytes"].attrs["units"] == "B"
    away = table["owner"].values[table["reader"]] != table["owner"].values[table["read"]]
    pairs = {
        (read, table["owner"].values[reader])
        for reader, read in zip(table["reader"].values[away], table["read"].values[away], strict=True)
    }
    assert sum(int(table["bytes"][read]) for read, _ in pairs) == graph.bytes_moved
