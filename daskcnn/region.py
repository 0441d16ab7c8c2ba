"""Boxes of an array: intervals along each axis, and the grids that cut an array into blocks."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise, product

Shape = tuple[int, ...]
Interval = tuple[int, int]
Region = tuple[Interval, ...]
Grid = tuple[tuple[int, ...], ...]
"""For each axis the boundaries of its blocks, from 0 to the axis' size."""
FLOAT = 4
"""Bytes of an element of images, parameters and nearly all that is computed of them: float32."""


def cut(size: int, parts: int) -> tuple[int, ...]:
    """Boundaries of `parts` blocks along an axis, their sizes as even as can be, larger ones first.

    >>> cut(7, 2)
    (0, 4, 7)
    """
    small, large = divmod(size, parts)
    return tuple(part * small + min(part, large) for part in range(parts + 1))


def whole(shape: Shape) -> Region:
    """The region that is all of an array."""
    return tuple((0, size) for size in shape)


def shape_of(region: Region) -> Shape:
    """How long a region is along each axis."""
    return tuple(stop - start for start, stop in region)


def size_of(region: Region) -> int:
    """How many elements a region holds."""
    return math.prod(shape_of(region))


def contains(outer: Region, inner: Region) -> bool:
    """Whether every element of `inner` lies in `outer`."""
    return all(a <= c and d <= b for (a, b), (c, d) in zip(outer, inner, strict=True))


def overlap(one: Region, other: Region) -> Region | None:
    """The box that two regions share, if they do.

    >>> overlap(((0, 4), (0, 4)), ((2, 6), (3, 9)))
    ((2, 4), (3, 4))
    """
    shared = tuple((max(a, c), min(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))
    return shared if all(start < stop for start, stop in shared) else None


def without(region: Region, other: Region) -> list[Region]:
    """What is left of a region outside another, as boxes that share nothing.

    >>> without(((0, 4), (0, 4)), ((2, 6), (3, 9)))
    [((0, 2), (0, 4)), ((2, 4), (0, 3))]
    """
    shared = overlap(region, other)
    if shared is None:
        return [region]
    left = []
    for axis, ((start, stop), (first, last)) in enumerate(zip(region, shared, strict=True)):
        sides = (side for side in ((start, first), (last, stop)) if side[0] < side[1])
        left += [(*shared[:axis], side, *region[axis + 1 :]) for side in sides]
    return left


def slices(region: Region, origin: Region) -> tuple[slice, ...]:
    """Slices that take `region` out of a block that lies at `origin`.

    >>> slices(((4, 6),), origin=((3, 9),))
    (slice(1, 3, None),)
    """
    return tuple(slice(a - o, b - o) for (a, b), (o, _) in zip(region, origin, strict=True))


def blocks_of(grid: Grid) -> list[Region]:
    """The regions of a grid's blocks, last axis fastest."""
    return list(product(*(tuple(pairwise(bounds)) for bounds in grid)))


def counts(grid: Grid) -> Shape:
    """How many blocks a grid has along each axis."""
    return tuple(len(bounds) - 1 for bounds in grid)


def chunks(grid: Grid) -> tuple[tuple[int, ...], ...]:
    """The block sizes of a grid, as `dask.array` writes them.

    >>> chunks(((0, 4, 7),))
    ((4, 3),)
    """
    return tuple(tuple(stop - start for start, stop in pairwise(bounds)) for bounds in grid)


def block_at(bounds: Sequence[int], index: int) -> int:
    """The block along one axis that an index lies in.

    >>> block_at((0, 4, 7), 4)
    1
    """
    return bisect_right(bounds, index) - 1


def overlaps(bounds: tuple[int, ...], interval: Interval) -> list[tuple[int, Interval]]:
    """The blocks along one axis that an interval touches, each with the part it touches; none if it is empty.

    >>> overlaps((0, 4, 7), (3, 6))
    [(0, (3, 4)), (1, (4, 6))]
    """
    start, stop = interval
    if start >= stop:
        return []
    first, last = block_at(bounds, start), bisect_left(bounds, stop)
    return [(i, (max(start, bounds[i]), min(stop, bounds[i + 1]))) for i in range(first, last)]
