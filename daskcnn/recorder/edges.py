"""Which run reads the result of which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daskcnn.recorder.lookup import Ints, latest, taken
from daskcnn.recorder.tasks import Tasks


@dataclass(frozen=True)
class Reads:
    """Every run with every key that it reads."""

    reader: Ints
    """(read,) Task that reads."""
    key: Ints
    """(read,) Number of the key that is read."""
    read: Ints
    """(read,) Task that made it, -1 if none did while it was recorded."""


def reads(readers: Ints, read: Ints, tasks: Tasks) -> Reads:
    """What each run reads, from the edges of graphs between keys.

    The run that is read is the one whose result came into memory last before the reader was sent: the scheduler's own
    order, which needs no clocks.
    """
    # A graph that is sent again brings its edges again.
    base = int(read.max(initial=0)) + 1
    readers, read = np.divmod(np.unique(readers * base + read), base)
    low, high = (np.searchsorted(readers, tasks.key, side) for side in ("left", "right"))
    count = high - low
    reader = np.repeat(np.arange(len(count)), count)
    key = read[np.arange(len(reader)) + np.repeat(low - np.cumsum(count) + count, count)]
    heard = np.flatnonzero(tasks.heard >= 0)
    found = latest(tasks.key[heard], tasks.heard[heard], key, tasks.sent[reader])
    return Reads(reader, key, taken(heard, found))
