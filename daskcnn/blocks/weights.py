"""The parameters that blocks need, once on each worker."""

from __future__ import annotations

from dask._task_spec import Task

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.kernels import Weights
from daskcnn.network import Parameters
from daskcnn.region import Region
from daskcnn.segment import Segment

Needed = tuple[tuple[str, Region], ...]


def needed(segment: Segment, block: int) -> Needed:
    """Names and regions of the parameters of one block."""
    return tuple(
        (f"{stage.layer.name}.{name}", region)
        for stage in segment.stages
        for name, region in stage.op.weights(stage.layout.blocks[block], *stage.inputs).items()
    )


def weights(segment: Segment, parameters: Parameters, tag: str) -> tuple[BlockLayer, list[Key]]:
    """A task for each set of parameters that a worker holds, and for each of the segment's blocks its key."""
    layer = BlockLayer(f"{segment.name}.weights", tag)
    known: dict[tuple[Needed, int], Key] = {}
    keys = []
    for block, owner in enumerate(segment.last.layout.owners):
        place = needed(segment, block), owner
        if place not in known:
            known[place] = (layer.name, len(known))
            own = taken(parameters, place[0])
            layer.add(Task(known[place], Weights, own), owner, 0, sum(array.nbytes for array in own.values()))
        keys.append(known[place])
    return layer, keys


def taken(parameters: Parameters, regions: Needed) -> Weights:
    """The named regions of the parameters."""
    return Weights({name: parameters[name][tuple(slice(*side) for side in box)] for name, box in regions})
