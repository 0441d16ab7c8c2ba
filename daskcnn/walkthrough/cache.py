"""Where a box of an array lies in memory: its contiguous runs, and the cache lines that it touches."""

from __future__ import annotations

import math

import numpy as np

from daskcnn.region import FLOAT, Region, Shape, shape_of, size_of

LINE = 64
"""Bytes of a cache line on nearly all processors."""


def strides(shape: Shape, itemsize: int = FLOAT) -> Shape:
    """Bytes from an element to the next along each axis, in C order.

    >>> strides((100, 32, 26, 26))
    (86528, 2704, 104, 4)
    """
    return tuple(itemsize * math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def runs(shape: Shape, region: Region) -> tuple[int, int]:
    """How many contiguous runs a box of an array in C order has, and the elements of each.

    >>> runs((32, 26, 26), ((0, 8), (0, 26), (0, 26))), runs((32, 26, 26), ((0, 32), (0, 13), (0, 26)))
    ((1, 5408), (32, 338))
    """
    length, sizes = 1, list(zip(shape, shape_of(region), strict=True))
    while sizes:
        whole, own = sizes.pop()
        length *= own
        if own < whole:
            break
    return math.prod(own for _, own in sizes), length


def fewest_lines(elements: int, itemsize: int = FLOAT) -> int:
    """Cache lines that so many elements take at the least.

    >>> fewest_lines(28), fewest_lines(28 * 28)
    (2, 49)
    """
    return -(-elements * itemsize // LINE)


def lines(shape: Shape, region: Region, itemsize: int = FLOAT) -> int:
    """Cache lines that a box touches, of an array in C order whose first element begins a line.

    Counted axis by axis, innermost first, for every place that the first element can have in its line: where a box is
    repeated, places come again after as many steps as a line has elements, and each two neighbours share one line
    or none.

    Parameters
    ----------
    shape : Shape
        Of the array.
    region : Region
        The box; an empty one touches no line.
    itemsize : int
        Bytes of an element, a divisor of 64.

    Examples
    --------
    A row of 28 floats lies in two lines or three, a column in 28; two rows may share a line.

    >>> [lines((28, 28), ((row, row + 1), (0, 28))) for row in range(4)]
    [2, 3, 3, 2]
    >>> lines((28, 28), ((0, 28), (0, 1))), lines((28, 28), ((0, 2), (0, 28)))
    (28, 4)
    """
    if not size_of(region):
        return 0
    own = LINE // itemsize
    places = np.arange(own)
    found = np.ones(own, dtype=np.int64)
    first, last, step = 0, 0, 1
    for size, (start, stop) in zip(reversed(shape), reversed(region), strict=True):
        at = (places[:, np.newaxis] + step * places) % own
        shared = (places + last) // own == (places + step) // own
        found = found[at] @ _times(stop - start, own) - shared[at] @ _times(stop - start - 1, own)
        first += start * step
        last += (stop - start - 1) * step
        step *= size
    return int(found[first % own])


def row_lines(shape: Shape, itemsize: int = FLOAT) -> tuple[int, int]:
    """The fewest and the most cache lines that a run along the last axis lies in.

    >>> row_lines((1, 28, 28)), row_lines((16, 64, 224, 224))
    ((2, 3), (14, 14))
    """
    own, length = LINE // itemsize, shape[-1]
    # Where rows begin in a line comes again after as many rows as a line has elements.
    starts = np.arange(min(math.prod(shape[:-1]), own)) * length % own
    found = (starts + length - 1) // own + 1
    return int(found.min()), int(found.max())


def column_lines(shape: Shape, itemsize: int = FLOAT) -> int:
    """Cache lines of the first run along the axis before the last; of the only axis where there is one."""
    axis = max(len(shape) - 2, 0)
    return lines(shape, tuple((0, size if number == axis else 1) for number, size in enumerate(shape)), itemsize)


def _times(count: int, places: int) -> np.typing.NDArray[np.int64]:
    """How often each place comes in so many steps."""
    return count // places + (np.arange(places) < count % places).astype(np.int64)
