"""The frozen task graph, and what follows from its arrays alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.forward import Forward
from daskcnn.taskgraph import card, of_collection, of_dataset, of_forward
from daskcnn.taskgraph.columns import KINDS, Columns, Ints
from daskcnn.taskgraph.levels import Levels, depths
from daskcnn.taskgraph.order import static_order
from daskcnn.taskgraph.placement import placed


@dataclass(frozen=True, eq=False)
class TaskGraph(Columns):
    """Tasks and edges as arrays, one entry a task, each after those it reads.

    Examples
    --------
    Of a plan, every size is known:

    >>> from daskcnn import networks
    >>> from daskcnn.forward import forward
    >>> from daskcnn.plan import Plan
    >>> from daskcnn.sources import MnistTest
    >>> plan = Plan.of(networks.mnist(), "spatial=2", images=100, workers=2)
    >>> graph = TaskGraph.of(forward(plan, MnistTest(100)))
    >>> len(graph), graph.bytes_moved == plan.bytes_moved
    (9, True)

    Of any dask collection, sizes are what its chunks say:

    >>> import dask.array as da
    >>> graph = TaskGraph.from_collection(da.ones((40, 40), chunks=20).sum())
    >>> graph.layers, graph.nbytes
    (('sum', 'sum-aggregate'), array([8., 8., 8., 8., 8.]))
    """

    @classmethod
    def of(cls, work: Forward) -> TaskGraph:
        """The graph of a forward's work; what lies on the workers beforehand is no part of it."""
        return cls(**vars(of_forward.columns_of(work)))

    @classmethod
    def from_collection(
        cls, x: Any, optimize: bool = True, workers: int = 4, owners: Mapping[Any, int] | None = None
    ) -> TaskGraph:
        """The graph of any dask collection, as written or as optimized; nothing runs.

        Parameters
        ----------
        x : dask collection, or several
            An array, a delayed, a data frame, a bag, an xarray object; a list, tuple or dict with some in it.
        optimize : bool
            As Dask would submit it: culled and fused; else as written.
        workers : int
            How many there are to run it.
        owners : mapping of key to int, optional
            The worker of each task, where that is known.

        Raises
        ------
        UsageError
            There is no dask collection, its tasks wait for each other, a worker that there is not.
        """
        return cls(**vars(of_collection.columns_of(x, optimize, workers, owners or {})))

    @classmethod
    def from_graph(
        cls, graph: Mapping[Any, Any], workers: int = 4, owners: Mapping[Any, int] | None = None
    ) -> TaskGraph:
        """The graph of a raw dask graph: keys to tasks, new ones or tuples, or a `HighLevelGraph`; nothing runs.

        Parameters
        ----------
        graph : mapping of key to task
        workers : int
        owners : mapping of key to int, optional

        Raises
        ------
        UsageError
            Tasks that wait for each other, a worker that there is not.

        Examples
        --------
        >>> TaskGraph.from_graph({"a": 1, "b": (abs, "a"), "c": (max, "a", "b")}).depth
        array([1, 2, 3])
        """
        return cls(**vars(of_collection.columns_of_graph(graph, workers, owners or {})))

    @classmethod
    def from_dataset(cls, table: xr.Dataset) -> TaskGraph:
        """The graph that gave a table by `to_dataset`, as a run keeps it; its keys are texts then.

        Raises
        ------
        RunError
            It is no such table.

        Examples
        --------
        >>> graph = TaskGraph.from_graph({"a": (abs, 1), "b": (abs, "a")})
        >>> TaskGraph.from_dataset(graph.to_dataset()).depth
        array([1, 2])
        """
        return cls(**vars(of_dataset.columns_of_dataset(table)))

    def __len__(self) -> int:
        return len(self.keys)

    def _repr_html_(self) -> str:
        # Where tasks have no owners, the placement of a large graph takes longer than a notebook should wait.
        return card.shown(self, int(self.depth.max(initial=0)), self.bytes_moved if self.owned else np.nan)

    @property
    def workers(self) -> int:
        """How many there are."""
        return len(self.held)

    @property
    def owned(self) -> bool:
        """Whether every task's worker is given."""
        return bool((self.owner >= 0).all())

    @cached_property
    def edges(self) -> tuple[Ints, Ints]:
        """(task that reads, task that is read) of every edge."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts)), self.reads

    @cached_property
    def depth(self) -> Ints:
        """For each task the number of tasks on the longest chain that ends with it."""
        return depths(self.starts, self.reads)

    @cached_property
    def levels(self) -> Levels:
        """The edges by depth, to go over all of them at once."""
        return Levels.of(*self.edges, self.depth)

    @cached_property
    def order(self) -> tuple[Ints, str]:
        """Tasks in Dask's static order, and how that was found."""
        return static_order(self, self.levels)

    @cached_property
    def placement(self) -> Ints:
        """For each task its owner, or, where none is given, the worker that it probably comes to."""
        return self.owner if self.owned else placed(self, self.order[0])

    @cached_property
    def moves(self) -> tuple[Ints, Ints]:
        """(task, worker that its output goes to), once for each other worker that reads it."""
        reader, read = self.edges
        to = self.placement[reader]
        away = to != self.placement[read]
        pairs = np.unique(read[away] * self.workers + to[away])
        return pairs // self.workers, pairs % self.workers

    @property
    def bytes_moved(self) -> int:
        """Bytes known to pass from worker to worker when every task runs on its owner."""
        return int(np.nansum(self.nbytes[self.moves[0]]))

    def bytes_between(self, node: Sequence[int]) -> int:
        """Those of the bytes moved that pass from node to node, where each worker is on the node that is given.

        >>> graph = TaskGraph.from_graph({"a": 1, "b": (abs, "a"), "c": (abs, "a")}, 3, {"a": 0, "b": 1, "c": 2})
        >>> graph.bytes_moved == 2 * graph.bytes_between([0, 0, 1])
        True
        """
        task, to = self.moves
        own = np.array(node)
        return int(np.nansum(self.nbytes[task[own[self.placement[task]] != own[to]]]))

    def to_dataset(self) -> xr.Dataset:
        """The arrays with their units, as a run keeps them."""
        task, edge = ("task",), ("edge",)
        reader, read = self.edges
        flops = {"units": "FLOP", "long_name": "Floating-point operations"}
        return xr.Dataset(
            {
                "key": (task, [str(key) for key in self.keys], {"long_name": "Key"}),
                "layer": (task, np.array(self.layers, dtype=str)[self.layer], {"long_name": "Layer"}),
                "kind": (task, np.array(KINDS)[self.kind], {"long_name": "Kind of the task"}),
                "owner": (task, self.owner, {"long_name": "Worker that owns the block"}),
                "operations": (task, self.operations, flops),
                "bytes": (task, self.nbytes, {"units": "B", "long_name": "Bytes of the output"}),
                "within": (task, self.within, {"units": "B", "long_name": "Bytes made and used within the task"}),
                "apart": (task, self.apart, {"units": "B", "long_name": "Bytes read that no task of the graph gives"}),
                "parts": (task, self.parts, {"long_name": "Only takes parts of what it reads"}),
                "seconds": (task, self.seconds, {"units": "s", "long_name": "Measured time"}),
                "definition": (task, self.definition, {"units": "B", "long_name": "Bytes of the task itself"}),
                "exchange": (task, np.array(self.exchanges, dtype=str)[self.layer], {"long_name": "Exchange"}),
                "held": ("worker", self.held, {"units": "B", "long_name": "Bytes that lie there beforehand"}),
                "reader": (edge, reader, {"long_name": "Task that reads"}),
                "read": (edge, read, {"long_name": "Task that is read"}),
            },
            attrs={"external": self.external},
        )
