"""The slices that are sent, each a task of its own on the side that owns the block."""

from __future__ import annotations

from dask._task_spec import Task, TaskRef

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.task import take
from daskcnn.exchange import Exchange, Layout
from daskcnn.region import Region, size_of, slices

Carriers = dict[tuple[int, Region], Key]
"""The task that carries a region of a block; a block that is sent whole carries itself."""


def sends(
    exchange: Exchange, producer: Layout, blocks: list[Key], itemsize: int, label: str, tag: str
) -> tuple[BlockLayer, Carriers]:
    """A task for each slice, whoever it goes to, and what carries each region.

    Parameters
    ----------
    exchange : Exchange
    producer : Layout
        Of the tensor that is sent.
    blocks : list of keys
        Of the producer's blocks, in order.
    itemsize : int
        Bytes of an element.
    label, tag : str
        Of the layer of slices.
    """
    layer = BlockLayer(label, tag, frozenset({blocks[0][0]}))
    carriers: Carriers = {(i, region): key for i, (region, key) in enumerate(zip(producer.blocks, blocks, strict=True))}
    for send in exchange.sends:
        place = send.source, send.region
        if place not in carriers:
            block = blocks[send.source]
            carriers[place] = key = (layer.name, *block[1:], len(layer.tasks))
            cut = slices(send.region, producer.blocks[send.source])
            task = Task(key, take, TaskRef(block), cut)
            layer.add(task, producer.owners[send.source], 0, size_of(send.region) * itemsize)
    return layer, carriers
