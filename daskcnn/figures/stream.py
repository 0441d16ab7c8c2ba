"""What a task stream draws: the pieces of each lane, their layers and causes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from daskcnn.figures.colours import CAUSES
from daskcnn.figures.labels import workers_of
from daskcnn.figures.merged import Ints, Pieces

GAP = 0.3
"""Between workers, where a lane is 1."""
LAYERS = 23
"""Names in a legend, as many as there are colours."""
KINDS = list(CAUSES)
COMPUTE = KINDS.index("compute")


@dataclass(frozen=True, eq=False)
class Stream:
    """One repeat, ready to be drawn."""

    repeat: int
    tasks: xr.Dataset
    """Of all repeats."""
    pieces: Pieces
    """`kind` is a place in `KINDS`, `part` one in `layers`."""
    task: Ints
    """(piece,) Place in `tasks`, -1 for none."""
    layers: Sequence[str]
    worker: Ints
    """(lane,)"""
    names: Sequence[str]
    """(worker,)"""
    zero: float
    """When the repeat began, in seconds of the trace."""
    seconds: float
    """How long it lasted."""

    @property
    def lane(self) -> NDArray[np.float64]:
        """(lane,) The middle of each lane, from the top down."""
        return np.arange(self.worker.size) + 0.5 + GAP * self.worker

    @property
    def of_task(self) -> Ints:
        """(task,) The lane that computed each, -1 for none."""
        lanes = np.full(self.tasks.sizes["task"], -1)
        own = self.pieces.kind == COMPUTE
        lanes[self.task[own]] = self.pieces.lane[own]
        return lanes


def stream(tree: xr.DataTree, repeat: int, intervals: xr.Dataset) -> Stream:
    """What is drawn of one repeat.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    repeat : int
    intervals : xarray.Dataset
        Of that repeat, as `daskcnn.blame.intervals` gives them.
    """
    tasks = tree["trace/tasks"].to_dataset()
    task, start, stop = (intervals[name].values for name in ("task", "start", "stop"))
    kind = pd.Categorical(intervals["cause"].values, categories=KINDS).codes.astype(int)
    zero = float(start.min())
    own = kind == COMPUTE
    part = np.zeros(task.size, int)
    part[own], layers = _layers(tasks["layer"].values[task[own]], (stop - start)[own])
    lane = intervals["lane"].values
    worker = np.zeros(int(lane.max()) + 1, int)
    worker[lane] = intervals["worker"].values
    pieces = Pieces(lane, start - zero, stop - zero, kind, part)
    return Stream(repeat, tasks, pieces, task, layers, worker, workers_of(tree), zero, float(stop.max()) - zero)


def _layers(names: NDArray[np.str_], seconds: NDArray[np.float64]) -> tuple[Ints, list[str]]:
    """Of each computing its place in the legend, and the legend: beyond so many layers the others share an entry."""
    which, layers = pd.factorize(names)
    if layers.size <= LAYERS:
        return which, layers.tolist()
    order = np.argsort(-np.bincount(which, seconds), kind="stable")
    place = np.full(layers.size, LAYERS - 1)
    place[np.sort(order[: LAYERS - 1])] = np.arange(LAYERS - 1)
    kept = layers[np.sort(order[: LAYERS - 1])].tolist()
    return place[which], [*kept, f"{layers.size - LAYERS + 1:,} other layers"]
