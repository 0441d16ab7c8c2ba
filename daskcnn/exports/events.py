"""Events of the Trace Event Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from daskcnn.exports.table import titled

Event = dict[str, Any]
Track = tuple[int, int]
"""Numbers of a process and of a thread in it."""


def micros(seconds: ArrayLike) -> NDArray[np.float64]:
    """Times in µs, to the ns, which is as fine as viewers go.

    >>> micros([0.0012345678])
    array([1234.568])
    """
    return np.round(np.asarray(seconds, float) * 1e6, 3)


def called(kind: str, name: str, track: Track) -> Event:
    """The name of a process (`process_name`) or of a thread (`thread_name`)."""
    process, thread = track
    return {"ph": "M", "name": kind, "pid": process, "tid": thread, "args": {"name": name}}


def lasting(name: str, kind: str, track: Track, start: float, stop: float, args: dict[str, Any]) -> Event:
    """A slice: something that lasts from `start` to `stop`, in µs."""
    process, thread = track
    times = {"ts": start, "dur": round(stop - start, 3)}
    return {"ph": "X", "name": name, "cat": kind, "pid": process, "tid": thread, **times, "args": args}


def arrow(number: int, kind: str, begin: tuple[Track, float], end: tuple[Track, float]) -> Iterator[Event]:
    """From the slice that is on a track at a time to that on another track at another time."""
    for phase, ((process, thread), at) in (("s", begin), ("f", end)):
        event = {"ph": phase, "id": number, "name": kind, "cat": kind, "pid": process, "tid": thread, "ts": at}
        yield event | ({"bp": "e"} if phase == "f" else {})


def arguments(table: xr.Dataset, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What is known of each row: columns with their units, and values."""
    titles = [titled(table[name]) for name in columns]
    for row in zip(*(table[name].values.tolist() for name in columns), strict=True):
        yield {title: value for title, value in zip(titles, row, strict=True) if is_known(value)}


def is_known(value: object) -> bool:
    """Whether a value is one, and JSON has it."""
    return math.isfinite(value) if isinstance(value, float) else value != ""
