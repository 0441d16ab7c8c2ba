"""A plan: how every layer is cut, what the blocks exchange, and which worker owns each block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from daskcnn.errors import UsageError
from daskcnn.exchange import Exchange, exchange
from daskcnn.layers import AXES, Op, axes_of
from daskcnn.layout import Layout
from daskcnn.network import INPUT, Layer, Network
from daskcnn.partition import Chunks, Partition, parse_chunks
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
    exchanges: tuple[Exchange | None, ...]
    """For each input what is sent for it; None for the images, which each worker reads for itself."""
    kind: str
    """read, nothing, halo, all-gather or relayout."""

    @property
    def op(self) -> Op:
        """What the layer does."""
        return self.layer.op

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
            tuple((f"{self.layer.name}.{name}", box) for name, box in weights),
        )


@dataclass(frozen=True)
class Plan:
    """A network, cut.

    Examples
    --------
    >>> from daskcnn import networks
    >>> plan = Plan.of(networks.mnist(), "channel=2", images=100, workers=2)
    >>> [(stage.layer.name, stage.kind, plan.bytes_sent(stage)) for stage in plan.stages if stage.kind != "nothing"]
    [('conv1', 'read', 0), ('conv2', 'all-gather', 1254400), ('dense1', 'all-gather', 627200), \
('dense2', 'all-gather', 80000), ('dense3', 'all-gather', 80000)]
    """

    network: Network
    chunks: Chunks
    images: int
    workers: int
    batch: int
    """Most images in a block."""
    stages: tuple[Stage, ...]

    @classmethod
    def of(cls, network: Network, chunks: str | Chunks, *, images: int, workers: int, batch: int | None = None) -> Plan:
        """Cut every layer of a network the same way, as far as it can be cut so.

        A layer that cannot be cut along an axis (a dense layer has no rows, a class is named from all the
        features) is cut into as many blocks of images instead: that moves each byte once at most.

        Parameters
        ----------
        network : Network
        chunks : str or Chunks
            As in `--chunks`: serial, batch, channel=3, spatial=2x2 …
        images : int
            Images in all.
        workers : int
            Workers that share the blocks.
        batch : int, optional
            Images in a block at most; all of a worker's images by default.

        Raises
        ------
        UsageError
            Where a number is below 1, or a layer's axis is shorter than the degree asked for.
        """
        for name, value in (
            ("workers", workers),
            ("images", images),
            ("batch", 1 if batch is None else batch),
        ):
            if value < 1:
                raise UsageError(f"{name}={value}: at least 1 is needed; pass {name}=1 or more")
        chunks = parse_chunks(chunks, workers) if isinstance(chunks, str) else chunks
        chunks = _fitted(network, chunks, images)
        batch = min(batch or images, images)
        stages: dict[str, Stage] = {}
        shapes = network.shapes(images)
        for layer in network.layers:
            stages[layer.name] = _stage(layer, chunks.partition, shapes, stages, workers, batch)
        return cls(network, chunks, images, workers, batch, tuple(stages.values()))

    @cached_property
    def by_name(self) -> dict[str, Stage]:
        """The stages by their layers' names."""
        return {stage.layer.name: stage for stage in self.stages}

    def bytes_sent(self, stage: Stage) -> int:
        """Bytes sent from worker to worker so that a layer's blocks have what they need."""
        return sum(
            part.elements * self.by_name[name].itemsize
            for name, part in zip(stage.layer.inputs, stage.exchanges, strict=True)
            if part is not None
        )

    @property
    def bytes_moved(self) -> int:
        """Bytes sent from worker to worker in all."""
        return sum(self.bytes_sent(stage) for stage in self.stages)


def _fitted(network: Network, chunks: Chunks, images: int) -> Chunks:
    """Refuse a degree larger than a layer's axis; a degree that nobody asked for gives way instead."""
    shapes = network.shapes(images)
    for axis, parts in chunks.partition.items():
        cuttable = [layer for layer in network.layers if axis in layer.op.cuts & set(axes_of(len(shapes[layer.name])))]
        if not cuttable:
            continue
        tightest = min(cuttable, key=lambda layer: shapes[layer.name][AXES.index(axis)])
        limit = shapes[tightest.name][AXES.index(axis)]
        if parts > limit and chunks.asked:
            where = f"there are {images} images" if axis == "batch" else f"{tightest.name} has {axis} {limit}"
            raise UsageError(f"chunks {chunks}: {axis} cannot be cut into {parts}, {where}; use {limit} or less")
        if parts > limit:
            chunks = chunks.at_most(limit)
    return chunks


def _stage(
    layer: Layer,
    asked: Partition,
    shapes: dict[str, Shape],
    stages: dict[str, Stage],
    workers: int,
    batch: int,
) -> Stage:
    shape, inputs = shapes[layer.name], tuple(shapes[name] for name in layer.inputs)
    partition = _partition(layer.op, asked, shape)
    grid = _grid(layer.op, partition, batch, shape, inputs)
    layout = Layout(grid, _owners(partition, counts(grid), workers))
    boxes = [layer.op.needs(((0, shape[0]), *tile), *inputs) for tile in layout.tiles]
    needs = tuple(tuple(box[i][1:] for box in boxes) for i in range(len(inputs)))
    exchanges = tuple(
        None if name == INPUT else exchange(stages[name].layout, layout, need)
        for name, need in zip(layer.inputs, needs, strict=True)
    )
    before = [stages[name].partition for name in layer.inputs if name != INPUT]
    return Stage(layer, partition, shape, inputs, layout, needs, exchanges, _kind(partition, before, exchanges))


def _partition(op: Op, asked: Partition, shape: Shape) -> Partition:
    """The cuts that the op can take; those that it cannot go to its images."""
    own = asked.only(op.cuts & set(axes_of(len(shape))))
    return replace(own, batch=min(own.batch * (asked.degree // own.degree), shape[0]))


def _grid(op: Op, partition: Partition, batch: int, shape: Shape, inputs: Sequence[Shape]) -> Grid:
    parts = dict(partition.items())
    rest = (op.bounds(axis, parts[AXES[axis]], shape, *inputs) for axis in range(1, len(shape)))
    return (_batches(shape[0], partition.batch, batch), *rest)


def _batches(images: int, parts: int, batch: int) -> tuple[int, ...]:
    """Each part's images in blocks of `batch` at most, all parts in as many blocks."""
    bounds = cut(images, parts)
    share = bounds[1]
    return cut(images, min(parts * -(-share // batch), images))


def _owners(partition: Partition, blocks: Shape, workers: int) -> tuple[tuple[int, ...], ...]:
    """Parts of the partition to workers in order, neighbours together; a part's blocks of images stay together."""
    indices = np.indices(blocks).reshape(len(blocks), -1)
    parts = tuple(count for _, count in partition.items())[: len(blocks)]
    part = np.zeros(indices.shape[1], dtype=np.int64)
    for index, count, total in zip(indices, parts, blocks, strict=True):
        part = part * count + index * count // total
    owners = (part * workers // partition.degree).reshape(blocks[0], -1)
    return tuple(map(tuple, owners.tolist()))


def _kind(partition: Partition, before: Sequence[Partition], exchanges: Sequence[Exchange | None]) -> str:
    """The usual name of an exchange, for people; the bytes do not depend on it."""
    if all(part is None for part in exchanges):
        return "read"
    if not any(part.elements for part in exchanges if part is not None):
        return "nothing"
    if any(other != partition for other in before):
        return "relayout"
    halo = "halo" if partition.height * partition.width > 1 else ""
    gather = "all-gather" if partition.channel > 1 else ""
    return "+".join(filter(None, (halo, gather))) or "relayout"
