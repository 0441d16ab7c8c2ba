"""What a task graph shows of itself in a notebook."""

import numpy as np

from daskcnn.markup import card
from daskcnn.quantity import quantity
from daskcnn.taskgraph.columns import Columns, Floats

TITLES = ("Layer", "Tasks", "Operations", "Bytes of results", "Exchange")


def shown(graph: Columns, depth: int, moved: float) -> str:
    """A graph and its layers as HTML.

    Parameters
    ----------
    graph : Columns
    depth : int
        Tasks on its longest chain.
    moved : float
        Bytes that pass from worker to worker, NaN where that is not known.
    """
    count = len(graph.layers)
    tasks = np.bincount(graph.layer, minlength=count).tolist()
    sums = zip(_sums(graph, graph.operations), _sums(graph, graph.nbytes), strict=True)
    rows = [
        (name, quantity(own), quantity(operations, "FLOP"), quantity(size, "B"), exchange)
        for name, own, (operations, size), exchange in zip(graph.layers, tasks, sums, graph.exchanges, strict=True)
    ]
    facts = {
        "Tasks": quantity(len(graph.keys)),
        "Edges": quantity(len(graph.reads)),
        "Longest chain": quantity(depth),
        "Workers": quantity(len(graph.held)),
        "Bytes moved": quantity(moved, "B"),
    }
    return card("Task graph", facts, TITLES, rows, (TITLES[0], TITLES[-1]))


def _sums(graph: Columns, values: Floats) -> list[float]:
    """The sum of each layer, NaN where one of its tasks is unknown."""
    return [float(own) for own in np.bincount(graph.layer, values, len(graph.layers))]
