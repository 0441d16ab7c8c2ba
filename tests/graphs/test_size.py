"""How large a graph is, against its arrays."""

import numpy as np

from daskcnn import networks, plugins
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests.dags import drawn

size = plugins.load("graphs", "size")


def test_layers_add_up_to_the_graph() -> None:
    plan = Plan.of(networks.mnist(), "spatial=2", images=20, workers=2)
    graph = TaskGraph.of(forward(plan, MnistTest(20)))
    found = size.analyse(graph)
    assert dict(zip(found["layer"].values.tolist(), found["tasks"].values.tolist(), strict=True)) == {
        "conv1..relu1": 2,
        "conv2.halo": 1,
        "conv2..relu2": 2,
        "flatten.relayout": 2,
        "flatten..dense3": 2,
    }
    assert found["operations"].sum() == graph.operations.sum() == sum(plan.network.operations(20).values())
    assert found["bytes"].sum() == graph.nbytes.sum()
    assert (found["edges"], found["depth"]) == (len(graph.reads), 5)
    assert (found["operations"].units, found["bytes"].units) == ("FLOP", "B")
    # Images and parameters of the first and the last segment, and parameters of the second, for each worker.
    assert found["external"] == 8 and found["unknown_bytes"] == found["unknown_operations"] == 0


def test_by_hand() -> None:
    graph = drawn({"a": [], "b": [], "c": ["a", "b"], "d": ["a"]}, nbytes={"a": 1, "b": 2})
    found = size.analyse(graph)
    assert [int(found[name]) for name in ("edges", "depth", "roots", "leaves", "external")] == [3, 2, 2, 2, 0]
    assert found["kinds"].values.tolist() == [4, 0, 0, 0]
    assert found["bytes"].values.tolist()[:2] == [1, 2] and np.isnan(found["bytes"][2:]).all()
    assert (found["unknown_bytes"], found["unknown_operations"]) == (2, 4)
    assert size.summary(found)[:2] == [
        "4 tasks in 4 layers, 3 edges, 2 deep",
        "outputs of 3 B, and 2 of unknown size",
    ]
    unknown = size.analyse(drawn({"a": [], "b": ["a"]}))
    assert size.summary(unknown)[1] == "outputs of unknown size"
