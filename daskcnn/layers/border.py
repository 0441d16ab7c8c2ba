"""What is put around one axis, and which inputs an interval of outputs is made of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Interval, cut


@dataclass(frozen=True)
class Border:
    """`before` and `after` elements around an axis; negative ones crop it first.

    Source: ONNX, operator Pad, for the modes.
    """

    before: int
    after: int
    mode: str = "constant"

    def output_size(self, size: int) -> int:
        """Outputs of an axis of `size`; UsageError where the crops leave none or too few to reflect."""
        kept, widest = self._kept(size), max(self.before, self.after)
        outputs = size + self.before + self.after
        if outputs < 1 or (self.mode != "constant" and kept < 1) or (self.mode == "reflect" and widest >= kept):
            raise UsageError(
                f"{self.mode} padding {self.before}+{self.after} does not suit an axis of {size}; crop less than that, "
                "and reflect less than is left"
            )
        return outputs

    def sources(self, output: Interval, size: int) -> NDArray[np.int64]:
        """The input that each output is; beside the axis where it is a constant.

        >>> Border(2, 2, "reflect").sources((0, 8), size=4).tolist()
        [2, 1, 0, 1, 2, 3, 2, 1]
        """
        crop, kept = max(-self.before, 0), self._kept(size)
        at = np.arange(*output, dtype=np.int64) - max(self.before, 0)
        if self.mode == "edge":
            at = at.clip(0, kept - 1)
        elif self.mode == "wrap":
            at %= kept
        elif self.mode == "reflect":
            at = kept - 1 - abs(kept - 1 - abs(at))
        return at + crop

    def needs(self, output: Interval, size: int) -> Interval:
        """The inputs that the outputs are made of; never empty, so that every block has an input."""
        sources = self.sources(output, size).clip(0, size - 1)
        return int(sources.min()), int(sources.max()) + 1

    def padding_left(self, output: Interval, size: int) -> Interval | None:
        """Padding that makes the outputs of the inputs of `needs`; None where no padding does."""
        first, last = self.needs(output, size)
        start, stop = output[0] - self.before, output[1] - self.before
        if self.mode == "constant" or (first, last) == (start, stop):
            return first - start, stop - last
        uncut = output == (0, size + self.before + self.after)
        return (max(self.before, 0), max(self.after, 0)) if uncut else None

    def bounds(self, parts: int, size: int) -> tuple[int, ...]:
        """Where to cut the outputs so that each input is padded where it is: even blocks of the inputs.

        >>> Border(1, 1).bounds(2, size=6)
        (0, 4, 8)
        """
        outputs = self.output_size(size)
        bounds = (0, *(bound + self.before for bound in cut(size, parts)[1:-1]), outputs)
        return bounds if all(a < b for a, b in pairwise(bounds)) else cut(outputs, parts)

    def _kept(self, size: int) -> int:
        return size - max(-self.before, 0) - max(-self.after, 0)
