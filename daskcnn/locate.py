"""Which worker of the plan, which task of the frozen graph and which repeat each record of a trace belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.taskgraph import Ints, TaskGraph
from daskcnn.trace import DIMENSIONS, filled

NOWHERE = (-1, -1)
WORKERS = {"tasks": ("worker",), "transfers": ("source", "destination"), "memory": ("worker",)}
"""For each node the columns that name a worker; records of a worker that the plan does not have are left out."""
TASKS = {"edges": ("reader", "read"), "transfers": ("producer", "consumer")}
"""For each node the columns that name a task."""


def located(
    trace: xr.DataTree, graph: TaskGraph, tags: Sequence[str], addresses: Sequence[str]
) -> tuple[xr.DataTree, Ints]:
    """The trace with what the graph knows of its tasks.

    Every task and transfer gets its `repeat` and its `number` (of the task in the graph), -1 for others, and every
    task of the graph its `operations`.

    Parameters
    ----------
    trace : xarray.DataTree
        As recorded.
    graph : TaskGraph
        What ran.
    tags : sequence of str
        What the keys of each repeat end with.
    addresses : sequence of str
        Of the plan's workers, in its order, and of those that came for lost ones, which the trace then has too: a
        scheduler may have more workers, and in another order. Of one that was lost before, nothing else is known.

    Returns
    -------
    (xarray.DataTree, (repeat,) int64)
        The trace, and how many tasks of the graph are recorded in each repeat: the keys of both must be the same set.
    """
    at = {key: (repeat, number) for repeat, tag in enumerate(tags) for number, key in enumerate(keys(graph, tag))}
    own = _own(trace, addresses)
    own |= {name: _placed(own[name], at) for name in ("tasks", "transfers")}
    tasks = own["tasks"]
    number, operations = tasks["number"].values, tasks["operations"]
    known = np.where(number >= 0, graph.operations[number], operations.values)
    own["tasks"] = tasks.assign(operations=operations.copy(data=known))
    # A task may have run twice.
    once = np.unique(np.stack([tasks["repeat"].values, number])[:, number >= 0], axis=1)[0]
    recorded = np.bincount(once, minlength=len(tags)).astype(np.int64)
    return trace.assign({name: xr.DataTree(node) for name, node in own.items()}), recorded


def keys(graph: TaskGraph, tag: str) -> list[str]:
    """What the keys of a plan's tasks are, as text, under another tag."""
    blocks = cast(tuple[tuple[str, ...], ...], graph.keys)
    names = [f"{layer}-{tag}" for layer in graph.layers]
    return [str((names[layer], *block[1:])) for block, layer in zip(blocks, graph.layer, strict=True)]


def _own(trace: xr.DataTree, addresses: Sequence[str]) -> dict[str, xr.Dataset]:
    """The nodes by the numbers of the plan's workers, and without what others did."""
    nodes = {name: trace[name].to_dataset() for name in DIMENSIONS}
    nodes["workers"] = _met(nodes["workers"], addresses)
    known = nodes["workers"]["address"].values.tolist()
    old = np.array([known.index(address) for address in addresses])
    nodes["workers"] = nodes["workers"].isel(worker=old)
    number = _places(old, len(known))
    nodes["events"] = _renumbered(nodes["events"], ("worker",), number)
    ours = {}
    for name, columns in WORKERS.items():
        nodes[name] = _renumbered(nodes[name], columns, number)
        ours[name] = _known(nodes[name], columns)
    place = _places(np.flatnonzero(ours["tasks"]), ours["tasks"].size)
    for name, columns in TASKS.items():
        nodes[name] = _renumbered(nodes[name], columns, place)
    ours["edges"] = _known(nodes["edges"], TASKS["edges"])
    return nodes | {name: nodes[name].isel({DIMENSIONS[name]: kept}) for name, kept in ours.items()}


def _met(workers: xr.Dataset, addresses: Sequence[str]) -> xr.Dataset:
    """The workers, and those that were lost before the trace began."""
    gone = [address for address in addresses if address not in workers["address"].values.tolist()]
    if not gone:
        return workers
    rows = filled("workers", {"address": gone, "peak_memory": [0] * len(gone)})
    unknown = xr.Dataset({name: ("worker", column) for name, column in rows.items()})
    return xr.concat([workers, unknown], "worker", combine_attrs="override")


def _places(old: Ints, count: int) -> Ints:
    """The place in `old` of each of `count` things, -1 where it has none; last of what is numbered -1."""
    found = np.full(count + 1, -1)
    found[old] = np.arange(len(old))
    return found


def _renumbered(node: xr.Dataset, columns: Sequence[str], number: Ints) -> xr.Dataset:
    return node.assign({name: node[name].copy(data=number[node[name].values]) for name in columns})


def _known(node: xr.Dataset, columns: Sequence[str]) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.all([node[column].values >= 0 for column in columns], axis=0)
    return known


def _placed(node: xr.Dataset, at: Mapping[str, tuple[int, int]]) -> xr.Dataset:
    found = [at.get(key, NOWHERE) for key in node["key"].values.tolist()]
    repeat, number = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return node.assign(
        repeat=(node["key"].dims, repeat, {"long_name": "Repeat"}),
        number=(node["key"].dims, number, {"long_name": "Task of the graph"}),
    )
