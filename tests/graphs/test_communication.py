"""What passes from worker to worker, against the plan and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings

from daskcnn import networks, plugins
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests.dags import Dag, dags, drawn

WORKERS = 3
communication = plugins.load("graphs", "communication")


def frozen(chunks: str, workers: int = WORKERS) -> tuple[Plan, TaskGraph]:
    """The first report's network, cut."""
    plan = Plan.of(networks.mnist(), chunks, images=20, workers=workers)
    return plan, TaskGraph.of(forward(plan, MnistTest(20)))


@pytest.mark.parametrize("chunks", ["serial", "batch", "channel", "filter", "spatial=2x2", "pipeline=2"])
def test_bytes_between_workers_and_of_layers_are_those_of_the_plan(chunks: str) -> None:
    plan, graph = frozen(chunks)
    found = communication.analyse(graph)
    assert found["between"].shape == (WORKERS, WORKERS), "a worker that owns nothing is there too"
    assert not np.diag(found["between"]).any()
    assert found["between"].sum() == found["sent"].sum() == found["exchanged"].sum() == plan.bytes_moved
    assert found["bytes_moved"] == plan.bytes_moved >= found["lower_bound"]
    assert found["layer"].values.tolist() == list(graph.layers)
    assert found["between"].units == found["sent"].units == "B"
    assert found.attrs["placement"] == "given"


@pytest.mark.parametrize("chunks", ["channel", "filter", "spatial=2x2", "pipeline=2"])
def test_each_kind_of_exchange_is_what_the_plan_sends_by_it(chunks: str) -> None:
    plan, graph = frozen(chunks)
    expected: dict[str, int] = {}
    for stage in plan.stages:
        expected[stage.exchange] = expected.get(stage.exchange, 0) + plan.bytes_sent(stage)
    found = communication.analyse(graph)["exchanged"].to_series().to_dict()
    assert {kind: size for kind, size in found.items() if size} == {k: size for k, size in expected.items() if size}


def test_a_halo_goes_one_way() -> None:
    found = communication.analyse(frozen("spatial=2", workers=2)[1])
    assert found["sent"].sel(layer="conv2.halo") == 20 * 16 * 14 * 4


def test_by_hand() -> None:
    # Two read a's 10 bytes on worker 1, and one on worker 0; d's size is not known.
    reads = {"a": [], "b": ["a"], "c": ["a"], "d": ["a", "b"], "e": ["d", "c"]}
    owner = {"a": 0, "b": 1, "c": 1, "d": 0, "e": 1}
    graph = drawn(reads, 2, owner, nbytes={"a": 10, "b": 3, "c": 4, "e": 1})
    found = communication.analyse(graph, top=2)
    assert np.nan_to_num(found["between"].values).tolist() == [[0, 10], [3, 0]]
    assert (found["bytes_moved"], found["unknown"]) == (13, 1)
    assert found["sent"].to_series().dropna().to_dict() == {"a": 10, "b": 3, "c": 0, "e": 0}
    assert [graph.keys[task] for task in found["fan_in"].values] == ["d", "e"]
    assert (found["reads"].values.tolist(), found["bytes_read"].values.tolist()) == ([2, 2], [13, 4])
    assert [graph.keys[task] for task in found["fan_out"].values] == ["a"]
    assert (found["readers"].values.tolist(), found["bytes_served"].values.tolist()) == ([3], [30])


def test_what_is_not_known_is_not_none() -> None:
    found = communication.analyse(drawn({"a": [], "b": ["a"]}, 2, {"a": 0, "b": 1}))
    assert np.isnan(found["bytes_moved"]) and found["unknown"] == 1
    assert communication.summary(found)[0].startswith("unknown between workers, owners given")


@pytest.mark.parametrize(
    ("reads", "workers", "least"),
    [
        ({"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}, 2, 10),
        ({"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}, 4, 30),
        ({"a": [], "b": ["a"], "c": [], "d": ["c"]}, 2, 0),
        ({"a": [], "b": [], "c": [], "d": []}, 4, 0),
        ({"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}, 1, 0),
        ({}, 2, 0),
    ],
)
def test_the_lower_bound_by_hand(reads: dict[str, list[str]], workers: int, least: float) -> None:
    graph = drawn(reads, workers, nbytes=dict.fromkeys(reads, 10), seconds=dict.fromkeys(reads, 1))
    assert communication.analyse(graph)["lower_bound"] == least


@settings(deadline=None)
@given(dag=dags())
def test_no_fair_placement_sends_less_than_the_lower_bound(dag: Dag) -> None:
    graph, workers = dag.graph, dag.workers
    found = communication.analyse(graph, uneven=0.1)
    load = np.bincount(graph.owner, graph.seconds, workers)
    if load.max() <= max(1.1 * load.sum() / workers, graph.seconds.max()):
        assert found["bytes_moved"] >= found["lower_bound"]


@settings(deadline=None)
@given(dag=dags())
def test_bytes_are_counted_once_for_each_worker(dag: Dag) -> None:
    node = dag.net.nodes
    moves = {(read, node[reader]["owner"]) for read, reader in dag.net.edges}
    expected = sum(node[read]["nbytes"] for read, to in moves if node[read]["owner"] != to)
    assert communication.analyse(dag.graph)["bytes_moved"] == expected
