"""Pooling of each channel's whole image to one value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.layers.base import Op, image_shape
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class GlobalPool(Op):
    """What both kinds of global pooling share: one value of each channel's whole image."""

    cuts = frozenset({"batch", "channel"})
    keeps = frozenset({"channel"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, 1, 1)."""
        batch, channels, _, _ = image_shape(self, inputs[0])
        return batch, channels, 1, 1

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One comparison or addition for each element of the same images and channels."""
        return output[0] * output[1] * math.prod(inputs[0][2:])

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """All rows and columns of the same channels."""
        _, _, height, width = inputs[0]
        return ((output[0], output[1], (0, height), (0, width)),)


@dataclass(frozen=True)
class GlobalMaxPool(GlobalPool):
    """The largest element of each channel's image."""


@dataclass(frozen=True)
class GlobalAveragePool(GlobalPool):
    """The mean of each channel's image.

    Examples
    --------
    >>> GlobalAveragePool().output_shape((10, 512, 7, 7))
    (10, 512, 1, 1)
    """
