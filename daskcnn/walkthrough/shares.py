"""Who owns what of a layer: tiles, each over all the images that a worker has of it, and parameters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daskcnn.exchange import Ints
from daskcnn.layers import Identity, Reshape
from daskcnn.region import FLOAT, Interval, Region, Shape, size_of
from daskcnn.stage import Stage
from daskcnn.walkthrough.cache import LINE, fewest_lines, lines

VIEWS = (Identity, Reshape)
"""Layers that move nothing in memory: they see what they read in another way."""


@dataclass(frozen=True)
class Share:
    """A tile of a layer that a worker owns."""

    stage: Stage
    worker: int
    tile: int
    blocks: Ints
    """Numbers of the blocks of images in which it owns the tile, in order."""

    @cached_property
    def sizes(self) -> Ints:
        """(block,) Images of each block."""
        bounds = np.array(self.stage.layout.grid[0])
        found: Ints = bounds[self.blocks + 1] - bounds[self.blocks]
        return found

    @property
    def images(self) -> int:
        """Images in all."""
        return int(self.sizes.sum())

    @property
    def span(self) -> Interval:
        """The first of its images, and the one behind the last."""
        batches = self.stage.layout.batches
        return batches[self.blocks[0]][0], batches[self.blocks[-1]][1]

    @property
    def box(self) -> dict[str, Interval]:
        """What it has along each axis of the output."""
        axes = self.stage.op.axes(len(self.stage.shape))
        return dict(zip(axes, (self.span, *self.stage.layout.tiles[self.tile]), strict=True))

    @property
    def operations(self) -> int:
        """Floating-point operations in all."""
        return self.stage.tiles[self.tile].operations(self.images)

    def lines(self, shape: Shape, box: Region, itemsize: int) -> tuple[int, int]:
        """Cache lines that its blocks touch of a tensor, each with this box of each image; and the fewest possible."""
        # Where a block begins in a line is all that tells it from others of as many images.
        starts = np.array(self.stage.layout.grid[0])[self.blocks] % (LINE // itemsize)
        kinds = Counter(zip(starts.tolist(), self.sizes.tolist(), strict=True))
        touched = sum(
            count * lines((first + images, *shape[1:]), ((first, first + images), *box), itemsize)
            for (first, images), count in kinds.items()
        )
        return touched, sum(
            count * fewest_lines(images * size_of(box), itemsize) for (_, images), count in kinds.items()
        )


def shares_of(stage: Stage) -> list[Share]:
    """Who owns which tiles of a layer, worker by worker.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.plan import Plan
    >>> plan = Plan.of(networks.mnist(), "channel=3", images=10, workers=2)
    >>> [(share.worker, share.box["channel"]) for share in shares_of(plan.by_name["conv1"])]
    [(0, (0, 6)), (0, (6, 11)), (1, (11, 16))]
    """
    numbers, rows = stage.layout.rows
    found: defaultdict[tuple[int, int], list[Ints]] = defaultdict(list)
    for number, owners in enumerate(rows):
        blocks = np.flatnonzero(numbers == number)
        for tile, worker in enumerate(owners):
            found[worker, tile].append(blocks)
    return [Share(stage, *place, np.sort(np.concatenate(blocks))) for place, blocks in sorted(found.items())]


def touched(stage: Stage, before: Mapping[str, Stage], workers: int) -> Ints:
    """(worker,) Bytes that each worker reads and writes for a layer, its parameters among them; none of a view.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.plan import Plan
    >>> plan = Plan.of(networks.digit(), "channel=4", images=1, workers=4)
    >>> touched(plan.by_name["pool"], plan.by_name, 4)  # 8 channels of 26 by 26, and of 13 by 13
    array([27040, 27040, 27040, 27040])
    """
    if isinstance(stage.op, VIEWS):
        return np.zeros(workers, np.int64)
    found = held(stage, workers)
    itemsizes = [itemsize_of(name, before) for name in stage.layer.inputs]
    for share in shares_of(stage):
        boxes = [needs[share.tile] for needs in stage.needs]
        image = size_of(stage.layout.tiles[share.tile]) * stage.itemsize + sum(
            size_of(box) * itemsize for box, itemsize in zip(boxes, itemsizes, strict=True)
        )
        found[share.worker] += share.images * image
    return found


def itemsize_of(name: str, before: Mapping[str, Stage]) -> int:
    """Bytes of an element of what a layer gives, or of a network's input."""
    return before[name].itemsize if name in before else FLOAT


def held(stage: Stage, workers: int) -> Ints:
    """(worker,) Bytes of the parameters that each worker holds for a layer: what its own tiles need, once.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.plan import Plan
    >>> plan = Plan.of(networks.mnist(), "channel=3", images=1, workers=2)
    >>> held(plan.by_name["conv1"], plan.workers)  # 11 and 5 kernels of nine weights and a bias
    array([440, 200])
    """
    found = {(share.worker, weight) for share in shares_of(stage) for weight in stage.tiles[share.tile].weights}
    nbytes = np.zeros(workers, np.int64)
    for worker, (_, region) in found:
        nbytes[worker] += size_of(region) * FLOAT
    return nbytes
