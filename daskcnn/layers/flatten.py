"""From images to feature vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.layers.base import Op
from daskcnn.region import Region, Shape, cut, whole


@dataclass(frozen=True)
class Flatten(Op):
    """(batch, channel, height, width) as (batch, channel·height·width).

    `crop` is what a block leaves out of the features of the whole channels it reads: (start, stop).
    """

    crop: tuple[int, int] | None = None

    cuts = frozenset({"batch", "channel"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, features)."""
        features = math.prod(inputs[0][1:])
        return inputs[0][0], features if self.crop is None else self.crop[1] - self.crop[0]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: the elements stay where they are."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The whole channels that its features lie in."""
        area = math.prod(inputs[0][2:])
        start, stop = output[1]
        return ((output[0], (start // area, -(-stop // area)), *whole(inputs[0])[2:]),)

    def local(self, output: Region, *inputs: Shape) -> Flatten:
        """Flatten, then crop where the block begins or ends within a channel."""
        area = math.prod(inputs[0][2:])
        start, stop = output[1]
        first = start // area * area
        exact = start == first and stop % area == 0
        return Flatten(None if exact else (start - first, stop - first))

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Features are cut between channels while there are channels enough."""
        channels, *image = inputs[0][1:]
        if axis == 1 and parts <= channels:
            return tuple(bound * math.prod(image) for bound in cut(channels, parts))
        return cut(output[axis], parts)
