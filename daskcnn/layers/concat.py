"""Tensors one after the other along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Concat(Op):
    """The inputs one after the other along an axis other than batch, channel by default.

    A block that lies within some of the inputs needs nothing of the others: the empty interval (0, 0).

    Examples
    --------
    >>> Concat().output_shape((10, 16, 8, 8), (10, 32, 8, 8))
    (10, 48, 8, 8)
    >>> Concat().needs(((0, 5), (8, 16)), (10, 12), (10, 24))
    (((0, 5), (8, 12)), ((0, 5), (0, 4)))
    """

    axis: int = 1

    cuts = frozenset(AXES)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The inputs' shape, their sizes along the axis added up."""
        first, axis = inputs[0], self.axis
        if not 0 < axis < len(first):
            raise UsageError(f"concat takes an axis from 1 to {len(first) - 1} of {first}, not {axis}")
        if len({(len(shape), shape[:axis], shape[axis + 1 :]) for shape in inputs}) > 1:
            listed = " and ".join(map(str, inputs))
            raise UsageError(f"shapes {listed} do not go together; make them alike but for axis {axis}")
        return *first[:axis], sum(shape[axis] for shape in inputs), *first[axis + 1 :]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: the elements are moved as they are."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The part of each input that lies in the block, which may be empty."""
        start, stop = output[self.axis]
        sizes = [shape[self.axis] for shape in inputs]
        own = []
        for size, end in zip(sizes, accumulate(sizes), strict=True):
            first, last = max(start - (end - size), 0), min(stop - (end - size), size)
            own.append((first, last) if first < last else (0, 0))
        return tuple((*output[: self.axis], part, *output[self.axis + 1 :]) for part in own)
