"""What passes from worker to worker, against the plan."""

import numpy as np
import pytest

from daskcnn import networks, plugins
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph

WORKERS = 3


@pytest.mark.parametrize("chunks", ["serial", "batch", "channel", "filter", "spatial=2x2", "pipeline=2"])
def test_bytes_between_workers_and_of_layers_are_those_of_the_plan(chunks: str) -> None:
    plan = Plan.of(networks.mnist(), chunks, images=20, workers=WORKERS)
    graph = TaskGraph.of(forward(plan, MnistTest(20)))
    found = plugins.load("graphs", "communication").analyse(graph)
    assert found["between"].shape == (WORKERS, WORKERS), "a worker that owns nothing is there too"
    assert not np.diag(found["between"]).any()
    assert found["between"].sum() == found["sent"].sum() == plan.bytes_moved
    assert found["layer"].values.tolist() == list(graph.layers)
    assert found["between"].units == found["sent"].units == "B"


def test_a_halo_goes_one_way() -> None:
    plan = Plan.of(networks.mnist(), "spatial=2", images=20, workers=2)
    graph = TaskGraph.of(forward(plan, MnistTest(20)))
    found = plugins.load("graphs", "communication").analyse(graph)
    assert found["sent"].sel(layer="conv2.halo") == 20 * 16 * 14 * 4
