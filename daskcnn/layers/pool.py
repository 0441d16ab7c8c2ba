"""Pooling: what a window over each channel's image comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.taps import image_needs
from daskcnn.layers.window import Padding, Pair, Window, image_padding, windows
from daskcnn.region import Region, Shape


@dataclass(frozen=True)
class Pool2d(Op):
    """What both kinds of pooling share; the names and their meaning are those of ONNX.

    Parameters
    ----------
    kernel, stride, dilation : (int, int)
        Along height and width.
    padding : (int, int, int, int)
        At top, left, bottom and right, in the order of ONNX `pads`; each less than the kernel along its axis.
    ceil_mode : bool
        Whether a last window may leave the padded image, as long as it does not begin behind the image.
    """

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Padding = (0, 0, 0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    cuts = frozenset(AXES)
    keeps = frozenset({"channel"})
    leaves_rest = True

    def __post_init__(self) -> None:
        for side, taps in zip(self.padding, self.kernel * 2, strict=True):
            if not 0 <= side < taps:
                raise UsageError(
                    f"padding {self.padding} does not suit a pool of {self.kernel}: each must be 0 or more and less "
                    "than the kernel; put a Pad2d before it for more"
                )

    @property
    def windows(self) -> tuple[Window, Window]:
        """How the kernel moves along height and along width."""
        return windows(self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = image_shape(self, inputs[0])
        height, width = (window.output_size(size) for window, size in zip(self.windows, image, strict=True))
        return batch, channels, height, width

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One comparison or addition for each output element and kernel element."""
        return math.prod(output) * math.prod(self.kernel)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same channels, and the rows and columns under the kernel."""
        batch, channel, *image = output
        return ((batch, channel, *image_needs(self.windows, tuple(image), inputs[0][2:])),)

    def local(self, output: Region, *inputs: Shape) -> Self:
        """The same kernel with the padding that is left at this block's borders."""
        return replace(self, padding=image_padding(self.windows, output[2:], inputs[0][2:]))


@dataclass(frozen=True)
class MaxPool2d(Pool2d):
    """The largest element under the kernel; padding is never the largest.

    Examples
    --------
    >>> MaxPool2d((3, 3), stride=(2, 2)).output_shape((10, 16, 28, 28))
    (10, 16, 13, 13)
    >>> MaxPool2d((3, 3), stride=(2, 2), ceil_mode=True).output_shape((10, 16, 28, 28))
    (10, 16, 14, 14)
    """


@dataclass(frozen=True)
class AveragePool2d(Pool2d):
    """The mean of the elements under the kernel.

    With `count_include_pad` the padding counts as zeros, but what a window of `ceil_mode` covers behind the padding
    never counts.

    Examples
    --------
    >>> AveragePool2d((2, 2), stride=(2, 2)).needs(((0, 1), (3, 4), (0, 2), (5, 6)), (1, 16, 28, 28))
    (((0, 1), (3, 4), (0, 4), (10, 12)),)
    """

    count_include_pad: bool = False
