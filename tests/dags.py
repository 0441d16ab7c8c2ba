"""Graphs for tests: drawn by hand, or at random together with what networkx makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from dask._task_spec import GraphNode, Task, TaskRef
from dask.typing import Key
from hypothesis import strategies as st

from daskcnn.taskgraph import Floats, TaskGraph

Reads = Mapping[str, Sequence[str]]


def task(key: Key, reads: Sequence[Key]) -> Task:
    """A task that reads others, and does nothing that can be known."""
    return Task(key, len, *map(TaskRef, reads))


def drawn(
    reads: Reads,
    workers: int = 2,
    owner: Mapping[str, int] | None = None,
    nbytes: Mapping[str, float] | None = None,
    seconds: Mapping[str, float] | None = None,
    operations: Mapping[str, float] | None = None,
) -> TaskGraph:
    """A graph of keys and what each reads; what else is known of them, by key."""
    tasks: dict[Key, GraphNode] = {key: task(key, list(own)) for key, own in reads.items()}
    graph = TaskGraph.from_graph(tasks, workers, owner)

    def column(values: Mapping[str, float] | None) -> Floats:
        return np.array([(values or {}).get(str(key), np.nan) for key in graph.keys])

    return replace(graph, nbytes=column(nbytes), seconds=column(seconds), operations=column(operations))


def places(graph: TaskGraph) -> dict[str, int]:
    """The number of each task, by its key."""
    return {str(key): number for number, key in enumerate(graph.keys)}


@dataclass(frozen=True)
class Dag:
    """A random graph without cycles, as networkx has it: nodes with `seconds`, `nbytes` and `owner`."""

    net: nx.DiGraph[str]
    workers: int

    @property
    def graph(self) -> TaskGraph:
        """The same as a task graph."""
        nodes = {key: self.net.nodes[key] for key in self.net}
        return drawn(
            {key: list(self.net.predecessors(key)) for key in nodes},
            self.workers,
            {key: node["owner"] for key, node in nodes.items()},
            {key: node["nbytes"] for key, node in nodes.items()},
            {key: node["seconds"] for key, node in nodes.items()},
        )


@st.composite
def dags(draw: st.DrawFn, most: int = 12) -> Dag:
    """A graph of few tasks, told in no order: any edges, whole seconds and bytes, owners."""
    count, workers = draw(st.integers(1, most)), draw(st.integers(1, 4))
    names = draw(st.permutations([f"task{number}-x" for number in range(count)]))
    pairs = [(first, second) for second in range(count) for first in range(second)]
    chosen = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    net: nx.DiGraph[str] = nx.DiGraph()
    for number in draw(st.permutations(range(count))):
        own = {"seconds": draw(st.integers(1, 9)), "nbytes": draw(st.integers(0, 99))}
        net.add_node(names[number], **own, owner=draw(st.integers(0, workers - 1)))
    net.add_edges_from((names[first], names[second]) for first, second in chosen)
    return Dag(net, workers)
