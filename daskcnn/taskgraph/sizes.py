"""How many bytes each task gives, from what dask arrays say of their chunks; nothing is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from dask._task_spec import Alias, DataNode, GraphNode, Task
from dask.sizeof import sizeof
from dask.typing import Key

from daskcnn.taskgraph.columns import Floats
from daskcnn.taskgraph.declared import EXTRA, SLICING, Blocks


def sizes(keys: Sequence[Key], tasks: Sequence[GraphNode], blocks: Mapping[str, Blocks]) -> Floats:
    """Bytes of what each task gives, NaN where nothing says it.

    Parameters
    ----------
    keys : sequence of keys
    tasks : sequence of GraphNode
        Each after those it reads.
    blocks : mapping of str to Blocks
        By the first part of the keys.

    Returns
    -------
    (task,) float64
    """
    found = [_size(key, task, blocks) for key, task in zip(keys, tasks, strict=True)]
    targets = {place: task.target for place, task in enumerate(tasks) if isinstance(task, Alias)}
    number = {key: place for place, key in enumerate(keys)} if targets else {}
    pairs = [(place, number[target]) for place, target in targets.items() if target in number]
    # What an alias is declared to be its target is too, and the other way round.
    for alias, target in reversed(pairs):
        found[target] = found[alias] if np.isnan(found[target]) else found[target]
    for alias, target in pairs:
        found[alias] = found[target] if np.isnan(found[alias]) else found[alias]
    return np.array(found, dtype=np.float64)


def declared(key: Any, blocks: Mapping[str, Blocks]) -> float:
    """Bytes of what a key names, as the layer of that name declares it; NaN where none does."""
    if type(key) is not tuple or not key:
        return np.nan
    name, block = (key[0], key[1:]) if key[1:2] != (EXTRA,) else (f"{key[0]} {EXTRA}", key[2:])
    own = blocks.get(name)
    try:
        return np.nan if own is None else float(own.nbytes.item(*block))
    except (IndexError, TypeError, ValueError):
        return np.nan


def _size(key: Any, task: GraphNode, blocks: Mapping[str, Blocks]) -> float:
    if type(task) is DataNode and isinstance(task.value, np.ndarray):
        return float(task.value.nbytes)
    if type(key) is tuple and key and key[0] in blocks:
        return declared(key, blocks)
    if type(task) is DataNode:
        return float(sizeof(task.value))
    if not isinstance(task, Task):
        return np.nan
    if task.has_subgraph():
        inner, last = task.args[:2]
        return _size(last, inner[last], blocks)
    return _part(task.args, blocks) if task.func in SLICING else np.nan


def within(key: Any, task: GraphNode, blocks: Mapping[str, Blocks]) -> float:
    """Bytes that a fused task makes for itself; 0 of any other.

    Parameters
    ----------
    key : key
        Of the task: blockwise fusion calls the functions within by their layers and by the axes of this key, as in
        `add-0a1b_.0_.1`.
    task : GraphNode
    blocks : mapping of str to Blocks
    """
    if not isinstance(task, Task) or not task.has_subgraph():
        return 0.0
    inner, last = task.args[:2]
    steps = [(name, node) for name, node in inner.items() if isinstance(node, Task)]
    made = sum(_made(name, node, key, blocks) for name, node in steps if name != last)
    return made + sum(within(name if type(name) is tuple else key, node, blocks) for name, node in steps)


def takes_parts(task: GraphNode) -> bool:
    """Whether all that a task reads is cut first, so that it does not go through the whole of it."""
    if not isinstance(task, Task) or not task.has_subgraph():
        return getattr(task, "func", None) in SLICING
    inner = task.args[0]
    return all(takes_parts(node) for node in inner.values() if node.dependencies - inner.keys())


def _made(name: Any, task: Task, outer: Any, blocks: Mapping[str, Blocks]) -> float:
    """Bytes of what one function within a fused task gives."""
    layer, *axes = name.split("_.") if type(name) is str else ("",)
    own = blocks.get(layer)
    if own is None or type(outer) is not tuple:
        return _size(name, task, blocks)
    try:
        return float(own.nbytes.item(*(outer[1 + int(axis)] for axis in axes)))
    except (IndexError, TypeError, ValueError):
        # Along an axis that is summed up there is no telling which block it is.
        return float(own.nbytes.mean())


def _part(args: Sequence[Any], blocks: Mapping[str, Blocks]) -> float:
    """Bytes of a part of a block that another task gives."""
    source = getattr(args[0], "target" if type(args[0]) is Alias else "key", None)
    if type(source) is not tuple or not source or source[0] not in blocks:
        return np.nan
    try:
        return blocks[source[0]].part(source[1:], args[1])
    except (IndexError, TypeError, ValueError):
        return np.nan
