"""A part of a tensor along one axis."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.region import Interval, Region, Shape


@dataclass(frozen=True)
class Slice(Op):
    """Every step-th element from start up to but not including stop, along an axis other than batch.

    A split is as many slices as it has outputs.

    Examples
    --------
    >>> Slice(1, 8, step=2).output_shape((10, 16, 8, 8))
    (10, 4, 8, 8)
    >>> Slice(1, 8, step=2).needs(((0, 5), (2, 4)), (10, 16))
    (((0, 5), (5, 8)),)
    """

    start: int
    stop: int
    step: int = 1
    axis: int = 1

    cuts = frozenset(AXES)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape, the axis as long as there are elements taken."""
        shape, axis = inputs[0], self.axis
        if not 0 < axis < len(shape):
            raise UsageError(f"slice takes an axis from 1 to {len(shape) - 1} of {shape}, not {axis}")
        if not 0 <= self.start < self.stop <= shape[axis] or self.step < 1:
            raise UsageError(
                f"slice {self.start}:{self.stop}:{self.step} is empty or leaves 0:{shape[axis]}; "
                f"use 0 ≤ start < stop ≤ {shape[axis]} and a step of 1 or more"
            )
        return *shape[:axis], -(-(self.stop - self.start) // self.step), *shape[axis + 1 :]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: the elements are moved as they are."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """From its first element to its last along the axis."""
        return ((*output[: self.axis], self._reach(output), *output[self.axis + 1 :]),)

    def local(self, output: Region, *inputs: Shape) -> Slice:
        """Every step-th element of just what is needed."""
        first, last = self._reach(output)
        return replace(self, start=0, stop=last - first)

    def _reach(self, output: Region) -> Interval:
        first, last = output[self.axis]
        return self.start + first * self.step, self.start + (last - 1) * self.step + 1
