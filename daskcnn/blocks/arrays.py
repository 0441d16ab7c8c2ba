"""Reading from a dask array, however it is chunked, and wherever its blocks will be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, cast

import dask.array as da
import numpy as np
from dask.core import flatten
from numpy.typing import NDArray

from daskcnn.blocks.layer import BlockLayer, Input
from daskcnn.blocks.sends import Sends, inputs
from daskcnn.errors import UsageError
from daskcnn.exchange import exchange
from daskcnn.layout import Layout
from daskcnn.region import Grid, Region


def grid_of(array: da.Array) -> Grid:
    """The boundaries of an array's chunks.

    >>> import dask.array as da
    >>> grid_of(da.zeros((7, 4), chunks=(4, 4)))
    ((0, 4, 7), (0, 4))
    """
    return tuple(tuple(accumulate(sizes, initial=0)) for sizes in array.chunks)


def readable(array: da.Array | NDArray[Any]) -> da.Array:
    """An array, NumPy's too, as float32 in chunks of known sizes none of which is empty.

    Raises
    ------
    UsageError
        A chunk's size is not known, there is nothing along an axis, or values are complex.
    """
    found: da.Array = da.asarray(array)
    if found.dtype.kind in "cSUOmM":
        raise UsageError(f"values of dtype {found.dtype} are no real numbers; take their real part first")
    if np.isnan(found.shape).any():
        raise UsageError(f"an axis of shape {found.shape} is not known; call compute_chunk_sizes() first")
    if 0 in found.shape:
        raise UsageError(f"an array of shape {found.shape} holds nothing; give one with 1 or more along each axis")
    chunks = tuple(tuple(size for size in sizes if size) for sizes in found.chunks)
    return cast(da.Array, found.rechunk(chunks).astype(np.float32))


def nobodys(grid: Grid) -> Layout:
    """A layout in which each block is on a worker of its own, as none is known."""
    layout = Layout(grid, ())
    tiles = len(layout.tiles)
    owners = tuple(tuple(range(batch * tiles, (batch + 1) * tiles)) for batch in range(len(layout.batches)))
    return Layout(grid, owners)


def read_array(
    array: da.Array, consumer: Layout, needs: Sequence[Region], label: str, tag: str
) -> tuple[BlockLayer, list[Input]]:
    """Tasks that slice the array's blocks where they lie, and for each of the consumer's blocks what it reads.

    Parameters
    ----------
    array : dask.array.Array
        Float32, images along the first axis.
    consumer : Layout
        Of the tensor computed from it.
    needs : sequence of Region
        For each of the consumer's tiles the box of each image that it reads.
    label, tag : str
        Of the layer of slices.
    """
    producer = nobodys(grid_of(array))
    layer = BlockLayer(label, tag, frozenset({array.name}))
    sends = Sends(producer, list(flatten(array.__dask_keys__())), array.dtype.itemsize, layer)
    return layer, list(inputs(sends, exchange(producer, consumer, needs), needs))
