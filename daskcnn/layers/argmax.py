"""The class that a network names: where its output is largest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op, axes_of
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Argmax(Op):
    """The index of the largest value along an axis other than batch, the first of equals.

    (batch, classes) gives (batch,); (batch, classes, height, width) gives (batch, height, width).

    Parameters
    ----------
    axis : int
        That of the classes.
    keepdims : bool
        Whether it stays, with size 1.

    Examples
    --------
    >>> Argmax().output_shape((10, 21, 32, 32))
    (10, 32, 32)
    """

    axis: int = 1
    keepdims: bool = False

    cuts = frozenset(AXES)

    def axes(self, ndim: int) -> tuple[str, ...]:
        """The input's, without that of the classes."""
        if self.keepdims:
            return axes_of(ndim)
        names = axes_of(ndim + 1)
        return (*names[: self.axis], *names[self.axis + 1 :])

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape, without the classes."""
        shape, axis = inputs[0], self.axis
        if not 0 < axis < len(shape):
            raise UsageError(f"argmax takes (batch, classes) or more axes, not {shape}; put a flatten before it")
        return *shape[:axis], *((1,) if self.keepdims else ()), *shape[axis + 1 :]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One comparison for each value."""
        return math.prod(output) * inputs[0][self.axis]

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """All the classes in the same place."""
        behind = output[self.axis + 1 :] if self.keepdims else output[self.axis :]
        return ((*output[: self.axis], (0, inputs[0][self.axis]), *behind),)

    def output_dtype(self) -> str:
        """Indices."""
        return "int64"
