"""What layers have in common that work on each element by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from daskcnn.layers.base import AXES, Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Elementwise(Op):
    """An op whose every output element comes from the input element in the same place: it can be cut anyhow.

    For `operations` each addition, multiplication, division and comparison of the formula counts as one, and so
    does each call of an elementary function (exp, tanh, erf, square root …).
    """

    cuts = frozenset(AXES)
    keeps = frozenset(AXES)
    per_element: ClassVar[int] = 1
    """Operations an element."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape."""
        return inputs[0]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """So many an element."""
        return self.per_element * math.prod(output)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same elements."""
        return (output,)
