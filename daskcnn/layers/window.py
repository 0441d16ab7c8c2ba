"""How a kernel moves along one axis: output size, and the rows that an interval of outputs depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.taps import Taps
from daskcnn.region import Interval, Region, Shape

Pair = tuple[int, int]
"""Along height and width."""
Padding = tuple[int, int, int, int]
"""At top, left, bottom and right, in the order of ONNX `pads`."""


@dataclass(frozen=True)
class Window(Taps):
    """A kernel of `size` taps, `dilation` apart, moved by `stride` over an axis with padding at both ends.

    With `ceil` the last step may leave the padded axis, as long as it begins before the padding behind it.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), relationship 15;
    ONNX, operator MaxPool, for `ceil`.
    """

    ceil: bool = False

    def output_size(self, size: int) -> int:
        """Outputs along an axis of `size` elements; UsageError where the kernel is longer than it.

        >>> Window(3, stride=2, before=1, after=1).output_size(28)
        14
        >>> Window(3, stride=2, ceil=True).output_size(28)
        14
        """
        room = size + self.before + self.after - self.extent
        count = (-(-room // self.stride) if self.ceil else room // self.stride) + 1
        if count < 1:
            raise UsageError(
                f"a kernel that spans {self.extent} does not fit an axis of {size} with padding "
                f"{self.before}+{self.after}; use a larger image, a smaller kernel or more padding"
            )
        begins_behind = self.ceil and (count - 1) * self.stride >= size + self.before
        return count - 1 if begins_behind else count

    def reach(self, output: Interval) -> Interval:
        """The input interval under the kernel, padding included (so it may leave the axis).

        >>> Window(3, stride=2, before=1, after=1).reach((0, 4))
        (-1, 8)
        """
        first, last = output[0] * self.stride, (output[1] - 1) * self.stride
        return first - self.before, last - self.before + self.extent

    def needs(self, output: Interval, size: int) -> Interval:
        """The part of `reach` that lies on the axis; never empty, so that every block has an input."""
        start, stop = self.reach(output)
        start = min(max(start, 0), size - 1)
        return start, max(min(stop, size), start + 1)

    def padding_left(self, output: Interval, size: int) -> Interval:
        """Padding that a block needs before and after the interval of `needs` (negative crops it).

        What lies behind the padding of the whole axis is none: an average with padding does not count it.
        """
        start, stop = self.reach(output)
        first, last = self.needs(output, size)
        return first - start, min(stop, size + self.after) - last


def windows(kernel: Pair, stride: Pair, padding: Padding, dilation: Pair, ceil: bool = False) -> tuple[Window, Window]:
    """The windows along height and along width."""
    top, left, bottom, right = padding
    return (
        Window(kernel[0], stride[0], top, bottom, dilation[0], ceil),
        Window(kernel[1], stride[1], left, right, dilation[1], ceil),
    )


def image_padding(pair: Iterable[Window], image: Region, sizes: Shape) -> Padding:
    """The padding of a block that has just these rows and columns as its output."""
    (top, bottom), (left, right) = (
        window.padding_left(interval, size) for window, interval, size in zip(pair, image, sizes, strict=True)
    )
    return top, left, bottom, right
