"""A forward's work on a cluster, each task on its owner; or without Dask, one task after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from dask import annotate  # type: ignore[attr-defined]
from dask.core import flatten
from distributed import Client, futures_of, wait
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.forward import Forward


@contextmanager
def placed(client: Client, work: Forward, addresses: Sequence[str]) -> Iterator[None]:
    """Images and parameters on the workers that need them, for the length of the block.

    Parameters
    ----------
    client : Client
    work : Forward
    addresses : sequence of str
        Of the plan's workers, in its order.
    """
    graph = {key: task for layer in work.setup for key, task in layer.tasks.items()}
    with _pinned(work.setup, addresses):
        held = client.get(graph, list(graph), sync=False)
    wait(held)
    yield


def compute(client: Client, work: Forward, addresses: Sequence[str], name: str) -> NDArray[Any]:
    """A kept layer's output, cut along its images alone, from what is placed.

    Every task runs on its owner. A pin gives way only where its worker is lost: it must not make a run hang.
    """
    with _pinned(work.work, addresses):
        array = client.persist(work.array(name, work.work), optimize_graph=False)
    futures = {future.key: future for future in futures_of(array)}
    return np.concatenate(client.gather([futures[key] for key in flatten(array.__dask_keys__())]))


def held(work: Forward) -> dict[Key, Any]:
    """Images and parameters for `serial`."""
    return {key: task({}) for layer in work.setup for key, task in layer.tasks.items()}


def serial(work: Forward, name: str, values: dict[Key, Any]) -> NDArray[Any]:
    """The same as `compute` without Dask: every task called in turn, on this thread."""
    values = dict(values)
    with threadpool_limits(1):
        for layer in work.work:
            for key, task in layer.tasks.items():
                values[key] = task({dependency: values[dependency] for dependency in task.dependencies})
    return np.concatenate([value for key, value in values.items() if key[0] == work.names[name]])


@contextmanager
def _pinned(layers: Iterable[BlockLayer], addresses: Sequence[str]) -> Iterator[None]:
    pins = {key: [addresses[owner]] for layer in layers for key, owner in zip(layer.tasks, layer.owners, strict=True)}
    with annotate(workers=pins.__getitem__, allow_other_workers=True):
        yield
