"""Degrees: how far each axis of a network can be cut."""

from __future__ import annotations

from collections.abc import Mapping, Set

from daskcnn.assignment import Assignment
from daskcnn.chunks import Chunks
from daskcnn.errors import UsageError
from daskcnn.layers.partial import splittable
from daskcnn.network import Network


def fitted(network: Network, chunks: Chunks, images: int) -> Chunks:
    """Degrees that nobody asked for, no larger than the shortest axis that they cut."""
    for axis in chunks.axes.keys() - chunks.asked - {"pipeline"}:
        limit = _limit(network, {layer.name for layer in network.layers}, axis, images)
        if limit:
            chunks = chunks.at_most(axis, limit[0])
    stages = len(network.layers)
    return chunks if "pipeline" in chunks.asked else chunks.at_most("pipeline", stages)


def check(network: Network, assigned: Mapping[str, Assignment], images: int) -> None:
    """Refuse a degree that was asked for and is larger than the shortest axis that it cuts.

    Raises
    ------
    UsageError
        There is one.
    """
    asked = {(axis, parts) for own in assigned.values() for axis, parts in own.partition.items() if axis in own.asked}
    for axis, parts in sorted(asked):
        cut = {
            name for name, own in assigned.items() if dict(own.partition.items())[axis] == parts and axis in own.asked
        }
        limit = _limit(network, cut, axis, images)
        if limit and parts > limit[0]:
            where = f"there are {images} images" if axis == "batch" else f"{limit[1]} has {limit[0]}"
            raise UsageError(f"{axis}={parts} is more blocks than {axis} is long: {where}; use {limit[0]} or less")


def _limit(network: Network, layers: Set[str], axis: str, images: int) -> tuple[int, str] | None:
    """The shortest of an axis over those of the layers that can be cut along it, and that layer's name.

    An axis of one element is cut by nobody, as after a global pool. Input channels are few in a first layer,
    whatever comes after: of them it is the longest.
    """
    shapes = network.shapes(images)
    own = [layer for layer in network.layers if layer.name in layers]
    if axis == "filter":
        return max(((shapes[layer.inputs[0]][1], layer.name) for layer in own if splittable(layer.op)), default=None)
    sizes = [
        (size, layer.name)
        for layer in own
        for name, size in zip(layer.op.axes(len(shapes[layer.name])), shapes[layer.name], strict=True)
        if name == axis and axis in layer.op.cuts
    ]
    return min((size for size in sizes if size[0] > 1), default=max(sizes, default=None))
