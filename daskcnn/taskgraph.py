"""The frozen task graph: every task and edge of a plan as arrays, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.collector import paused
from daskcnn.forward import Forward

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TaskGraph:
    """Tasks and edges as arrays, one entry a task.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.forward import forward
    >>> from daskcnn.plan import Plan
    >>> from daskcnn.sources import MnistTest
    >>> plan = Plan.of(networks.mnist(), "spatial=2", images=100, workers=2)
    >>> graph = TaskGraph.of(forward(plan, MnistTest(100)))
    >>> len(graph), graph.bytes_moved == plan.bytes_moved
    (9, True)
    """

    keys: tuple[Key, ...]
    layers: tuple[str, ...]
    """Names, without the tag."""
    layer: Ints
    """For each task its layer's number."""
    owner: Ints
    """For each task its worker's number."""
    operations: Ints
    """Floating-point operations of each task."""
    nbytes: Ints
    """Bytes of each task's output."""
    starts: Ints
    """Task i reads the tasks `reads[starts[i]:starts[i + 1]]` (compressed sparse rows)."""
    reads: Ints
    held: Ints
    """For each worker the bytes of images and parameters that lie there beforehand."""

    @classmethod
    @paused()
    def of(cls, work: Forward) -> TaskGraph:
        """The graph of a forward's work; what lies on the workers beforehand is no part of it."""
        layers = work.work
        keys: tuple[Key, ...] = tuple(chain.from_iterable(layer.tasks for layer in layers))
        number = {key: i for i, key in enumerate(keys)}
        reads = [
            sorted(number[key] for key in task.dependencies if key in number)
            for layer in layers
            for task in layer.tasks.values()
        ]
        return cls(
            keys,
            tuple(layer.label for layer in layers),
            np.repeat(np.arange(len(layers)), [len(layer.tasks) for layer in layers]),
            _column(layers, "owners"),
            _column(layers, "operations"),
            _column(layers, "nbytes"),
            np.cumsum([0, *map(len, reads)]),
            np.fromiter(chain.from_iterable(reads), np.int64),
            np.bincount(_column(work.setup, "owners"), _column(work.setup, "nbytes"), work.plan.workers).astype(
                np.int64
            ),
        )

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def edges(self) -> tuple[Ints, Ints]:
        """(task that reads, task that is read) of every edge."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts)), self.reads

    @cached_property
    def moves(self) -> tuple[Ints, Ints]:
        """(task, worker that its output goes to), once for each other worker that reads it."""
        reader, read = self.edges
        to = self.owner[reader]
        away = to != self.owner[read]
        pairs = np.unique(np.stack([read[away], to[away]]), axis=1)
        return pairs[0], pairs[1]

    @cached_property
    def depth(self) -> Ints:
        """For each task the number of tasks on the longest chain that ends with it."""
        depth = np.ones(len(self), dtype=np.int64)
        for task in range(len(self)):
            # Tasks come after those they read, so one pass is enough.
            own = self.reads[self.starts[task] : self.starts[task + 1]]
            depth[task] += depth[own].max(initial=0)
        return depth

    @property
    def bytes_moved(self) -> int:
        """Bytes that pass from worker to worker when every task runs on its owner."""
        return int(self.nbytes[self.moves[0]].sum())

    def to_dataset(self) -> xr.Dataset:
        """The arrays with their units, as a run keeps them."""
        task, edge = ("task",), ("edge",)
        reader, read = self.edges
        flops = {"units": "FLOP", "long_name": "Floating-point operations"}
        return xr.Dataset(
            {
                "key": (task, [str(key) for key in self.keys], {"long_name": "Key"}),
                "layer": (task, np.array(self.layers)[self.layer], {"long_name": "Layer"}),
                "owner": (task, self.owner, {"long_name": "Worker that owns the block"}),
                "operations": (task, self.operations, flops),
                "nbytes": (task, self.nbytes, {"units": "B", "long_name": "Bytes of the output"}),
                "reader": (edge, reader, {"long_name": "Task that reads"}),
                "read": (edge, read, {"long_name": "Task that is read"}),
            }
        )


def _column(layers: Sequence[BlockLayer], name: str) -> Ints:
    return np.array(list(chain.from_iterable(getattr(layer, name) for layer in layers)), dtype=np.int64)
