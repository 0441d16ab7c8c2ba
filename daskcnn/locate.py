"""Which task of the frozen graph, and which repeat, each record of a trace belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from daskcnn.taskgraph import TaskGraph

NOWHERE = (-1, -1)


def located(trace: xr.DataTree, graph: TaskGraph, tags: Sequence[str]) -> tuple[xr.DataTree, int]:
    """The trace with `repeat` and `number` (of the task in the graph) for every task and transfer, -1 for others.

    Parameters
    ----------
    trace : xarray.DataTree
        As recorded.
    graph : TaskGraph
        What ran.
    tags : sequence of str
        What the keys of each repeat end with.

    Returns
    -------
    (xarray.DataTree, int)
        The trace, and how many tasks of the graph it lacks, over all repeats: the keys of both must be the same set.
    """
    places = {
        str((f"{graph.layers[layer]}-{tag}", *key[1:])): (repeat, number)
        for repeat, tag in enumerate(tags)
        for number, (key, layer) in enumerate(zip(graph.keys, graph.layer, strict=True))
    }
    nodes = {}
    for node, dim in (("tasks", "task"), ("transfers", "transfer")):
        found = [places.get(str(key), NOWHERE) for key in trace[node].dataset["key"].values]
        repeat, number = np.array(found, dtype=np.int64).reshape(-1, 2).T
        nodes[node] = (
            trace[node]
            .to_dataset()
            .assign(
                repeat=(dim, repeat, {"long_name": "Repeat"}), number=(dim, number, {"long_name": "Task of the graph"})
            )
        )
    recorded = set(nodes["tasks"]["key"].values.tolist())
    return trace.assign({name: xr.DataTree(node) for name, node in nodes.items()}), len(places.keys() - recorded)
