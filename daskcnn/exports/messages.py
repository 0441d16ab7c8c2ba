"""Messages from worker to worker: slices on threads of their own, and arrows from the tasks whose results they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blame.lanes import Lanes
from daskcnn.exports.events import Event, Track, arrow, called, is_known, lasting, micros
from daskcnn.exports.tracks import tracks

Ints = NDArray[np.int64]
KIND = "transfer"


@dataclass(frozen=True, eq=False)
class Messages:
    """What came in one message."""

    of_row: Ints
    """(row,) The message of each transfer that is shown."""
    receiver: Ints
    """(message,) The worker that it came to."""
    start: NDArray[np.float64]
    """(message,) In µs, as is its end."""
    stop: NDArray[np.float64]


def messages(trace: xr.DataTree, of: Lanes, names: list[str], first: int) -> Iterator[Event]:
    """The messages of a trace.

    Parameters
    ----------
    trace : xarray.DataTree
    of : Lanes
        Its lanes.
    names : (worker,) list of str
        What the workers are called.
    first : int
        The number of the thread of the first lane; the messages' threads are numbered on from the last one's.
    """
    rows = trace["transfers"].dataset
    known = np.isfinite(rows["start"].values) & np.isfinite(rows["stop"].values)
    for end in ("source", "destination"):
        known &= (rows[end].values >= 0) & (rows[end].values < len(names))
    rows = rows.isel(transfer=known)
    if not rows.sizes["transfer"]:
        return
    found = _grouped(rows)
    place = tracks(found.receiver, found.start, found.stop)
    pairs, track = np.unique(np.stack([found.receiver, place]), axis=1, return_inverse=True)
    threads = [(worker + 1, first + of.worker.size + number) for number, worker in enumerate(pairs[0].tolist())]
    for thread, number in zip(threads, pairs[1].tolist(), strict=True):
        yield called("thread_name", f"received {number}" if number else "received", thread)
    on = [threads[number] for number in track.tolist()]
    yield from _slices(rows, found, names, on)
    yield from _arrows(trace["tasks"].dataset, rows, found, of, first, on)


def _grouped(rows: xr.Dataset) -> Messages:
    gather, source, destination = (rows[name].values for name in ("gather", "source", "destination"))
    # Of what is not known to have come with others, each row is a message.
    alone = -1 - np.arange(gather.size)
    each = np.stack([np.where(gather >= 0, gather, alone), source, destination])
    unique, of_row = np.unique(each, axis=1, return_inverse=True)
    start, stop = np.full(unique.shape[1], np.inf), np.full(unique.shape[1], -np.inf)
    begin = micros(rows["start"].values)
    np.minimum.at(start, of_row, begin)
    np.maximum.at(stop, of_row, np.maximum(begin, micros(rows["stop"].values)))
    return Messages(of_row, unique[2], start, stop)


def _slices(rows: xr.Dataset, found: Messages, names: list[str], on: list[Track]) -> Iterator[Event]:
    order = np.argsort(found.of_row, kind="stable")
    parts = np.split(order, np.searchsorted(found.of_row[order], np.arange(1, len(on))))
    times = zip(found.start.tolist(), found.stop.tolist(), strict=True)
    for part, track, (start, stop) in zip(parts, on, times, strict=True):
        sums = {
            "bytes (B)": int(rows["bytes"].values[part].sum()),
            "serialize (s)": float(rows["serialize"].values[part].sum()),
            "deserialize (s)": float(rows["deserialize"].values[part].sum()),
        }
        args: dict[str, Any] = {name: value for name, value in sums.items() if is_known(value)}
        args |= {"keys": rows["key"].values[part].tolist(), "repeat": int(rows["repeat"].values[part[0]])}
        source = names[rows["source"].values[part[0]]]
        yield lasting(f"from {source}", KIND, track, start, stop, args)


def _arrows(
    tasks: xr.Dataset, rows: xr.Dataset, found: Messages, of: Lanes, first: int, on: list[Track]
) -> Iterator[Event]:
    """From the middle of the task to that of the message: viewers look for what lasts at that time."""
    made = np.round(micros((tasks["start"].values + tasks["stop"].values) / 2), 3)
    came = np.round((found.start + found.stop) / 2, 3)
    for row, (message, task) in enumerate(zip(found.of_row.tolist(), rows["producer"].values.tolist(), strict=True)):
        lane = of.of_task[task] if 0 <= task < of.of_task.size else -1
        # Clocks that differ may let a message come before it is made; an arrow goes forward.
        if lane >= 0 and made[task] <= came[message]:
            begin = (int(of.worker[lane]) + 1, first + int(lane)), float(made[task])
            yield from arrow(row + 1, KIND, begin, (on[message], float(came[message])))
