"""The class that a network names: where its output is largest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.base import Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Argmax(Op):
    """(batch, classes) to (batch,): the index of the largest value of each row, the first of equals."""

    cuts = frozenset({"batch"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch,)."""
        if len(inputs[0]) != 2:
            raise UsageError(f"argmax takes (batch, classes), not {inputs[0]}; put a flatten before it")
        return inputs[0][:1]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One comparison for each value of each row."""
        return output[0] * math.prod(inputs[0][1:])

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """All the classes of the same images."""
        return ((output[0], (0, inputs[0][1])),)

    def output_dtype(self) -> str:
        """Indices."""
        return "int64"
