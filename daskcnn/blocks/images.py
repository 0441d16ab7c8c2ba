"""The images that blocks read, each by the worker that needs them."""

from __future__ import annotations

from dask._task_spec import Task

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.network import INPUT
from daskcnn.region import Region, size_of
from daskcnn.segment import Segment
from daskcnn.source import Source

FLOAT = 4


def images(segment: Segment, source: Source, tag: str) -> tuple[BlockLayer, list[Key]]:
    """A task for each region that a worker reads, and for each of the segment's blocks the key of its region."""
    layer = BlockLayer(f"{segment.name}.{INPUT}", tag)
    places = list(zip(segment.first.needs[0], segment.last.layout.owners, strict=True))
    known: dict[tuple[Region, int], Key] = {}
    for region, owner in places:
        if (region, owner) not in known:
            known[region, owner] = key = (layer.name, len(known))
            layer.add(Task(key, source.read, region), owner, 0, size_of(region) * FLOAT)
    return layer, [known[place] for place in places]
