"""Threads that run one task at a time."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from daskcnn.recorder.lookup import Table

SLACK = 0.05
"""Seconds by which stamps may be off that are not exact."""


def apart(table: Table, exact: npt.NDArray[np.bool_]) -> None:
    """Part the runs that overlap in one thread of one worker.

    Of coroutines, which share a thread, and of other processes behind a worker, where threads have the same names, each
    that runs at the same time as others gets a number of its own. Stamps that are not exact give way.

    Parameters
    ----------
    table : mapping of str to array
        `worker`, `thread`, `start` and `stop` of each run; the last three are changed in place.
    exact : (task,) bool
        Whether start and stop are the worker's own, taken where it computed.
    """
    worker, thread, start, stop = (table[name] for name in ("worker", "thread", "start", "stop"))
    shared = ~exact | np.isnan(table["cpu"])
    places = list(zip(worker.tolist(), thread.tolist(), strict=True))
    doubtful = {places[row] for row in np.flatnonzero(shared)}
    lanes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in np.argsort(start, kind="stable") if doubtful else ():
        if places[row] not in doubtful:
            continue
        lasts = lanes[places[row]]
        for lane, last in enumerate(lasts):
            if _follows(row, last, start, stop, exact):
                lasts[lane] = row
                break
        else:
            lane = len(lasts)
            lasts.append(row)
        thread[row] += lane


def _follows(
    row: int, last: int, start: npt.NDArray[np.float64], stop: npt.NDArray[np.float64], exact: npt.NDArray[np.bool_]
) -> bool:
    """Whether a run begins when the last one of a lane has ended, or can be made to."""
    over = stop[last] - start[row]
    if 0 < over <= SLACK and not exact[row]:
        start[row], stop[row] = stop[last], max(stop[last], stop[row])
    elif 0 < over <= SLACK and not exact[last] and start[last] <= start[row]:
        stop[last] = start[row]
    return bool(stop[last] <= start[row])
