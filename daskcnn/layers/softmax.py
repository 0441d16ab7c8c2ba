"""From scores to probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Softmax(Op):
    """y = exp(x) / the sum of exp(x) over the channels, of (batch, channels) or (batch, channels, height, width)."""

    cuts = frozenset(AXES) - {"channel"}
    keeps = frozenset({"height", "width"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape."""
        if len(inputs[0]) < 2:
            raise UsageError(f"softmax takes (batch, channels, …), not {inputs[0]}; give it a channel axis")
        return inputs[0]

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """Five an element: a comparison for the largest, a difference, exp, a sum, a division."""
        return 5 * math.prod(output)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """All the channels in the same place."""
        return ((output[0], (0, inputs[0][1]), *output[2:]),)


@dataclass(frozen=True)
class LogSoftmax(Softmax):
    """The logarithm of softmax: y = x − log(the sum of exp(x) over the channels)."""
