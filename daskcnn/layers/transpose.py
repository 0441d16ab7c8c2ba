"""Axes in another order."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Transpose(Op):
    """Axis i of the output is axis order[i] of the input; batch stays first.

    Axes are named by their place, so a cut along height is one along the rows of (batch, channel, height, width)
    and along the columns of (batch, height, width, channel): exact, but blocks move unless it is the first layer.

    Parameters
    ----------
    order : tuple of int
        (0, 3, 1, 2) takes (batch, height, width, channel) to (batch, channel, height, width), (0, 2, 3, 1) back.

    Examples
    --------
    >>> Transpose((0, 3, 1, 2)).output_shape((10, 28, 28, 3))
    (10, 3, 28, 28)
    """

    order: tuple[int, ...]

    cuts = frozenset(AXES)

    def __post_init__(self) -> None:
        if self.order[:1] != (0,) or sorted(self.order) != list(range(len(self.order))):
            raise UsageError(f"order {self.order} is not 0, for batch, and then the other axes each once; use such one")

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's sizes in that order."""
        if len(inputs[0]) != len(self.order):
            raise UsageError(f"order {self.order} does not suit {inputs[0]}; name {len(inputs[0])} axes")
        return tuple(inputs[0][axis] for axis in self.order)

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: the elements are moved as they are."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same intervals, each along its axis of the input."""
        return (tuple(output[self.order.index(axis)] for axis in range(len(self.order))),)
