"""Any dask collection, or raw dask graph, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from numbers import Integral
from typing import Any

import numpy as np
from dask._task_spec import DataNode, GraphNode, Task, convert_legacy_graph
from dask.array import Array
from dask.base import collections_to_expr
from dask.typing import Key

from daskcnn.collector import paused
from daskcnn.errors import UsageError, telling
from daskcnn.taskgraph.collections import collections_in
from daskcnn.taskgraph.columns import KINDS, WORK, Columns, Floats, Ints
from daskcnn.taskgraph.declared import Blocks, blocks_of
from daskcnn.taskgraph.definition import ARGUMENTS, definitions, embedded
from daskcnn.taskgraph.labels import exchange, labelled
from daskcnn.taskgraph.levels import cycle, depths, rows
from daskcnn.taskgraph.sizes import declared, sizes, takes_parts, within
from daskcnn.taskgraph.table import whole

TASK, FUSED, ALIAS, DATA = range(len(KINDS))
SHOWN = 5
"""Keys of a cycle that are told."""


def columns_of(x: Any, optimize: bool, workers: int, owners: Mapping[Any, int]) -> Columns:
    """The columns of a collection, or of several, as written or as optimized."""
    own = list(collections_in(x))
    if not own:
        none = "has no dask collection in it" if isinstance(x, list | tuple | set | dict) else "is no dask collection"
        way_out = "give an array, delayed, data frame, bag or xarray object, or a raw graph to TaskGraph.from_graph"
        raise UsageError(f"{type(x).__name__} {none}; {way_out}")
    written = [one.__dask_graph__() for one in own]
    graph = _optimized(own) if optimize else _merged(written)
    blocks = _blocks(written)
    for one in own:
        if isinstance(one, Array) and one.name in blocks:
            blocks[one.name] = blocks[one.name].filled(one.chunks, one.dtype)
    return _columns(graph, blocks, workers, owners)


def columns_of_graph(graph: Mapping[Any, Any], workers: int, owners: Mapping[Any, int]) -> Columns:
    """The columns of a raw graph."""
    if not isinstance(graph, Mapping):
        raise UsageError(f"{type(graph).__name__} is no graph; give a mapping of keys to tasks")
    return _columns(graph, _blocks([graph]), workers, owners)


def _optimized(own: Sequence[Any]) -> Mapping[Any, Any]:
    with telling(UsageError, "Dask cannot optimize this", "ask about it as written: optimize=False, --as-written"):
        graph: Mapping[Any, Any] = collections_to_expr(own, optimize_graph=True).optimize().__dask_graph__()
    return graph


def _merged(graphs: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    return {key: task for graph in graphs for key, task in graph.items()}


def _blocks(graphs: Iterable[Any]) -> dict[str, Blocks]:
    """What the layers of these graphs say of their blocks; a plain mapping has none."""
    return {name: own for graph in graphs for name, own in blocks_of(getattr(graph, "layers", {})).items()}


@paused()
def _columns(
    graph: Mapping[Any, Any], blocks: Mapping[str, Blocks], workers: int, owners: Mapping[Any, int]
) -> Columns:
    workers = whole("workers", workers)
    nodes = convert_legacy_graph(dict(graph))
    keys, tasks = list(nodes), list(nodes.values())
    starts, reads, elsewhere = _edges(keys, tasks)
    apart, data, lying = _apart(tasks, elsewhere, blocks)
    depth = depths(starts, reads)
    if not depth.all():
        raise UsageError(f"tasks wait for each other: {_told(keys, cycle(starts, reads))}; take one of them out")
    order = np.argsort(depth, kind="stable")
    starts, reads = _reordered(starts, reads, order)
    keys, tasks = [keys[task] for task in order], [tasks[task] for task in order]
    apart, data = apart[order], data[order]
    layers, layer = labelled(keys)
    kind = np.fromiter(map(_kind, tasks), np.int64, len(tasks))
    fused = np.flatnonzero(kind == FUSED).tolist()
    made, parts = np.zeros(len(tasks)), np.fromiter(map(takes_parts, tasks), np.bool_, len(tasks))
    made[fused] = [within(keys[task], tasks[task], blocks) for task in fused]
    return Columns(
        keys=tuple(keys),
        layers=layers,
        exchanges=tuple(map(exchange, layers)),
        layer=layer,
        kind=kind,
        owner=_owners(keys, owners, workers),
        # What slices and what only hands on does is known: nothing.
        operations=np.where((kind >= WORK) | (parts & (kind != FUSED)), 0.0, np.nan),
        nbytes=sizes(keys, tasks, blocks),
        within=made,
        apart=apart,
        parts=parts,
        seconds=np.full(len(keys), np.nan),
        definition=definitions(tasks, layer, data),
        starts=starts,
        reads=reads,
        held=np.full(workers, lying / workers),
        external=len(set(chain.from_iterable(elsewhere.values()))),
    )


def _edges(keys: Sequence[Key], tasks: Sequence[GraphNode]) -> tuple[Ints, Ints, dict[int, list[Key]]]:
    """Starts and reads in compressed sparse rows, and by task the results it reads that no task gives."""
    number = {key: place for place, key in enumerate(keys)}
    dependencies = [task.dependencies for task in tasks]
    counts = np.fromiter(map(len, dependencies), np.int64, len(tasks))
    flat = np.fromiter((number.get(key, -1) for key in chain.from_iterable(dependencies)), np.int64, counts.sum())
    inside = flat >= 0
    readers = np.repeat(np.arange(len(tasks)), counts)
    elsewhere = {
        task: [key for key in dependencies[task] if key not in number] for task in np.unique(readers[~inside]).tolist()
    }
    own = np.bincount(readers[inside], minlength=len(tasks))
    return np.concatenate([[0], np.cumsum(own)]), flat[inside], elsewhere


def _apart(
    tasks: Sequence[GraphNode], elsewhere: Mapping[int, Sequence[Key]], blocks: Mapping[str, Blocks]
) -> tuple[Floats, Floats, float]:
    """Bytes that each task reads and no task gives, of data within it, and of all that lies elsewhere."""
    data = np.fromiter(map(embedded, tasks), np.float64, len(tasks))
    sizes = {key: declared(key, blocks) for key in chain.from_iterable(elsewhere.values())}
    apart = np.where(data > ARGUMENTS, data, 0.0)
    for task, keys in elsewhere.items():
        apart[task] += sum(sizes[key] for key in keys)
    return apart, data, float(np.nansum(list(sizes.values())))


def _reordered(starts: Ints, reads: Ints, order: Ints) -> tuple[Ints, Ints]:
    """The same edges with task `order[i]` called i, and what each reads in order."""
    count, lengths = len(order), np.diff(starts)[order]
    number = np.empty_like(order)
    number[order] = np.arange(count)
    reader = np.repeat(np.arange(count), lengths)
    read = np.sort(reader * count + number[reads[rows(starts, order)]]) - reader * count
    return np.concatenate([[0], np.cumsum(lengths)]), read


def _told(keys: Sequence[Key], tasks: Ints) -> str:
    names = [repr(keys[task]) for task in tasks[:SHOWN].tolist()]
    return ", ".join(names) + (f" and {len(tasks) - SHOWN} more" if len(tasks) > SHOWN else "")


def _kind(task: GraphNode) -> int:
    if isinstance(task, Task):
        return FUSED if task.has_subgraph() else TASK
    return DATA if isinstance(task, DataNode) else ALIAS


def _owners(keys: Sequence[Key], owners: Mapping[Any, int], workers: int) -> Ints:
    if not isinstance(owners, Mapping):
        raise UsageError(f"owners are a {type(owners).__name__}; give a mapping of keys to numbers of workers")
    if strange := [own for own in owners.values() if not isinstance(own, Integral) or not -1 <= own < workers]:
        raise UsageError(f"worker {strange[0]!r} of {workers}; owners are numbered from 0")
    if not owners:
        return np.full(len(keys), -1)
    return np.fromiter((owners.get(key, -1) for key in keys), np.int64, len(keys))
