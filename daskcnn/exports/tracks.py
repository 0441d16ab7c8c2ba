"""Slices of time in as few tracks as keep them apart."""

from collections import defaultdict
from heapq import heappop, heappush

import numpy as np
from numpy.typing import ArrayLike, NDArray


def tracks(group: ArrayLike, start: ArrayLike, stop: ArrayLike) -> NDArray[np.int64]:
    """For each slice the number of a track among those of its group, on which it overlaps no other.

    Parameters
    ----------
    group : (slice,) int
    start, stop : (slice,) float

    Returns
    -------
    (slice,) int
        As few tracks for each group as slices of it last at any one time.

    Examples
    --------
    >>> tracks([0, 0, 0, 1], start=[0, 1, 2, 1], stop=[2, 3, 4, 2])
    array([0, 1, 0, 0])
    """
    start, stop, group = np.asarray(start), np.asarray(stop), np.asarray(group)
    found = np.zeros(start.size, np.int64)
    free: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for place in np.lexsort((stop, start)):
        own = free[int(group[place])]
        track = heappop(own)[1] if own and own[0][0] <= start[place] else len(own)
        heappush(own, (float(stop[place]), track))
        found[place] = track
    return found
