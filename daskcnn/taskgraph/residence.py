"""What lies on which worker and when, if tasks are gone through in Dask's static order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daskcnn.taskgraph.columns import Floats, Ints
from daskcnn.taskgraph.graph import TaskGraph


@dataclass(frozen=True, eq=False)
class Residence:
    """Results and copies of results, one entry each, by the steps between which they lie on a worker.

    Steps are the tasks, first those of worker 0 in order, then those of worker 1 and so on.
    """

    step_task: Ints
    """The task of each step."""
    bounds: Ints
    """Worker w has the steps from `bounds[w]` on and before `bounds[w + 1]`."""
    task: Ints
    worker: Ints
    since: Ints
    """The step that it is there from."""
    until: Ints
    """The last step that it is still there in."""
    alive: Floats
    """Bytes there while each step runs, with what lay there before; outputs of unknown size count for nothing."""

    @classmethod
    def of(cls, graph: TaskGraph) -> Residence:
        """A worker has what it made, and copies of what it was sent, until all tasks that read them are done and, as
        the scheduler takes its time to say so, its next task too. What nobody reads stays.
        """
        count, workers, owner = len(graph), graph.workers, graph.placement
        reader, read = graph.edges
        place = np.empty(count, dtype=np.int64)
        place[graph.order[0]] = np.arange(count)
        steps = np.lexsort((place, owner))
        step = np.empty(count, dtype=np.int64)
        step[steps] = np.arange(count)
        bounds = np.searchsorted(owner[steps], np.arange(workers + 1))
        # Its own, and each copy from the first task on that worker that reads it.
        task, worker = graph.moves
        there = np.searchsorted(task * workers + worker, read * workers + owner[reader])
        away = owner[reader] != owner[read]
        arrives = np.full(len(task), count)
        np.minimum.at(arrives, there[away], step[reader[away]])
        task, worker = np.concatenate([np.arange(count), task]), np.concatenate([owner, worker])
        since = np.concatenate([step, arrives])
        last = np.full(count, -1)
        np.maximum.at(last, read, place[reader])
        following = np.searchsorted(owner[steps] * count + place[steps], worker * count + last[task], side="right")
        end = bounds[worker + 1] - 1
        until = np.where(last[task] < 0, end, np.minimum(following, end))
        alive = _alive(since, until, end, np.nan_to_num(graph.nbytes)[task], count)
        base = np.append(0.0, alive)[bounds[:-1]]
        return cls(steps, bounds, task, worker, since, until, alive + (graph.held - base)[owner[steps]])

    def peak(self, worker: int, held: float) -> tuple[float, int]:
        """The most bytes on a worker at a time, and the step in which they are there (-1: before the first)."""
        own = self.alive[self.bounds[worker] : self.bounds[worker + 1]]
        if not own.size or own.max() < held:
            return held, -1
        return float(own.max()), int(self.bounds[worker] + own.argmax())

    def there(self, step: int) -> NDArray[np.bool_]:
        """Which of the entries lie on the step's worker while it runs."""
        return (self.since <= step) & (step <= self.until)


def _alive(since: Ints, until: Ints, end: Ints, nbytes: Floats, steps: int) -> Floats:
    """Bytes that have come and not gone at each step, workers one after the other: nothing goes at their ends."""
    come = np.bincount(since, nbytes, steps + 1)
    gone = np.bincount(until[until < end] + 1, nbytes[until < end], steps + 1)
    return np.cumsum(come - gone)[:steps]
