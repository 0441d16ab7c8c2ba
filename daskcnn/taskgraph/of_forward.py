"""A forward's tasks as columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from dask.typing import Key

from daskcnn.blocks.layer import BlockLayer
from daskcnn.collector import paused
from daskcnn.forward import Forward
from daskcnn.taskgraph.columns import Columns, Floats, Ints
from daskcnn.taskgraph.definition import definitions, embedded


@paused()
def columns_of(work: Forward) -> Columns:
    """The columns of a forward's work; what lies on the workers beforehand is no part of it."""
    layers = work.work
    keys: tuple[Key, ...] = tuple(chain.from_iterable(layer.tasks for layer in layers))
    tasks = [task for layer in layers for task in layer.tasks.values()]
    number = {key: i for i, key in enumerate(keys)}
    reads = [sorted(number[key] for key in task.dependencies if key in number) for task in tasks]
    layer = np.repeat(np.arange(len(layers)), [len(layer.tasks) for layer in layers])
    given = {key: size for own in work.setup for key, size in zip(own.tasks, own.nbytes, strict=True)}
    data = np.fromiter(map(embedded, tasks), np.float64, len(tasks))
    return Columns(
        keys=keys,
        layers=tuple(layer.label for layer in layers),
        exchanges=tuple(layer.exchange for layer in layers),
        layer=layer,
        kind=np.zeros(len(keys), dtype=np.int64),
        owner=_owners(layers),
        operations=_column(layers, "operations"),
        nbytes=_column(layers, "nbytes"),
        within=np.zeros(len(keys)),
        apart=np.array([sum(given.get(key, 0.0) for key in task.dependencies) for task in tasks], dtype=np.float64),
        parts=np.zeros(len(keys), dtype=np.bool_),
        seconds=np.full(len(keys), np.nan),
        definition=definitions(tasks, layer, data),
        starts=np.cumsum([0, *map(len, reads)]),
        reads=np.fromiter(chain.from_iterable(reads), np.int64),
        held=np.bincount(_owners(work.setup), _column(work.setup, "nbytes"), work.plan.workers).astype(np.float64),
        external=len({key for task in tasks for key in task.dependencies} - number.keys()),
    )


def _owners(layers: Sequence[BlockLayer]) -> Ints:
    return np.array([owner for layer in layers for owner in layer.owners], dtype=np.int64)


def _column(layers: Sequence[BlockLayer], name: str) -> Floats:
    return np.array(list(chain.from_iterable(getattr(layer, name) for layer in layers)), dtype=np.float64)
