"""Work, span and slack against networkx."""

import networkx as nx
import pytest
from hypothesis import given, settings

from daskcnn.taskgraph import Schedule, TaskGraph
from tests.dags import Dag, dags, drawn, places


def longest(net: "nx.DiGraph[str]") -> float:
    """The longest path by the seconds of its nodes."""
    edges: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    for key, seconds in net.nodes(data="seconds"):
        edges.add_edge((key, 0), (key, 1), weight=seconds)
    for first, second in net.edges:
        edges.add_edge((first, 1), (second, 0), weight=0)
    return float(nx.dag_longest_path_length(edges))


@settings(deadline=None)
@given(dag=dags())
def test_span_is_the_longest_path_and_slack_what_is_to_spare(dag: Dag) -> None:
    graph = dag.graph
    schedule = Schedule.of(graph)
    assert schedule.unit == "s" and schedule.unknown == 0
    assert schedule.work == sum(dag.net.nodes[key]["seconds"] for key in dag.net)
    assert schedule.span == longest(dag.net)
    for key, place in places(graph).items():
        through = dag.net.subgraph({key, *nx.ancestors(dag.net, key), *nx.descendants(dag.net, key)})
        assert schedule.slack[place] == schedule.span - longest(through)


@settings(deadline=None)
@given(dag=dags())
def test_the_path_is_a_longest_one(dag: Dag) -> None:
    graph = dag.graph
    schedule = Schedule.of(graph)
    path = [str(graph.keys[task]) for task in schedule.path]
    assert nx.is_path(dag.net, path)
    assert sum(dag.net.nodes[key]["seconds"] for key in path) == schedule.span
    assert not schedule.slack[schedule.path].any()


def test_what_is_not_known_counts_for_nothing() -> None:
    graph = drawn({"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}, seconds={"a": 1, "b": 2, "d": 4})
    schedule = Schedule.of(graph)
    assert (schedule.work, schedule.span, schedule.unknown) == (7, 7, 1)


@pytest.mark.parametrize("graph", [TaskGraph.from_graph({}), TaskGraph.from_graph({"a": 1})])
def test_nothing_to_do(graph: TaskGraph) -> None:
    schedule = Schedule.of(graph)
    assert (schedule.work, schedule.span, schedule.slack.sum()) == (0, 0, 0)
    assert len(schedule.path) == len(graph)
