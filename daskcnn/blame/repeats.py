"""Traces, their repeats, and when each repeat began and ended."""

from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blame.lanes import Lanes
from daskcnn.errors import UsageError


class HasTree(Protocol):
    """What holds a run's tree, such as `daskcnn.Run`, or a recording that has ended."""

    @property
    def tree(self) -> xr.DataTree:
        """A run's tree, or a trace."""


Traced = HasTree | xr.DataTree


def trace_of(run: Traced) -> xr.DataTree:
    """The trace of a run, or the trace itself.

    Raises
    ------
    UsageError
        It has none.
    """
    tree = run if isinstance(run, xr.DataTree) else run.tree
    trace = tree.children.get("trace", tree)
    if "tasks" not in trace.children:
        raise UsageError(f"no trace among {sorted(map(str, tree.children))}: give a run, or a trace as recorded")
    return trace


def column(trace: xr.DataTree, node: str, name: str) -> NDArray[Any]:
    """The values of one variable of a trace."""
    return np.asarray(trace[node].dataset[name].values)


def repeats(trace: xr.DataTree, lanes: Lanes) -> list[int]:
    """The repeats of a trace; -1, which is no repeat, where all its tasks are of none."""
    found = np.unique(column(trace, "tasks", "repeat")[lanes.of_task >= 0])
    return [int(repeat) for repeat in (found[found >= 0] if (found >= 0).any() else found[:1])]


def span(trace: xr.DataTree, lanes: Lanes, repeat: int) -> tuple[float, float]:
    """From the first task that was submitted, or started, to the last in memory, or stopped: the makespan.

    Raises
    ------
    UsageError
        No task is of this repeat.
    """
    own = (column(trace, "tasks", "repeat") == repeat) & (lanes.of_task >= 0)
    if not own.any():
        known = ", ".join(map(str, repeats(trace, lanes))) or "none"
        raise UsageError(f"repeat {repeat} has no task: the trace has repeats {known}")
    submitted, start, stop, heard = (
        column(trace, "tasks", name)[own] for name in ("submitted", "start", "stop", "in_memory")
    )
    return float(np.fmin(submitted, start).min()), float(np.fmax(heard, np.maximum(start, stop)).max())


def middle(trace: xr.DataTree, lanes: Lanes) -> int:
    """The repeat whose makespan is the median, or just below it."""
    known = repeats(trace, lanes)
    if not known:
        raise UsageError("the trace has no task: record work that runs some")
    spans = np.array([span(trace, lanes, repeat) for repeat in known])
    return known[int(np.argsort(spans[:, 1] - spans[:, 0], kind="stable")[(len(known) - 1) // 2])]
