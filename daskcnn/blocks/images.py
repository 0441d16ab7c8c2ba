"""The images that blocks read, each by the worker that needs them."""

from __future__ import annotations

from functools import cache

from dask._task_spec import Task

from daskcnn.blocks.gather import Gather
from daskcnn.blocks.layer import BlockLayer, Input, Key
from daskcnn.region import FLOAT, Region, shape_of, size_of
from daskcnn.sources import Source
from daskcnn.stage import Stage


def images(stage: Stage, number: int, source: Source, tag: str) -> tuple[BlockLayer, list[Input]]:
    """A task for each region that a worker reads, and for each block what it reads as its input of that number."""
    layer = BlockLayer(f"{stage.layer.name}.{stage.layer.inputs[number]}{number + 1 if number else ''}", tag)
    known: dict[tuple[Region, int], Key] = {}
    inputs: list[Input] = []
    gather = cache(Gather.whole)
    for batch, owners in zip(stage.layout.batches, stage.layout.owners, strict=True):
        for need, owner in zip(stage.needs[number], owners, strict=True):
            region = (batch, *need)
            key = known.get((region, owner))
            if key is None:
                known[region, owner] = key = (layer.name, len(known))
                layer.add(Task(key, source.read, region), owner, 0, size_of(region) * FLOAT)
            inputs.append((gather(shape_of(region)), (key,)))
    return layer, inputs
