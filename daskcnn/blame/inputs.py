"""What each task reads: when it was made, when it was sent to the reader's worker, when it arrived."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.moves import moves
from daskcnn.blame.repeats import column
from daskcnn.blame.work import Work


@dataclass(frozen=True, eq=False)
class Inputs:
    """A row for each result that a task reads, by the readers' order.

    No reader begins before its inputs have arrived, nothing arrives before it is sent, nor is sent before its
    producer has started: where clocks say otherwise, the wait is none. What arrives after the lane was free by
    less than both clocks' uncertainty held the task up for no time that anybody knows.
    """

    reader: Ints
    source: Ints
    """The task that made it, -1 if that is none of the work: its result was there before."""
    made: Floats
    """The producer stopped."""
    sent: Floats
    """`made` if it did not move."""
    arrived: Floats


def inputs(trace: xr.DataTree, work: Work) -> Inputs:
    """The inputs of all tasks: along edges, and data that no task made and that was sent for them."""
    place = np.full(trace["tasks"].sizes["task"] + 1, -1)
    place[work.task] = np.arange(work.task.size)
    reader, read = place[column(trace, "edges", "reader")], column(trace, "edges", "read")
    reader, read = reader[reader >= 0], read[reader >= 0]
    moved = moves(trace)
    move = moved.last(read, work.worker[reader], work.start[reader])
    given = np.flatnonzero((moved.producer < 0) & (place[moved.consumer] >= 0))
    reader, source = np.r_[reader, place[moved.consumer[given]]], np.r_[place[read], np.full(given.size, -1)]
    sent, stop = (np.r_[times, np.nan][np.r_[move, given]] for times in (moved.start, moved.stop))
    return _fitted(work, _uncertainty(trace, work), reader, source, sent, stop)


def _uncertainty(trace: xr.DataTree, work: Work) -> Floats:
    """(task + 1,) How far the clock of each task's worker may be off; the last is that of no task."""
    known = np.nan_to_num(column(trace, "workers", "clock_uncertainty"))
    return np.append(known[work.worker], 0.0)


def _fitted(work: Work, unsure: Floats, reader: Ints, source: Ints, sent: Floats, stop: Floats) -> Inputs:
    """The inputs in an order of times that can be; NaN stands for what did not move."""
    # A task that began before what it is said to read did not wait for it, whatever clocks say.
    began = np.where(source >= 0, work.start[source], work.begin)
    can = np.flatnonzero((source < reader) & (began <= work.begun[reader]))
    can = can[np.argsort(reader[can], kind="stable")]
    reader, source = reader[can], source[can]
    began, sent, stop = began[can], sent[can], stop[can]
    made, free = np.where(source >= 0, work.stop[source], work.begin), work.free[reader]
    arrived = np.where(np.isnan(stop), made, stop).clip(began, work.begun[reader])
    elsewhere = (source < 0) | (work.worker[source] != work.worker[reader])
    soon = elsewhere & (arrived > free) & (arrived - free <= unsure[reader] + unsure[source])
    arrived = np.where(soon, np.maximum(free, began), arrived)
    sent = np.where(np.isnan(sent), made, sent).clip(began, arrived)
    return Inputs(reader, source, made.clip(began, sent), sent, arrived)
