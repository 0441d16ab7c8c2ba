"""The tasks that write a kept output: each worker its own blocks, whole chunks of the store."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dask._task_spec import Task, TaskRef
from numpy.typing import NDArray

from daskcnn.blocks.gather import Gather
from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.sends import Sends, inputs
from daskcnn.exchange import Exchange, exchange
from daskcnn.layout import Layout
from daskcnn.region import Interval, Region, counts, overlaps
from daskcnn.sink import Target, aligned, write_block

COUNT = 28
"""Bytes of a small integer, which is all that a write gives back."""


def writes(
    name: str, layout: Layout, keys: Sequence[Key], itemsize: int, target: Target, tag: str
) -> tuple[BlockLayer, BlockLayer]:
    """The slices that change hands at boundaries of chunks, and a task for each block that is written.

    Blocks need not end where chunks do, and no two workers may write to one chunk at once. So what is written are
    the blocks with their boundaries moved to those of chunks (`written`); the slices in between, none where the
    boundaries agree, are sent like a halo.

    Parameters
    ----------
    name : str
        Of the layer whose output is kept.
    layout : Layout
        Of that output.
    keys : sequence of keys
        Of its blocks, tiles fastest.
    itemsize : int
        Bytes of an element.
    target : Target
        Any array of the output's shape, however it was cut when that was made.
    tag : str
        Of the keys.

    Returns
    -------
    BlockLayer, BlockLayer
        The first may have no task. A task of the second gives the number of bytes that it has written.
    """
    consumer, sent = written(layout, target)
    slices = BlockLayer(f"{name}.align", tag, frozenset({keys[0][0]}))
    read = list(inputs(Sends(layout, keys, itemsize, slices), sent, consumer.tiles))
    used = {key[0] for _, carriers in read for key in carriers}
    layer = BlockLayer(f"{name}.write", tag, frozenset(used))
    indices = [(batch, *tile) for batch in range(len(consumer.batches)) for tile in consumer.tile_indices]
    for index, (region, owner), (gather, carriers) in zip(indices, consumer.blocks, read, strict=True):
        task = Task((layer.name, *index), write, target, region, gather, *map(TaskRef, carriers))
        layer.add(task, owner, 0, COUNT)
    return slices, layer


def written(layout: Layout, target: Target) -> tuple[Layout, Exchange]:
    """The blocks that are written, each by the worker that has most of it, and what is sent for them."""
    grid = aligned(layout.grid, target.chunks)
    batches, *axes = (
        [_most(have, block) for block in pairwise(want)] for have, want in zip(layout.grid, grid, strict=True)
    )
    tiles = [0]
    for own, size in zip(axes, counts(layout.grid[1:]), strict=True):
        tiles = [tile * size + index for tile in tiles for index in own]
    owners = tuple(tuple(layout.owners[batch][tile] for tile in tiles) for batch in batches)
    consumer = Layout(grid, owners)
    return consumer, exchange(layout, consumer, consumer.tiles)


def write(target: Target, region: Region, gather: Gather, *carriers: NDArray[Any]) -> int:
    """Write a block, as many images at a time as a chunk has; the bytes written."""
    (first, last), *rest = region
    return sum(
        write_block(gather.images(start - first, stop - first, carriers), target, ((start, stop), *rest))
        for start in range(first, last, target.chunks[0])
        for stop in [min(start + target.chunks[0], last)]
    )


def _most(bounds: tuple[int, ...], interval: Interval) -> int:
    """Which of the blocks along an axis has most of an interval."""
    return max(overlaps(bounds, interval), key=lambda part: part[1][1] - part[1][0])[0]
