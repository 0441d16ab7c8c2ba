"""How large a graph is, against its arrays."""

from daskcnn import networks, plugins
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph


def test_layers_add_up_to_the_graph() -> None:
    plan = Plan.of(networks.mnist(), "spatial=2", images=20, workers=2)
    graph = TaskGraph.of(forward(plan, MnistTest(20)))
    found = plugins.load("graphs", "size").analyse(graph)
    assert dict(zip(found["layer"].values.tolist(), found["tasks"].values.tolist(), strict=True)) == {
        "conv1..relu1": 2,
        "conv2.halo": 1,
        "conv2..relu2": 2,
        "flatten.relayout": 2,
        "flatten..dense3": 2,
    }
    assert found["operations"].sum() == graph.operations.sum() == sum(plan.network.operations(20).values())
    assert found["nbytes"].sum() == graph.nbytes.sum()
    assert (found["edges"], found["depth"]) == (len(graph.reads), 5)
    assert (found["operations"].units, found["nbytes"].units) == ("FLOP", "B")
