"""The parameters that blocks need, once on each worker."""

from __future__ import annotations

from itertools import chain

from dask._task_spec import Task

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.kernels import Weights
from daskcnn.network import Parameters
from daskcnn.region import Region
from daskcnn.segment import Segment

Needed = tuple[tuple[str, Region], ...]


def weights(segment: Segment, parameters: Parameters, tag: str) -> tuple[BlockLayer, list[Key]]:
    """A task for each set of parameters that a worker holds, and for each of the segment's blocks its key."""
    layer = BlockLayer(f"{segment.name}.weights", tag)
    tiles = range(len(segment.last.layout.tiles))
    needed = [tuple(chain.from_iterable(stage.tiles[tile].weights for stage in segment.stages)) for tile in tiles]
    known: dict[tuple[Needed, int], Key] = {}
    keys = []
    for owners in segment.last.layout.owners:
        for need, owner in zip(needed, owners, strict=True):
            key = known.get((need, owner))
            if key is None:
                known[need, owner] = key = (layer.name, len(known))
                own = taken(parameters, need)
                layer.add(Task(key, Weights, own), owner, 0, sum(array.nbytes for array in own.values()))
            keys.append(key)
    return layer, keys


def taken(parameters: Parameters, regions: Needed) -> Weights:
    """The named regions of the parameters."""
    return Weights({name: parameters[name][tuple(slice(*side) for side in box)] for name, box in regions})
