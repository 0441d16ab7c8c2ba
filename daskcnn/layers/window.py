"""How a kernel moves along one axis: output size, and the rows that an interval of outputs depends on."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.region import Interval


@dataclass(frozen=True)
class Window:
    """A kernel of `size` taps, `dilation` apart, moved by `stride` over an axis with padding at both ends.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), relationship 15.
    """

    size: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Input elements from the first to the last tap."""
        return (self.size - 1) * self.dilation + 1

    def output_size(self, size: int) -> int:
        """Outputs along an axis of `size` elements; UsageError where the kernel is longer than it.

        >>> Window(3, stride=2, before=1, after=1).output_size(28)
        14
        """
        room = size + self.before + self.after - self.extent
        if room < 0:
            raise UsageError(
                f"a kernel that spans {self.extent} does not fit an axis of {size} with padding "
                f"{self.before}+{self.after}; use a larger image, a smaller kernel or more padding"
            )
        return room // self.stride + 1

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

    def padding_left(self, output: Interval, size: int) -> tuple[int, int]:
        """Padding that a block needs before and after the interval of `needs` (negative crops it)."""
        start, stop = self.reach(output)
        first, last = self.needs(output, size)
        return first - start, stop - last
