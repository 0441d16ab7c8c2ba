"""How one axis is resampled: which inputs each output is made of, and in which shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.layers.place import Place
from daskcnn.region import Interval, cut

NEAR = 1e-6
"""What ONNX Runtime takes for the middle between two elements."""
ROUNDINGS = {
    "round_prefer_floor": (np.ceil, -0.5 - NEAR),
    "round_prefer_ceil": (np.floor, 0.5 + NEAR),
    "floor": (np.floor, 0.0),
    "ceil": (np.ceil, 0.0),
}


class Samples(NamedTuple):
    """What outputs along one axis are made of: (1 − share) · input[low] + share · input[high]."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    share: NDArray[np.float32]

    def moved(self, by: int) -> Samples:
        """The same of inputs that are numbered from elsewhere."""
        return Samples(self.low + by, self.high + by, self.share)

    def same(self, other: Samples) -> bool:
        """Whether both are made of the same inputs in the same shares."""
        pairs = (self.low, other.low), (self.high, other.high), (self.share, other.share)
        return all(np.array_equal(one, two) for one, two in pairs)


@dataclass(frozen=True)
class Scaling:
    """An axis made longer or shorter, by a scale or to a length.

    Coordinates are worked out in float32, as ONNX Runtime does, so that both pick the same of two elements that are
    equally near.

    Source: ONNX, operator Resize.
    """

    scale: float | None
    length: int | None
    mode: str
    coordinates: str
    nearest: str

    def output_size(self, size: int) -> int:
        """Outputs of an axis of `size`; UsageError where there would be none.

        >>> Scaling(0.7, None, "nearest", "asymmetric", "floor").output_size(10)
        7
        """
        length = self._length(size)
        if length < 1:
            raise UsageError(f"scale {self.scale} leaves nothing of an axis of {size}; use {1 / size} or more")
        return length

    def samples(self, output: Interval, size: int) -> Samples:
        """What an interval of outputs is made of."""
        at = self._coordinates(output, size)
        if self.mode == "nearest":
            low = self._nearest(at, size)
            return Samples(low, low, np.zeros(len(low), np.float32))
        at = at.clip(0, size - 1)
        low = at.astype(np.int64)
        share = at - low.astype(np.float32)
        return Samples(low, low + (share > 0), share)

    def needs(self, output: Interval, size: int) -> Interval:
        """The inputs that an interval of outputs is made of."""
        low, high, _ = self.samples(output, size)
        return int(low.min()), int(high.max()) + 1

    def place(self, output: Interval, size: int) -> Place | None:
        """Where a block lies, unless it alone is resampled as it is in the whole."""
        needs = self.needs(output, size)
        return None if self._alone(needs, output, size) else Place(output, needs[0], size)

    def bounds(self, parts: int, size: int) -> tuple[int, ...]:
        """Where to cut the outputs so that each lies with the input it is nearest to: even blocks of the inputs.

        >>> Scaling(2.0, None, "nearest", "asymmetric", "floor").bounds(2, size=7)
        (0, 8, 14)
        """
        length = self.output_size(size)
        at = self._coordinates((0, length), size)
        nearest = self._nearest(at, size) if self.mode == "nearest" else np.ceil(at - 0.5)
        inner = np.searchsorted(nearest, cut(size, parts)[1:-1])
        bounds = (0, *(int(bound) for bound in inner), length)
        return bounds if all(a < b for a, b in pairwise(bounds)) else cut(length, parts)

    def _alone(self, needs: Interval, output: Interval, size: int) -> bool:
        """Whether a block needs no place, be it resampled here or by ONNX Runtime's own operator.

        That leaves a block as it is whose size a scale does not change, and rounds symmetric coordinates otherwise.
        """
        own, length = needs[1] - needs[0], output[1] - output[0]
        if self.coordinates == "half_pixel_symmetric" or (own == length and self.scale not in (None, 1)):
            return False
        alone = self if self.length is None else replace(self, length=length)
        return alone._length(own) == length and (
            alone.samples((0, length), own).moved(needs[0]).same(self.samples(output, size))
        )

    def _length(self, size: int) -> int:
        return int(np.float32(self.scale) * np.float32(size)) if self.length is None else self.length

    def _coordinates(self, output: Interval, size: int) -> NDArray[np.float32]:
        """Where outputs lie among the inputs."""
        length, half = self._length(size), np.float32(0.5)
        at = np.arange(*output).astype(np.float32)
        scale = np.float32(length) / np.float32(size) if self.scale is None else np.float32(self.scale)
        if self.coordinates == "asymmetric":
            return at / scale
        if self.coordinates == "align_corners":
            return at * np.float32(size - 1) / np.float32(max(length - 1, 1))
        if self.coordinates == "pytorch_half_pixel" and length == 1:
            return at
        if self.coordinates == "half_pixel_symmetric":
            kept = np.float32(length) / (scale * np.float32(size))
            return np.float32(size) / 2 * (1 - kept) + (at + half) / scale - half
        return (at + half) / scale - half

    def _nearest(self, at: NDArray[Any], size: int) -> NDArray[np.int64]:
        """The input that each output is."""
        rounding, shift = ROUNDINGS[self.nearest]
        found: NDArray[np.int64] = rounding(at.astype(np.float64) + shift).clip(0, size - 1).astype(np.int64)
        return found
