"""Transfers, found by what they moved where."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.repeats import column


@dataclass(frozen=True, eq=False)
class Moves:
    """The transfers of a trace whose times are known; all arrays are (move,)."""

    producer: Ints
    """Place of a task in the trace, -1 for none."""
    consumer: Ints
    destination: Ints
    start: Floats
    stop: Floats

    def last(self, read: Ints, worker: Ints, time: Floats) -> Ints:
        """For each the last that brought what task `read` made to a worker by then, else the first, else -1."""
        workers = max(worker.max(initial=0), self.destination.max(initial=0)) + 1
        what = self.producer * workers + self.destination
        order = np.lexsort((self.stop, what))
        wanted = read * workers + worker
        # Complex numbers sort by what moved where, then by when: one search finds both.
        place = np.searchsorted(what[order] + 1j * self.stop[order], wanted + 1j * time, side="right")
        # The place behind the last, which is also place -1, stands for none.
        what, order = np.r_[what[order], -1], np.r_[order, -1]
        found = np.where(what[place - 1] == wanted, place - 1, place)
        return np.where(what[found] == wanted, order[found], -1)


def moves(trace: xr.DataTree) -> Moves:
    """The transfers of a trace.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> table = {"producer": [0, 0, 0], "destination": [1, 1, 2], "start": [1.0, 5.0, 1.0], "stop": [2.0, 6.0, 2.0]}
    >>> found = moves(trace({"transfers": filled("transfers", table)}, started=0.0))
    >>> found.last(np.array([0, 0, 0, 7]), np.array([1, 1, 2, 1]), np.array([3.0, 6.0, 0.5, 3.0]))
    array([ 0,  1,  2, -1])
    """
    start, stop = column(trace, "transfers", "start"), column(trace, "transfers", "stop")
    known = np.isfinite(start) & np.isfinite(stop)
    names = ("producer", "consumer", "destination", "start", "stop")
    return Moves(*(column(trace, "transfers", name)[known] for name in names))
