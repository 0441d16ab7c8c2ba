"""Pieces of lanes as bars that can be seen: what is shorter than a pixel is one with its neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pieces:
    """Arrays (piece,), by lane and in it by time: those of a lane tile it."""

    lane: Ints
    start: Floats
    stop: Floats
    kind: Ints
    """What the lane does, or why it does nothing."""
    part: Ints
    """Of that kind which."""


@dataclass(frozen=True, eq=False)
class Bars:
    """Arrays (bar,): one piece, or several that are too short to be seen."""

    lane: Ints
    start: Floats
    stop: Floats
    kind: Ints
    """That takes most of the time of the bar."""
    part: Ints
    """That takes most of that kind's."""
    longest: Ints
    """Place among the pieces of the longest piece of that kind and part."""
    count: Ints
    """Pieces."""
    share: Floats
    """Of the bar's time that the kind takes."""


def merged(pieces: Pieces, begin: float, end: float, pixel: float) -> Bars:
    """The bars of what lies between two times: at most two a pixel and lane.

    A piece that lasts a pixel or more is a bar of its own. Of shorter ones, those with their middles in one pixel
    and nothing longer between them are one bar; bars tile the lanes as the pieces do.

    Parameters
    ----------
    pieces : Pieces
    begin, end, pixel : float
        Seconds.

    Examples
    --------
    >>> zero, stop = np.zeros(4, int), np.array([2.0, 2.25, 2.75, 4.0])
    >>> pieces = Pieces(zero, np.r_[0.0, stop[:-1]], stop, np.array([0, 1, 2, 0]), zero)
    >>> bars = merged(pieces, 0.0, 4.0, 1.0)
    >>> bars.start, bars.kind, bars.count, bars.share.round(2)
    (array([0.  , 2.  , 2.75]), array([0, 2, 0]), array([1, 2, 1]), array([1.  , 0.67, 1.  ]))
    """
    seen = np.flatnonzero((pieces.stop > begin) & (pieces.start < end))
    lane, kind, part = (column[seen] for column in (pieces.lane, pieces.kind, pieces.part))
    start, stop = pieces.start[seen], pieces.stop[seen]
    short, pixels = stop - start < pixel, np.floor((start + stop) / 2 / pixel)
    new = np.ones(seen.size, bool)
    new[1:] = (np.diff(lane) != 0) | ~(short[1:] & short[:-1]) | (np.diff(pixels) != 0)
    first = np.flatnonzero(new)
    if not first.size:
        return Bars(lane, start, stop, kind, part, lane, lane, start)
    bar, last = np.cumsum(new) - 1, np.append(first[1:], seen.size) - 1
    by_kind = _added(bar, kind, stop - start)
    most = by_kind.argmax(axis=1)
    leading = np.where(kind == most[bar], stop - start, 0.0)
    best = _added(bar, part, leading).argmax(axis=1)
    leading = np.where(part == best[bar], leading, 0.0)
    # Of those that are as long, the first.
    longest = np.flatnonzero(leading == np.maximum.reduceat(leading, first)[bar])
    longest = longest[np.diff(bar[longest], prepend=-1) > 0]
    share = by_kind.max(axis=1) / by_kind.sum(axis=1)
    return Bars(lane[first], start[first], stop[last], most, best, seen[longest], last - first + 1, share)


def _added(bar: Ints, code: Ints, seconds: Floats) -> Floats:
    """(bar, code) The seconds of each code in each bar."""
    codes, bars = int(code.max()) + 1, int(bar[-1]) + 1
    return np.asarray(np.bincount(bar * codes + code, seconds, bars * codes), float).reshape(bars, codes)
