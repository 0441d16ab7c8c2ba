"""One repeat of a trace, and what several formulas need of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.blame.causes import codes
from daskcnn.blame.history import History, history_of
from daskcnn.blame.lanes import lanes
from daskcnn.blame.repeats import column
from daskcnn.blame.replay import makespans
from daskcnn.metrics.latency import latencies

Floats = npt.NDArray[np.float64]
ORCHESTRATION = ("deserialize", "scheduler wait", "spill", "paused", "other")
"""The causes that are neither work, nor its order, nor data on its way: what it costs to have a scheduler."""


class Busy(NamedTuple):
    """Seconds, over all workers; what two threads of a worker do at once counts once."""

    computing: float
    receiving: float
    exposed: float
    """Receiving while no thread of the worker computes."""


class Replayed(NamedTuple):
    """Makespans in seconds as they would have been, by `daskcnn.blame`."""

    without_orchestration: float
    without_transfers: float
    """And without orchestration."""


@dataclass(frozen=True, eq=False)
class Repeat:
    """The trace of one repeat; what is heavy is worked out once, when it is first asked for.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"worker": [0, 0], "thread": [7, 7], "start": [1.0, 4.0], "stop": [3.0, 5.0], "repeat": [0, 0]}
    >>> workers = {"threads": [1, 2]}
    >>> one = Repeat(trace({"tasks": filled("tasks", tasks), "workers": filled("workers", workers)}, started=0.0))
    >>> one.makespan, one.computing
    (4.0, array([3., 0., 0.]))
    """

    trace: xr.DataTree

    def column(self, node: str, name: str) -> npt.NDArray[Any]:
        """The values of one variable."""
        return column(self.trace, node, name)

    def lasting(self, node: str) -> Floats:
        """Seconds from start to stop of every row; 0 where a corrected clock puts the stop first."""
        return np.asarray(np.maximum(self.column(node, "stop") - self.column(node, "start"), 0))

    @cached_property
    def history(self) -> History | None:
        """Why its tasks began when they did; None where no task has a worker and times."""
        of = lanes(self.trace)
        return history_of(self.trace, None) if (of.of_task >= 0).any() else None

    @property
    def makespan(self) -> float:
        """Seconds from the first task that was submitted to the last that was in memory; NaN without tasks."""
        return self.history.work.end - self.history.work.begin if self.history else np.nan

    @cached_property
    def computing(self) -> Floats:
        """(lane,) Seconds that each thread of each worker computes, 0 if it ran nothing."""
        if self.history is None:
            return np.zeros(0)
        work = self.history.work
        return np.bincount(work.lane, work.stop - work.start, work.lanes.worker.size).astype(float)

    @cached_property
    def replayed(self) -> Replayed:
        """What the makespan would be; NaN where it is not known which task reads which."""
        unordered = not self.trace["edges"].sizes["edge"] and np.isnan(self.column("tasks", "ready")).any()
        if self.history is None or unordered:
            return Replayed(np.nan, np.nan)
        without = codes(ORCHESTRATION), codes((*ORCHESTRATION, "transfer wait"))
        return Replayed(*makespans(self.history, without).tolist())

    @cached_property
    def latencies(self) -> Floats:
        """(result,) Seconds from the start of the first task that each result depends on until it was in memory."""
        stamps = (self.column("tasks", name) for name in ("start", "in_memory"))
        return latencies(*stamps, *(self.column("edges", name) for name in ("reader", "read")))

    @cached_property
    def busy(self) -> Busy:
        """How long workers compute and receive, NaN where a start or a stop is unknown."""
        tasks, transfers = self.trace["tasks"].sizes["task"], self.trace["transfers"].sizes["transfer"]
        computes = np.r_[np.ones(tasks, int), np.zeros(transfers, int)]
        worker = np.r_[self.column("tasks", "worker"), self.column("transfers", "destination")]
        start, stop = (np.r_[self.column("tasks", name), self.column("transfers", name)] for name in ("start", "stop"))
        time = np.r_[start, np.maximum(start, stop)]
        if np.isnan(time).any():
            return Busy(np.nan, np.nan, np.nan)
        order = np.lexsort((time, np.r_[worker, worker]))
        # One sweep serves all workers: what opens on one closes on it, so nothing is open from one to the next.
        computing = np.r_[computes, -computes][order].cumsum()[:-1] > 0
        receiving = np.r_[1 - computes, computes - 1][order].cumsum()[:-1] > 0
        lasting = np.diff(time[order])
        seconds = (lasting[held].sum() for held in (computing, receiving, receiving & ~computing))
        return Busy(*map(float, seconds))


def one_repeat(trace: xr.DataTree, repeat: int) -> xr.DataTree:
    """The trace with the tasks, edges and transfers of one repeat only, by their new places.

    Parameters
    ----------
    trace : xarray.DataTree
    repeat : int
        Which one; -1 for what is in none.

    Returns
    -------
    xarray.DataTree
        Edges from or to tasks of other repeats are left out; a producer or consumer among them is -1.
    """
    tasks, edges, transfers = (trace[node].to_dataset() for node in ("tasks", "edges", "transfers"))
    mine = tasks["repeat"].values == repeat
    # The last place, which is also place -1, stands for no task.
    place = np.append(np.where(mine, mine.cumsum() - 1, -1), -1)
    edges = _replaced(edges, place, ("reader", "read"))
    within = (edges["reader"].values >= 0) & (edges["read"].values >= 0)
    moved = _replaced(transfers.isel(transfer=transfers["repeat"].values == repeat), place, ("producer", "consumer"))
    parts = {"tasks": tasks.isel(task=mine), "edges": edges.isel(edge=within), "transfers": moved}
    return trace.assign({name: xr.DataTree(part) for name, part in parts.items()})


def _replaced(node: xr.Dataset, place: npt.NDArray[np.int64], names: tuple[str, str]) -> xr.Dataset:
    return node.assign({name: node[name].copy(data=place[node[name].values]) for name in names})
