"""How a transposed convolution spreads each input over the outputs, along one axis."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from daskcnn.errors import UsageError
from daskcnn.layers.taps import Taps
from daskcnn.region import Interval, cut


@dataclass(frozen=True)
class Spread(Taps):
    """A kernel of `size` taps, `dilation` apart: input i adds to outputs i·stride + tap·dilation − before.

    `before` and `after` outputs are cropped at the ends; negative ones add outputs that no input reaches.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), relationship 14.
    """

    def uncropped(self, size: int) -> int:
        """Outputs that an axis of `size` inputs reaches, gaps between them included."""
        return (size - 1) * self.stride + self.extent

    def output_size(self, size: int) -> int:
        """Outputs of an axis of `size`; UsageError where the crops leave none.

        >>> Spread(3, stride=2, before=1, after=1).output_size(14)
        27
        """
        kept = self.uncropped(size) - self.before - self.after
        if kept < 1:
            raise UsageError(
                f"padding {self.before}+{self.after} leaves nothing of the {self.uncropped(size)} outputs of an axis "
                f"of {size}; use less"
            )
        return kept

    def needs(self, output: Interval, size: int) -> Interval:
        """The inputs that add to an interval of outputs; never empty, so that every block has an input.

        >>> Spread(2, stride=2).needs((3, 6), size=14)
        (1, 3)
        """
        start = -(-(output[0] + self.before - self.extent + 1) // self.stride)
        stop = (output[1] - 1 + self.before) // self.stride + 1
        start = min(max(start, 0), size - 1)
        return start, max(min(stop, size), start + 1)

    def crop(self, output: Interval, size: int) -> Interval:
        """What to crop before and after the outputs of just the inputs of `needs` (negative adds outputs)."""
        first, last = self.needs(output, size)
        before = output[0] + self.before - first * self.stride
        return before, self.uncropped(last - first) - before - (output[1] - output[0])

    def bounds(self, parts: int, size: int) -> tuple[int, ...]:
        """Where to cut the outputs so that blocks reach evenly beyond even blocks of the inputs.

        >>> Spread(2, stride=2).bounds(2, size=7)
        (0, 8, 14)
        """
        outputs = self.output_size(size)
        shift = (self.extent - self.stride) // 2 - self.before
        bounds = (0, *(bound * self.stride + shift for bound in cut(size, parts)[1:-1]), outputs)
        return bounds if all(a < b for a, b in pairwise(bounds)) else cut(outputs, parts)
