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
    outside = {(stage.layer.name, number): place for place, (stage, number) in enumerate(segment.reads)}
    inside = {stage.layer.name: place for place, stage in enumerate(segment.stages, start=len(outside))}
    return tuple(
        Step(
            stage.tiles[tile].op,
            tuple(
                outside[stage.layer.name, number] if (stage.layer.name, number) in outside else inside[name]
                for number, name in enumerate(stage.layer.inputs)
            ),
            tuple(name for name, _ in stage.tiles[tile].weights),
        )
        for stage in segment.stages
    )


def tasks(
    segment: Segment, inputs: Sequence[Sequence[Input]], weights: Sequence[Key], engine: str, tag: str
) -> BlockLayer:
    """A task for each block that gathers what it reads and computes the segment's layers.

    Parameters
    ----------
    segment : Segment
    inputs : sequence of sequences of Input
        For each of what the segment reads and each block.
    weights : sequence of keys
        For each block the task that holds its parameters.
    engine : str
    tag : str
        Of the keys.
    """
    read = {key[0] for own in inputs for _, carriers in own for key in carriers} | {key[0] for key in weights}
    layer, layout = BlockLayer(segment.name, tag, frozenset(read), segment.exchange), segment.last.layout
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
