"""Depths, cycles and longest paths against networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.taskgraph import Ints
from daskcnn.taskgraph.levels import WIDE, Levels, cycle, depths, readers_of
from tests.dags import Dag, dags, places


def rows_of(net: "nx.DiGraph[int]") -> tuple[Ints, Ints]:
    """Who reads whom, in compressed sparse rows."""
    reads = [sorted(net.predecessors(number)) for number in range(len(net))]
    return np.cumsum([0, *map(len, reads)]), np.array([read for own in reads for read in own], dtype=np.int64)


def layered(levels: int, width: int, seed: int) -> "nx.DiGraph[int]":
    """Levels of tasks, each of which reads two of the level before."""
    random = np.random.default_rng(seed)
    net: nx.DiGraph[int] = nx.DiGraph()
    net.add_nodes_from(range(levels * width))
    for reader in range(width, levels * width):
        before = reader // width * width - width
        net.add_edges_from((before + int(read), reader) for read in random.choice(width, min(width, 2), replace=False))
    return net


@pytest.mark.parametrize("width", [1, 2, WIDE, WIDE + 1, 100])
def test_narrow_and_wide_levels_are_gone_through_alike(width: int) -> None:
    net = layered(7, width, seed=width)
    starts, reads = rows_of(net)
    depth = depths(starts, reads)
    assert depth.tolist() == [number // width + 1 for number in range(len(net))]
    cost = np.random.default_rng(width).integers(1, 9, len(net)).astype(float)
    levels = Levels.of(np.repeat(np.arange(len(net)), np.diff(starts)), reads, depth)
    first, last = levels.starts(cost), levels.tails(cost)
    for number in nx.topological_sort(net):
        assert first[number] == max((first[read] + cost[read] for read in net.predecessors(number)), default=0)
        assert last[number] == max((last[reader] + cost[reader] for reader in net.successors(number)), default=0)


@settings(deadline=None)
@given(dag=dags())
def test_depth_is_the_longest_chain(dag: Dag) -> None:
    graph = dag.graph
    for key, place in places(graph).items():
        before = dag.net.subgraph({key, *nx.ancestors(dag.net, key)})
        assert graph.depth[place] == nx.dag_longest_path_length(before) + 1
    assert (np.diff(graph.depth) >= 0).all(), "each task comes after those it reads"


@settings(deadline=None)
@given(dag=dags())
def test_chains_that_lead_to_a_task(dag: Dag) -> None:
    graph, at = dag.graph, places(dag.graph)
    total = graph.levels.ancestry()
    for key in nx.topological_sort(dag.net):
        assert total[at[key]] == 1 + sum(total[at[read]] for read in dag.net.predecessors(key))


@settings(deadline=None)
@given(data=st.data())
def test_what_waits_for_itself_is_found(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    net: nx.DiGraph[int] = nx.DiGraph()
    net.add_nodes_from(range(count))
    net.add_edges_from(data.draw(st.sets(pairs)))
    starts, reads = rows_of(net)
    depth, found = depths(starts, reads), set(cycle(starts, reads).tolist())
    cyclic = [part for part in nx.strongly_connected_components(net) if len(part) > 1]
    loops = {number for number in net if net.has_edge(number, number)}
    stuck = {number for number in net if any({number, *nx.ancestors(net, number)} & part for part in [*cyclic, loops])}
    assert set(np.flatnonzero(depth == 0).tolist()) == stuck
    assert found in cyclic if cyclic else (len(found) == bool(loops) and found <= loops)


def test_readers_are_the_other_way_round() -> None:
    starts, readers = readers_of(np.array([0, 0, 1, 3]), np.array([0, 0, 1]))
    assert (starts.tolist(), readers.tolist()) == ([0, 2, 3, 3], [1, 2, 2])


def test_no_tasks_and_no_edges() -> None:
    assert depths(np.zeros(1, np.int64), np.zeros(0, np.int64)).tolist() == []
    assert depths(np.zeros(4, np.int64), np.zeros(0, np.int64)).tolist() == [1, 1, 1]
    assert not len(cycle(np.zeros(1, np.int64), np.zeros(0, np.int64)))
