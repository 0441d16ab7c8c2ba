"""What a worker did, or could not do, while its threads waited: spilling, being paused, receiving."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from daskcnn.blame.causes import CAUSES, COMPUTE, DESERIALIZE, OTHER, PAUSED, SPILL, TRANSFER
from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.pieces import Pieces, runs
from daskcnn.blame.repeats import column

IDLE = [cause for cause in range(len(CAUSES)) if cause != COMPUTE]


@dataclass(frozen=True, eq=False)
class Cover:
    """Spans of workers in which a cause takes the place of others."""

    cause: int
    onto: Sequence[int]
    """The causes whose place it takes."""
    worker: Ints
    """(span,) Sorted by worker and time, without overlap."""
    start: Floats
    stop: Floats


def covers(trace: xr.DataTree) -> list[Cover]:
    """Those of a trace, the later the stronger.

    A thread whose worker is paused, or spills, waits for that whatever else it may wait for; what has begun to load
    goes on in a paused worker. Of what a transfer to the worker covers, nothing else may be known.
    """
    kind, worker, begun, lasting = (column(trace, "events", name) for name in ("kind", "worker", "time", "duration"))
    spills, pauses = np.isin(kind, ("spill", "unspill")), kind == "paused"
    paused = [cause for cause in IDLE if cause != DESERIALIZE]
    moves = (column(trace, "transfers", name) for name in ("destination", "start", "stop"))
    return [
        _merged(TRANSFER, [OTHER], *moves),
        _merged(PAUSED, paused, worker[pauses], begun[pauses], (begun + lasting)[pauses]),
        _merged(SPILL, IDLE, worker[spills], begun[spills], (begun + lasting)[spills]),
    ]


def covered(pieces: Pieces, over: Sequence[Cover]) -> Pieces:
    """The pieces, cut where spans begin and end, with the spans' causes within."""
    for cover in over:
        under = np.isin(pieces.cause, cover.onto)
        if cover.worker.size and under.any():
            pieces = Pieces.joined([pieces.take(~under), *_cut(pieces.take(under), cover)])
    return pieces


def _merged(cause: int, onto: Sequence[int], worker: Ints, start: Floats, stop: Floats) -> Cover:
    """Spans as one cover; those that overlap or touch become one, those that last no time none."""
    lasting = start < stop
    worker, start, stop = worker[lasting], start[lasting], stop[lasting]
    step = np.repeat([1, -1], worker.size)
    at, time = np.r_[worker, worker], np.r_[start, stop]
    order = np.lexsort((-step, time, at))
    step, at, time = step[order], at[order], time[order]
    depth = step.cumsum()
    opens, closes = (step > 0) & (depth == 1), (step < 0) & (depth == 0)
    return Cover(cause, onto, at[opens], time[opens], time[closes])


def _cut(pieces: Pieces, cover: Cover) -> tuple[Pieces, Pieces]:
    """What of the pieces lies within the spans, and what does not."""
    # Complex numbers sort by worker, then by time.
    at = pieces.worker
    first = np.searchsorted(cover.worker + 1j * cover.stop, at + 1j * pieces.start, side="right")
    last = np.searchsorted(cover.worker + 1j * cover.start, at + 1j * pieces.stop, side="left")
    spans = np.maximum(last - first, 0)
    which, number = runs(spans)
    inside, span = pieces.take(which), first[which] + number
    within = (np.maximum(inside.start, cover.start[span]), np.minimum(inside.stop, cover.stop[span]))
    which, number = runs(spans + 1)
    outside, span = pieces.take(which), first[which] + number
    starts = np.where(number > 0, np.r_[cover.stop, np.nan][span - 1], outside.start)
    stops = np.where(number < spans[which], np.r_[cover.start, np.nan][span], outside.stop)
    return (
        Pieces.of(inside.owner, inside.worker, *within, cover.cause),
        Pieces.of(outside.owner, outside.worker, starts, stops, outside.cause, outside.task),
    )
