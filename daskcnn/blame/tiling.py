"""Every lane from beginning to end in pieces: what it computed, and why it did not."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from daskcnn.blame.causes import COMPUTE, DEPENDENCY, DESERIALIZE, NO_WORK, SCHEDULER, TRANSFER
from daskcnn.blame.covers import covered
from daskcnn.blame.history import History
from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.pieces import Pieces, runs

AT_ONCE = 1 << 18
"""Tasks that the waits of some lanes may lead through before the others' turn comes: it keeps memory small."""


def tilings(history: History) -> Iterator[Pieces]:
    """Pieces owned by lanes, in no order, that tile each lane; some lanes at a time.

    A lane that waits for a task is explained by what that task waited for, back to the beginning of the wait: while
    others computed, or loaded, it is dependency wait on their task. After the last task of a lane there is no work.
    What another worker spilled, or was paused, before it took such a task up counts like what the lane's own did.
    """
    work = history.work
    lengths = history.chains.length(np.arange(work.task.size), work.free)
    order = np.argsort(work.lane, kind="stable")
    bounds = np.searchsorted(work.lane[order], np.arange(work.lanes.worker.size + 1))
    turn = np.r_[0, lengths[order].cumsum()][bounds[:-1]] // AT_ONCE
    for lanes in np.split(np.arange(turn.size), np.flatnonzero(np.diff(turn)) + 1):
        tasks = order[bounds[lanes[0]] : bounds[lanes[-1] + 1]]
        held, waited, after = _held(history, tasks), _waited(history, tasks, lengths[tasks]), _after(history, lanes)
        pieces = Pieces.joined([*held, *waited, after])
        yield covered(replace(pieces, worker=work.lanes.worker[pieces.owner]), history.covers)


def _held(history: History, task: Ints) -> list[Pieces]:
    """From when each task was taken up until it stopped."""
    work = history.work
    lane, worker = work.lane[task], work.worker[task]
    return [
        Pieces.of(lane, worker, work.begun[task], work.loaded[task], DESERIALIZE, task),
        Pieces.of(lane, worker, work.loaded[task], work.start[task], SCHEDULER),
        Pieces.of(lane, worker, work.start[task], work.stop[task], COMPUTE, task),
    ]


def _waited(history: History, task: Ints, lengths: Ints) -> tuple[Pieces, Pieces]:
    """From when the lane of each task was free until the task was taken up."""
    work, waits = history.work, history.waits
    which, step = runs(lengths)
    at, task = history.chains.after(task[which], step), task[which]
    at, task = at[at < work.task.size], task[at < work.task.size]
    lane, worker, floor, on = work.lane[task], work.worker[at], work.free[task], waits.on[at]
    since, sending, there = (each[at] for each in (waits.since, waits.sending, waits.there))
    spells: list[tuple[Floats, Floats, npt.ArrayLike]] = [
        (since, sending, SCHEDULER),
        (sending, there, TRANSFER),
        (there, work.begun[at], waits.cause[at]),
    ]
    delays = [Pieces.of(lane, worker, np.maximum(start, floor), stop, cause) for start, stop, cause in spells]
    before = np.maximum(np.where(on >= 0, work.begun[on], work.begin), floor)
    others = Pieces.of(lane, worker, before, since, np.where(on >= 0, DEPENDENCY, NO_WORK), on)
    return others, covered(Pieces.joined(delays), history.covers)


def _after(history: History, lanes: Ints) -> Pieces:
    """What is left of lanes after their last task."""
    work = history.work
    last = np.full(work.lanes.worker.size, work.begin)
    np.maximum.at(last, work.lane, work.stop)
    return Pieces.of(lanes, work.lanes.worker[lanes], last[lanes], work.end, NO_WORK)
