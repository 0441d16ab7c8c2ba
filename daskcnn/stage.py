"""One layer of a plan: its blocks, what they need, and what is sent for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from daskcnn.assignment import Assignment
from daskcnn.exchange import Exchange, exchanges
from daskcnn.layers import Op, Total
from daskcnn.layout import Layout
from daskcnn.network import Layer
from daskcnn.partition import Partition
from daskcnn.region import Grid, Region, Shape, counts, cut, shape_of


@dataclass(frozen=True)
class Tile:
    """What one tile of a layer computes, whatever the block of images."""

    op: Op
    """The layer's op as it is for this tile."""
    inputs: tuple[Shape, ...]
    """Shapes that it reads of each image."""
    shape: Shape
    """Shape that it gives of each image."""
    weights: tuple[tuple[str, Region], ...]
    """Names and regions of the parameters that it uses."""

    def operations(self, images: int) -> int:
        """Floating-point operations for so many images."""
        return self.op.operations((images, *self.shape), *((images, *shape) for shape in self.inputs))


@dataclass(frozen=True)
class Stage:
    """One layer of a plan."""

    layer: Layer
    partition: Partition
    shape: Shape
    """Of the whole output."""
    inputs: tuple[Shape, ...]
    """Of the whole inputs."""
    layout: Layout
    """Of the output."""
    needs: tuple[tuple[Region, ...], ...]
    """For each input and tile the box that it reads of each image."""
    exchanges: tuple[Exchange | None, ...] = ()
    """For each input what is sent for it; None for the network's own, which each worker reads for itself."""
    kind: str = "read"
    """read, nothing, halo, all-gather, reduce or relayout."""

    @property
    def op(self) -> Op:
        """What the layer does."""
        return self.layer.op

    @property
    def exchange(self) -> str:
        """The kind where anything is sent, else empty."""
        return "" if self.kind in ("read", "nothing") else self.kind

    @cached_property
    def itemsize(self) -> int:
        """Bytes of an element of the output."""
        return np.dtype(self.op.output_dtype()).itemsize

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """What each tile computes."""
        return tuple(self._tile(number) for number in range(len(self.layout.tiles)))

    def _tile(self, number: int) -> Tile:
        own = self.layout.tiles[number]
        region = ((0, self.shape[0]), *own)
        weights = self.op.weights(region, *self.inputs).items()
        return Tile(
            self.op.local(region, *self.inputs),
            tuple(shape_of(need[number]) for need in self.needs),
            shape_of(own),
            tuple((f"{self.layer.weights_of or self.layer.name}.{name}", box) for name, box in weights),
        )


def stage(
    layer: Layer, assigned: Assignment, shapes: Mapping[str, Shape], before: Mapping[str, Stage], batch: int
) -> Stage:
    """Cut a layer as assigned, and find what its blocks need; `connected` says what is sent for it.

    Parameters
    ----------
    layer : Layer
    assigned : Assignment
    shapes : mapping of str to Shape
        Of all the network's tensors.
    before : mapping of str to Stage
        The layers before it.
    batch : int
        Images in a block at most.
    """
    shape, inputs = shapes[layer.name], tuple(shapes[name] for name in layer.inputs)
    partition = taken(layer.op, assigned.partition, shape)
    images, parts = batches(shape[0], partition.batch, batch)
    read = [before[name].layout.grid for name in layer.inputs if name in before]
    grid = (images, *_bounds(layer.op, partition, shape, inputs, read))
    layout = Layout(grid, _owners(layer.op, partition, counts(grid), parts, assigned.workers))
    return Stage(layer, partition, shape, inputs, layout, needs_of(layer.op, layout, shape, inputs))


def connected(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The same layers with what is sent between them, each tensor once to each worker whatever reads it there."""
    by_name = {stage.layer.name: stage for stage in stages}
    readers: dict[str, list[tuple[Stage, int]]] = {}
    for reader in stages:
        for number, name in enumerate(reader.layer.inputs):
            if name in by_name:
                readers.setdefault(name, []).append((reader, number))
    found: dict[tuple[str, int], Exchange] = {}
    for name, own in readers.items():
        sent = exchanges(by_name[name].layout, [(reader.layout, reader.needs[number]) for reader, number in own])
        found |= {(reader.layer.name, number): part for (reader, number), part in zip(own, sent, strict=True)}

    def connect(stage: Stage) -> Stage:
        parts = tuple(found.get((stage.layer.name, number)) for number in range(len(stage.layer.inputs)))
        before = [by_name[name].partition for name in stage.layer.inputs if name in by_name]
        return replace(stage, exchanges=parts, kind=_kind(stage.op, stage.partition, before, parts))

    return tuple(map(connect, stages))


def needs_of(op: Op, layout: Layout, shape: Shape, inputs: Sequence[Shape]) -> tuple[tuple[Region, ...], ...]:
    """For each input and tile the box that it reads of each image."""
    boxes = [op.needs(((0, shape[0]), *tile), *inputs) for tile in layout.tiles]
    return tuple(tuple(box[i][1:] for box in boxes) for i in range(len(inputs)))


def taken(op: Op, asked: Partition, shape: Shape) -> Partition:
    """The cuts that an op can take; those that it cannot go to its images.

    >>> from daskcnn.layers import Dense
    >>> str(taken(Dense(10), Partition(height=2, width=2), (100, 10)))
    'batch=4'
    """
    sizes = {axis: size for axis, size in zip(op.axes(len(shape)), shape, strict=True) if axis in op.cuts}
    own = Partition(**{axis: min(parts, sizes[axis]) for axis, parts in asked.items() if axis in sizes})
    return replace(own, batch=min(own.batch * (asked.degree // own.degree), shape[0]))


def _bounds(
    op: Op, partition: Partition, shape: Shape, inputs: Sequence[Shape], read: Sequence[Grid]
) -> Iterator[tuple[int, ...]]:
    """Where each axis but the first is cut: where what is read is, along an axis that the op keeps."""
    for number, axis in enumerate(op.axes(len(shape))[1:], start=1):
        parts = dict(partition.items()).get(axis, 1)
        alike = (grid[number] for grid in read if axis in op.keeps and len(grid) == len(shape))
        fitting = (bounds for bounds in alike if len(bounds) == parts + 1 and bounds[-1] == shape[number])
        yield next(fitting, op.bounds(number, parts, shape, *inputs))


def batches(images: int, parts: int, batch: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Each part's images in blocks of `batch` at most: the bounds of the blocks, and the part that each is in.

    >>> batches(10, parts=4, batch=2)
    ((0, 2, 3, 5, 6, 7, 8, 9, 10), (0, 0, 1, 1, 2, 2, 3, 3))
    """
    ends = cut(images, parts)
    blocks = -(-ends[1] // batch)
    bounds, owners = [0], []
    for part, (start, stop) in enumerate(pairwise(ends)):
        own = cut(stop - start, min(blocks, stop - start))[1:]
        bounds += [start + end for end in own]
        owners += [part] * len(own)
    return tuple(bounds), tuple(owners)


def _owners(
    op: Op, partition: Partition, blocks: Shape, batches: Sequence[int], workers: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """Parts of the partition to workers in order, neighbours together; a part's blocks of images stay together.

    Parts along `filter` come first: the partial sums of one block lie apart, its sums among those they add up.
    """
    axes = op.axes(len(blocks))
    indices = dict(zip(axes, np.indices(blocks).reshape(len(blocks), -1), strict=True))
    totals = dict(zip(axes, blocks, strict=True))
    places = {axis: index * dict(partition.items()).get(axis, 1) // totals[axis] for axis, index in indices.items()}
    places["batch"] = np.array(batches)[indices["batch"]]
    part = np.zeros(math.prod(blocks), dtype=np.int64)
    for axis, count in sorted(partition.items(), key=lambda item: item[0] != "filter"):
        part = part * count + places.get(axis, 0)
    owners = np.array(workers)[part * len(workers) // partition.degree].reshape(blocks[0], -1)
    return tuple(map(tuple, owners.tolist()))


def _kind(op: Op, own: Partition, before: Sequence[Partition], exchanges: Sequence[Exchange | None]) -> str:
    """The usual name of an exchange, for people; the bytes do not depend on it."""
    if all(part is None for part in exchanges):
        return "read"
    if not any(part.distant for part in exchanges if part is not None):
        return "nothing"
    if isinstance(op, Total):
        return "reduce"
    if any(other != own for other in before):
        return "relayout"
    halo = "halo" if own.height * own.width > 1 else ""
    gather = "all-gather" if own.channel > 1 else ""
    return "+".join(filter(None, (halo, gather))) or "relayout"
