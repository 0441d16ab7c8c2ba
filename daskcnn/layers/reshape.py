"""The elements of each image in other axes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import Op
from daskcnn.region import Interval, Region, Shape, cut, shape_of, whole


@dataclass(frozen=True)
class Reshape(Op):
    """(batch, …) as (batch, *shape), the elements of each image in the same order.

    Axes of size 1 are squeezed out or put in by it too.

    Parameters
    ----------
    shape : tuple of int
        Of one image; a size of −1 is what the others leave.
    crop : (int, int), optional
        What a block keeps of the elements of the whole channels that it reads.

    Examples
    --------
    >>> Reshape((64, 7, -1)).output_shape((10, 3136))
    (10, 64, 7, 7)
    """

    shape: Shape = (-1,)
    crop: Interval | None = None

    cuts = frozenset({"batch", "channel"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, *shape)."""
        if len(inputs[0]) < 2:
            raise UsageError(f"reshape takes (batch, channels, …), not {inputs[0]}; give it a channel axis")
        start, stop = self.crop or (0, math.prod(inputs[0][1:]))
        known = math.prod(size for size in self.shape if size != -1)
        free = (stop - start) // known if known > 0 else 0
        shape = tuple(free if size == -1 else size for size in self.shape)
        if not shape or self.shape.count(-1) > 1 or min(shape) < 1 or math.prod(shape) != stop - start:
            raise UsageError(
                f"images of {inputs[0][1:]} cannot be reshaped to {self.shape}; "
                f"use positive sizes with the product {stop - start}, or one of −1"
            )
        return inputs[0][0], *shape

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: the elements stay where they are."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The whole channels that its elements lie in."""
        start, stop = self._elements(output)
        area = math.prod(inputs[0][2:])
        return ((output[0], (start // area, -(-stop // area)), *whole(inputs[0])[2:]),)

    def local(self, output: Region, *inputs: Shape) -> Reshape:
        """The same, cropped where the block begins or ends within a channel that it reads."""
        start, stop = self._elements(output)
        first, last = (bound * math.prod(inputs[0][2:]) for bound in self.needs(output, *inputs)[0][1])
        crop = None if (start, stop) == (first, last) else (start - first, stop - first)
        return replace(self, shape=(-1, *shape_of(output)[2:]), crop=crop)

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Channels are cut where channels of the input meet, while there are such places enough."""
        inner = math.prod(output[2:])
        step = math.lcm(inner, math.prod(inputs[0][2:])) // inner
        if axis == 1 and parts * step <= output[1]:
            return tuple(bound * step for bound in cut(output[1] // step, parts))
        return cut(output[axis], parts)

    def _elements(self, output: Region) -> Interval:
        """Which elements of an image a block has: its channels are whole."""
        inner = math.prod(shape_of(output)[2:])
        start, stop = output[1]
        return start * inner, stop * inner
