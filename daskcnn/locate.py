"""Which worker of the plan, which task of the frozen graph and which repeat each record of a trace belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import DIMENSIONS

NOWHERE = (-1, -1)
WORKERS = {"tasks": ("worker",), "transfers": ("source", "destination"), "memory": ("worker",)}
"""For each node the columns that name a worker; records of a worker that the plan does not have are left out."""


def located(
    trace: xr.DataTree, graph: TaskGraph, tags: Sequence[str], addresses: Sequence[str]
) -> tuple[xr.DataTree, int]:
    """The trace with `repeat` and `number` (of the task in the graph) for every task and transfer, -1 for others.

    Parameters
    ----------
    trace : xarray.DataTree
        As recorded.
    graph : TaskGraph
        What ran.
    tags : sequence of str
        What the keys of each repeat end with.
    addresses : sequence of str
        Of the plan's workers, in its order, which the trace then has too: a scheduler may have more workers, and
        in another order.

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
    own = _own(trace, addresses)
    tasks, transfers = _placed(own["tasks"], places), _placed(own["transfers"], places)
    missing = len(places.keys() - set(tasks["key"].values.tolist()))
    own |= {"tasks": tasks, "transfers": transfers}
    return trace.assign({name: xr.DataTree(node) for name, node in own.items()}), missing


def _own(trace: xr.DataTree, addresses: Sequence[str]) -> dict[str, xr.Dataset]:
    """The nodes that name workers, by the plan's numbers and with the plan's workers only."""
    workers = trace["workers"].to_dataset()
    known = workers["address"].values.tolist()
    number = np.full(len(known) + 1, -1)
    old = [known.index(address) for address in addresses]
    number[old] = np.arange(len(old))
    nodes = {"workers": workers.isel(worker=old)}
    for name, columns in WORKERS.items():
        node = trace[name].to_dataset()
        node = node.assign({column: node[column].copy(data=number[node[column].values]) for column in columns})
        ours = np.all([node[column].values >= 0 for column in columns], axis=0)
        nodes[name] = node.isel({DIMENSIONS[name]: ours})
    events = trace["events"].to_dataset()
    nodes["events"] = events.assign(worker=events["worker"].copy(data=number[events["worker"].values]))
    return nodes


def _placed(node: xr.Dataset, places: Mapping[str, tuple[int, int]]) -> xr.Dataset:
    found = [places.get(str(key), NOWHERE) for key in node["key"].values]
    repeat, number = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return node.assign(
        repeat=(node["key"].dims, repeat, {"long_name": "Repeat"}),
        number=(node["key"].dims, number, {"long_name": "Task of the graph"}),
    )
