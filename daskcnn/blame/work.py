"""The tasks of one repeat on their lanes, in order, with times that fit on them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blame.lanes import Floats, Ints, Lanes
from daskcnn.blame.repeats import column, span


@dataclass(frozen=True, eq=False)
class Work:
    """Tasks in the order of their starts, in which each comes after the one before it on its lane.

    What runs in between and is of no repeat, such as another client's tasks, holds lanes too and is here as well.
    """

    begin: float
    """The first task was submitted, or started."""
    end: float
    """The last was in memory, or stopped."""
    lanes: Lanes
    task: Ints
    """(task,) Place in the trace; the others by the same order."""
    own: NDArray[np.bool_]
    """Of the repeat itself."""
    lane: Ints
    before: Ints
    """The task before on its lane, -1 if it is the first."""
    free: Floats
    """Its lane has no other task since."""
    begun: Floats
    """The worker took it up, `free` at the earliest."""
    loaded: Floats
    """What it needs was deserialized, `start` at the latest."""
    start: Floats
    stop: Floats
    submitted: Floats
    """NaN where unknown, `begun` at the latest."""
    heard: Floats
    """The scheduler knew of the result."""

    @property
    def worker(self) -> Ints:
        """(task,) Place in the trace's workers."""
        return self.lanes.worker[self.lane]


def work(trace: xr.DataTree, lanes: Lanes, repeat: int) -> Work:
    """The tasks of one repeat; where those of a thread overlap, what is first keeps its time.

    Raises
    ------
    UsageError
        No task is of this repeat.
    """
    begin, end = span(trace, lanes, repeat)
    of, start, stop = (column(trace, "tasks", name) for name in ("repeat", "start", "stop"))
    held = (of == repeat) | ((of < 0) & (start < end) & (stop > begin))
    task = np.flatnonzero(held & (lanes.of_task >= 0))
    start, stop = _apart(lanes.of_task[task], start[task], np.maximum(start, stop)[task])
    start, stop = start.clip(begin, end), stop.clip(begin, end)
    order = np.lexsort((stop, start))
    task, start, stop = task[order], start[order], stop[order]
    lane = lanes.of_task[task]
    before = _before(lane)
    free = np.where(before >= 0, stop[before], begin)
    submitted, begun, needs, heard = (
        column(trace, "tasks", name)[task] for name in ("submitted", "begun", "deserialize", "in_memory")
    )
    needs = np.fmax(needs, 0)
    taken = np.where(np.isnan(begun), start - needs, begun)
    begun = taken.clip(free, start)
    return Work(
        begin=begin,
        end=end,
        lanes=lanes,
        task=task,
        own=of[task] == repeat,
        lane=lane,
        before=before,
        free=free,
        begun=begun,
        loaded=(taken + needs).clip(begun, start),
        start=start,
        stop=stop,
        submitted=submitted.clip(begin, begun),
        heard=np.fmax(heard, stop).clip(stop, end),
    )


def _apart(lane: Ints, start: Floats, stop: Floats) -> tuple[Floats, Floats]:
    """Starts and stops such that no two tasks of a lane overlap."""
    order = np.lexsort((stop, start, lane))
    last = stop[order]
    bounds = np.flatnonzero(np.diff(lane[order], prepend=-1, append=-1)).tolist()
    for low, high in pairwise(bounds):
        np.maximum.accumulate(last[low:high], out=last[low:high])
    earlier = np.r_[-np.inf, last[:-1]]
    earlier[bounds[:-1]] = -np.inf
    apart = np.empty_like(start), np.empty_like(stop)
    apart[0][order], apart[1][order] = np.maximum(start[order], earlier), last
    return apart


def _before(lane: Ints) -> Ints:
    """The last task of the same lane before each, -1 if there is none."""
    order = np.argsort(lane, kind="stable")
    same = np.diff(lane[order], prepend=-1) == 0
    before = np.full(lane.size, -1)
    before[order[same]] = order[np.flatnonzero(same) - 1]
    return before
