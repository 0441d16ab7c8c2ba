"""The tasks of a segment: one a block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from dask._task_spec import Task, TaskRef

from daskcnn.blocks.gather import Gather
from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.task import compute
from daskcnn.exchange import Read
from daskcnn.kernels import Step, Steps
from daskcnn.region import counts
from daskcnn.segment import Segment

Carried = tuple[Sequence[Sequence[Read]], Sequence[Sequence[Key]]]
"""For one input and each block what it reads, and the keys that carry it."""


def block_keys(segment: Segment, tag: str) -> list[Key]:
    """Keys of a segment's blocks as `dask.array` has them, last axis fastest."""
    shape = counts(segment.last.layout.grid)
    return [(f"{segment.name}-{tag}", *index) for index in product(*map(range, shape))]


def steps(segment: Segment, block: int) -> Steps:
    """The segment's layers as they are for one block."""
    inputs = len(segment.first.inputs)
    found = []
    for number, stage in enumerate(segment.stages):
        op, _ = stage.locals(block)
        reads = tuple(range(inputs)) if number == 0 else (inputs + number - 1,)
        names = tuple(
            f"{stage.layer.name}.{name}" for name in stage.op.weights(stage.layout.blocks[block], *stage.inputs)
        )
        found.append(Step(op, reads, names))
    return tuple(found)


def tasks(segment: Segment, inputs: Sequence[Carried], weights: Sequence[Key], engine: str, tag: str) -> BlockLayer:
    """A task for each block that gathers what it reads and computes the segment's layers.

    Parameters
    ----------
    segment : Segment
    inputs : sequence of Carried
        One an input of the first layer.
    weights : sequence of keys
        For each block the task that holds its parameters.
    engine : str
    tag : str
        Of the keys.
    """
    read = {key[0] for _, keys in inputs for own in keys for key in own} | {key[0] for key in weights}
    layer = BlockLayer(segment.name, tag, frozenset(read))
    for block, key in enumerate(block_keys(segment, tag)):
        gathers = tuple(
            Gather.of(need[block], reads[block]) for need, (reads, _) in zip(segment.first.needs, inputs, strict=True)
        )
        carriers = (TaskRef(carrier) for _, keys in inputs for carrier in keys[block])
        task = Task(key, compute, engine, steps(segment, block), gathers, TaskRef(weights[block]), *carriers)
        owner = segment.last.layout.owners[block]
        layer.add(task, owner, segment.operations(block), segment.block_bytes(block))
    return layer
