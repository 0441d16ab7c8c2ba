"""Any dask collection, or raw dask graph, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from dask._task_spec import DataNode, GraphNode, Task, convert_legacy_graph
from dask.base import collections_to_expr, is_dask_collection
from dask.typing import Key
from dask.utils import key_split

from daskcnn.collector import paused
from daskcnn.errors import UsageError
from daskcnn.taskgraph.columns import KINDS, WORK, Columns, Ints
from daskcnn.taskgraph.declared import Blocks, blocks_of
from daskcnn.taskgraph.definition import definitions
from daskcnn.taskgraph.levels import cycle, depths, rows
from daskcnn.taskgraph.sizes import sizes, takes_parts, within

EXCHANGES = {
    "overlap": "halo",
    "rechunk": "relayout",
    "shuffle": "relayout",
    "aggregate": "reduce",
    "combine": "reduce",
    "partial": "reduce",
    "tree": "reduce",
}
"""What dask arrays and frames exchange, by words in the names of their layers."""
TASK, FUSED, ALIAS, DATA = range(len(KINDS))
SHOWN = 5
"""Keys of a cycle that are told."""


def columns_of(x: Any, optimize: bool, workers: int, owners: Mapping[Any, int]) -> Columns:
    """The columns of a collection, or of several, as written or as optimized."""
    own = list(x) if isinstance(x, list | tuple) else [x]
    if not own or not all(map(is_dask_collection, own)):
        raise UsageError(f"{type(x).__name__} is no dask collection; give an array, delayed, data frame, bag or xarray")
    written = [one.__dask_graph__() for one in own]
    graph = collections_to_expr(own, optimize_graph=True).optimize().__dask_graph__() if optimize else _merged(written)
    return _columns(graph, _blocks(written), workers, owners)


def columns_of_graph(graph: Mapping[Any, Any], workers: int, owners: Mapping[Any, int]) -> Columns:
    """The columns of a raw graph."""
    if not isinstance(graph, Mapping):
        raise UsageError(f"{type(graph).__name__} is no graph; give a mapping of keys to tasks")
    return _columns(graph, _blocks([graph]), workers, owners)


def _merged(graphs: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    return {key: task for graph in graphs for key, task in graph.items()}


def _blocks(graphs: Iterable[Any]) -> dict[str, Blocks]:
    """What the layers of these graphs say of their blocks; a plain mapping has none."""
    return {name: own for graph in graphs for name, own in blocks_of(getattr(graph, "layers", {})).items()}


@paused()
def _columns(
    graph: Mapping[Any, Any], blocks: Mapping[str, Blocks], workers: int, owners: Mapping[Any, int]
) -> Columns:
    if workers < 1:
        raise UsageError(f"{workers} workers; at least 1 must run a graph")
    nodes = convert_legacy_graph(dict(graph))
    keys, tasks = list(nodes), list(nodes.values())
    starts, reads, external = _edges(keys, tasks)
    depth = depths(starts, reads)
    if not depth.all():
        raise UsageError(f"tasks wait for each other: {_told(keys, cycle(starts, reads))}; take one of them out")
    order = np.argsort(depth, kind="stable")
    starts, reads = _reordered(starts, reads, order)
    keys, tasks = [keys[task] for task in order], [tasks[task] for task in order]
    layers, layer = _layers(keys)
    kind = np.fromiter(map(_kind, tasks), np.int64, len(tasks))
    fused = np.flatnonzero(kind == FUSED).tolist()
    made, parts = np.zeros(len(tasks)), np.fromiter(map(takes_parts, tasks), np.bool_, len(tasks))
    made[fused] = [within(keys[task], tasks[task], blocks) for task in fused]
    return Columns(
        keys=tuple(keys),
        layers=layers,
        exchanges=tuple(map(_exchange, layers)),
        layer=layer,
        kind=kind,
        owner=_owners(keys, owners, workers),
        # What slices and what only hands on does is known: nothing.
        operations=np.where((kind >= WORK) | (parts & (kind != FUSED)), 0.0, np.nan),
        nbytes=sizes(keys, tasks, blocks),
        within=made,
        parts=parts,
        seconds=np.full(len(keys), np.nan),
        definition=definitions(tasks, layer),
        starts=starts,
        reads=reads,
        held=np.zeros(workers),
        external=external,
    )


def _edges(keys: Sequence[Key], tasks: Sequence[GraphNode]) -> tuple[Ints, Ints, int]:
    """Starts and reads in compressed sparse rows, and how many results are read that no task gives."""
    number = {key: place for place, key in enumerate(keys)}
    dependencies = [task.dependencies for task in tasks]
    counts = np.fromiter(map(len, dependencies), np.int64, len(tasks))
    flat = np.fromiter((number.get(key, -1) for key in chain.from_iterable(dependencies)), np.int64, counts.sum())
    external = 0
    if (flat < 0).any():
        external = len(set(chain.from_iterable(dependencies)) - number.keys())
    inside = flat >= 0
    reader = np.repeat(np.arange(len(tasks)), counts)[inside]
    return np.concatenate([[0], np.cumsum(np.bincount(reader, minlength=len(tasks)))]), flat[inside], external


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


def _layers(keys: Sequence[Key]) -> tuple[tuple[str, ...], Ints]:
    """Layers in order of their first task: keys of one name; names are told without what makes them unique."""
    codes: dict[str, int] = {}
    layer = np.fromiter((codes.setdefault(_name(key), len(codes)) for key in keys), np.int64, len(keys))
    seen: Counter[str] = Counter()
    labels = []
    for name in codes:
        label = key_split(name)
        seen[label] += 1
        labels.append(label if seen[label] == 1 else f"{label} {seen[label]}")
    return tuple(labels), layer


def _name(key: Key) -> str:
    """What a key has in common with those of its layer: its first part, or a text but for numbers and tokens."""
    if type(key) is tuple and key and type(key[0]) is str:
        return key[0]
    label = str(key_split(key)) if type(key) is str else type(key).__name__
    return label.rstrip("0123456789") or label


def _exchange(label: str) -> str:
    return next((kind for word, kind in EXCHANGES.items() if word in label), "")


def _kind(task: GraphNode) -> int:
    if isinstance(task, Task):
        return FUSED if task.has_subgraph() else TASK
    return DATA if isinstance(task, DataNode) else ALIAS


def _owners(keys: Sequence[Key], owners: Mapping[Any, int], workers: int) -> Ints:
    if strange := [owner for owner in owners.values() if not -1 <= owner < workers]:
        raise UsageError(f"worker {strange[0]} of {workers}; owners are numbered from 0")
    if not owners:
        return np.full(len(keys), -1)
    return np.fromiter((owners.get(key, -1) for key in keys), np.int64, len(keys))
