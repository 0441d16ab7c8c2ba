"""The tasks of a segment: one a block."""

from __future__ import annotations

from collections.abc import Sequence

from dask._task_spec import Task, TaskRef

from daskcnn.blocks.layer import BlockLayer, Input, Key
from daskcnn.blocks.task import compute
from daskcnn.kernels import Step, Steps
from daskcnn.segment import Segment


def block_keys(segment: Segment, tag: str) -> list[Key]:
    """Keys of a segment's blocks as `dask.array` has them, tiles fastest."""
    name, layout = f"{segment.name}-{tag}", segment.last.layout
    return [(name, batch, *tile) for batch in range(len(layout.batches)) for tile in layout.tile_indices]


def steps(segment: Segment, tile: int) -> Steps:
    """The segment's layers as they are for one tile."""
    inputs = len(segment.first.inputs)
    found = []
    for number, stage in enumerate(segment.stages):
        own = stage.tiles[tile]
        reads = tuple(range(inputs)) if number == 0 else (inputs + number - 1,)
        found.append(Step(own.op, reads, tuple(name for name, _ in own.weights)))
    return tuple(found)


def tasks(
    segment: Segment, inputs: Sequence[Sequence[Input]], weights: Sequence[Key], engine: str, tag: str
) -> BlockLayer:
    """A task for each block that gathers what it reads and computes the segment's layers.

    Parameters
    ----------
    segment : Segment
    inputs : sequence of sequences of Input
        For each input of the first layer and each block.
    weights : sequence of keys
        For each block the task that holds its parameters.
    engine : str
    tag : str
        Of the keys.
    """
    read = {key[0] for own in inputs for _, carriers in own for key in carriers} | {key[0] for key in weights}
    layer, layout = BlockLayer(segment.name, tag, frozenset(read)), segment.last.layout
    tiles = range(len(layout.tiles))
    programs = [steps(segment, tile) for tile in tiles]
    blocks = (
        (stop - start, tile, own[tile])
        for (start, stop), own in zip(layout.batches, layout.owners, strict=True)
        for tile in tiles
    )
    costs = {
        (images, tile): (segment.operations(images, tile), segment.nbytes(images, tile))
        for images in {stop - start for start, stop in layout.batches}
        for tile in tiles
    }
    rows = zip(block_keys(segment, tag), blocks, weights, zip(*inputs, strict=True), strict=True)
    for key, (images, tile, owner), held, own in rows:
        gathers = tuple(gather for gather, _ in own)
        carriers = (TaskRef(carrier) for _, keys in own for carrier in keys)
        task = Task(key, compute, engine, programs[tile], gathers, TaskRef(held), *carriers)
        layer.add(task, owner, *costs[images, tile])
    return layer
