"""The parameters that blocks need, once on each worker."""

from __future__ import annotations

from itertools import chain

import numpy as np
from dask._task_spec import Task
from numpy.typing import NDArray

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.kernels import Weights
from daskcnn.network import Parameters
from daskcnn.region import FLOAT, Region, size_of
from daskcnn.seeded import Seeded
from daskcnn.segment import Segment

Needed = tuple[tuple[str, Region], ...]
Near = NDArray[np.float32] | tuple[Seeded, tuple[slice, ...]]
WEIGHTS = ".weights"
"""What the label of a layer of parameters ends with."""


def weights(segment: Segment, parameters: Parameters, tag: str) -> tuple[BlockLayer, list[Key]]:
    """A task for each set of parameters that a worker holds, and for each of the segment's blocks its key."""
    layer = BlockLayer(f"{segment.name}{WEIGHTS}", tag)
    tiles = range(len(segment.last.layout.tiles))
    needed = [tuple(chain.from_iterable(stage.tiles[tile].weights for stage in segment.stages)) for tile in tiles]
    known: dict[tuple[Needed, int], Key] = {}
    keys = []
    for owners in segment.last.layout.owners:
        for need, owner in zip(needed, owners, strict=True):
            key = known.get((need, owner))
            if key is None:
                known[need, owner] = key = (layer.name, len(known))
                nbytes = sum(size_of(region) * FLOAT for _, region in need)
                layer.add(Task(key, hold, near(parameters, need)), owner, 0, nbytes)
            keys.append(key)
    return layer, keys


def near(parameters: Parameters, regions: Needed) -> dict[str, Near]:
    """What travels with the task: the regions themselves, or a handle to what is drawn on the worker."""
    found: dict[str, Near] = {}
    for name, region in regions:
        box = tuple(slice(*side) for side in region)
        whole = parameters[name]
        found[name] = (whole, box) if isinstance(whole, Seeded) else whole[box]
    return found


def hold(parameters: dict[str, Near]) -> Weights:
    """The parameters on their worker."""
    return Weights({name: own[0][own[1]] if isinstance(own, tuple) else own for name, own in parameters.items()})
