"""Local response normalisation across channels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.window import Window
from daskcnn.region import Interval, Region, Shape


@dataclass(frozen=True)
class Lrn(Op):
    """y[n, c] = x[n, c] / (bias + alpha / size · Σ x[n, i]²)^beta.

    The sum is over the channels i from c − ⌊(size−1)/2⌋ to c + ⌊size/2⌋ that there are.

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks" (2012),
    section 3.3; ONNX, operator LRN, for even sizes.

    Parameters
    ----------
    size : int
        Channels that are summed.
    alpha, beta, bias : float
    crop : (int, int), optional
        The channels that a block keeps of those it reads; the others are its neighbours.

    Examples
    --------
    >>> Lrn(5).needs(((0, 1), (4, 8), (0, 3), (0, 3)), (1, 16, 3, 3))
    (((0, 1), (2, 10), (0, 3), (0, 3)),)
    """

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    bias: float = 1.0
    crop: Interval | None = None

    cuts = frozenset(AXES)

    @property
    def window(self) -> Window:
        """How the sum moves along the channels; UsageError for a size below 1."""
        return Window(self.size, before=(self.size - 1) // 2, after=self.size // 2)

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape, cropped."""
        batch, channels, height, width = image_shape(self, inputs[0])
        start, stop = self.crop or (0, self.window.output_size(channels))
        return batch, stop - start, height, width

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """For each element a square, the sum, a multiply-add, a power and a division."""
        return math.prod(output) * (self.size + 4)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same images, rows and columns, and the channels that are summed."""
        batch, channel, *image = output
        return ((batch, self.window.needs(channel, inputs[0][1]), *image),)

    def local(self, output: Region, *inputs: Shape) -> Lrn:
        """Normalise, then crop the channels that were needed for their neighbours only."""
        channel = output[1]
        first, last = self.window.needs(channel, inputs[0][1])
        exact = channel == (first, last)
        return replace(self, crop=None if exact else (channel[0] - first, channel[1] - first))
