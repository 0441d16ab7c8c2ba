"""Rectified linear unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.layers.base import AXES, Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Relu(Op):
    """y = max(x, 0), element by element."""

    cuts = frozenset(AXES)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape."""
        return inputs[0]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One comparison an element."""
        return math.prod(output)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same elements."""
        return (output,)
