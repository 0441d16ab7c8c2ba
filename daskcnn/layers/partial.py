"""Sums over input channels in parts: each part a block of its own, added up afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from daskcnn.layers.base import AXES, Op
from daskcnn.layers.conv import Conv2d
from daskcnn.layers.dense import Dense
from daskcnn.region import Interval, Region, Shape, cut

FILTER = "filter"


@dataclass(frozen=True)
class Partial(Op):
    """A convolution or dense layer over `parts` parts of its input channels, along a last axis `filter`.

    Part 0 has the bias. The sum over the last axis is the layer itself.

    Examples
    --------
    >>> Partial(Conv2d(64, (3, 3)), parts=2).output_shape((10, 32, 13, 13))
    (10, 64, 11, 11, 2)
    """

    op: Conv2d | Dense
    parts: int

    cuts = frozenset({*AXES, FILTER})

    def axes(self, ndim: int) -> tuple[str, ...]:
        """The layer's axes, and `filter`."""
        return (*self.op.axes(ndim - 1), FILTER)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The layer's own, times parts."""
        return *self.op.output_shape(*inputs), self.parts

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """The layer's own."""
        return self.op.weight_shapes(*inputs)

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """The layer's own for the input channels that are given."""
        return self.op.operations(output[:-1], *inputs)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """What the layer needs, of its part of the input channels."""
        batch, _, *image = self.op.needs(output[:-1], *inputs)[0]
        return ((batch, self._channels(output, inputs[0]), *image),)

    def local(self, output: Region, *inputs: Shape) -> Partial:
        """The layer over one part."""
        op = replace(self.op, bias=self._has_bias(output))
        return Partial(op.local(output[:-1], *inputs), parts=1)

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The layer's own, of its part of the input channels."""
        weights = self.op.weights(output[:-1], *inputs)
        channel, _, *kernel = weights["weight"]
        own = {"weight": (channel, self._channels(output, inputs[0]), *kernel)}
        return own | {"bias": weights["bias"]} if self._has_bias(output) else own

    def _channels(self, output: Region, shape: Shape) -> Interval:
        bounds = cut(shape[1], self.parts)
        first, last = output[-1]
        return bounds[first], bounds[last]

    def _has_bias(self, output: Region) -> bool:
        return self.op.bias and output[-1][0] == 0


@dataclass(frozen=True)
class Total(Op):
    """Sums of `parts` parts along the last axis, `fan_in` at a time; the last level gives up the axis.

    Examples
    --------
    >>> Total(parts=5, fan_in=2, last=False).output_shape((10, 64, 11, 11, 5))
    (10, 64, 11, 11, 3)
    """

    parts: int
    fan_in: int
    last: bool

    cuts = frozenset({*AXES, FILTER})

    @property
    def bounds_of_sums(self) -> tuple[int, ...]:
        """Where one sum's parts end and the next one's begin."""
        return (*range(0, self.parts, self.fan_in), self.parts)

    def axes(self, ndim: int) -> tuple[str, ...]:
        """Those of the sum, and `filter` while there is more than one."""
        return super().axes(ndim) if self.last else (*super().axes(ndim - 1), FILTER)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The sum's shape, times the sums that are left."""
        shape = inputs[0][:-1]
        return shape if self.last else (*shape, len(self.bounds_of_sums) - 1)

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """An addition for each element but the first of each sum."""
        return math.prod(inputs[0]) - math.prod(output)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same elements of the parts that it adds up."""
        if self.last:
            return ((*output, (0, self.parts)),)
        first, last = output[-1]
        return ((*output[:-1], (self.bounds_of_sums[first], self.bounds_of_sums[last])),)

    def local(self, output: Region, *inputs: Shape) -> Total:
        """The sums of these parts."""
        if self.last:
            return self
        first, last = self.needs(output, *inputs)[0][-1]
        return replace(self, parts=last - first)


def splittable(op: Op) -> bool:
    """Whether an op is a sum over all its input channels."""
    return isinstance(op, Dense) or (isinstance(op, Conv2d) and op.groups == 1)


def totals(parts: int, fan_in: int) -> list[Total]:
    """The levels of a tree of sums.

    >>> [(level.parts, level.last) for level in totals(5, fan_in=2)]
    [(5, False), (3, False), (2, True)]
    """
    levels = []
    while parts > fan_in:
        levels.append(Total(parts, fan_in, last=False))
        parts = len(levels[-1].bounds_of_sums) - 1
    return [*levels, Total(parts, parts, last=True)]
