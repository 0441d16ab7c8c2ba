"""Joining the parts that a block reads into the array that it computes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.region import Shape

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Gather:
    """Where each part goes, and what is taken of the array that carries it."""

    shape: Shape
    """Of the whole that the parts tile."""
    parts: tuple[tuple[Slices, Slices], ...]
    """For each carrier: to where in the whole, from where in the carrier; none where nothing is needed."""

    @classmethod
    def whole(cls, shape: Shape) -> Gather:
        """One carrier that is just what is read."""
        every = tuple(slice(0, size) for size in shape)
        return cls(shape, ((every, every),))

    def images(self, start: int, stop: int, carriers: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Images `start` to `stop` of the whole; without a copy where one carrier holds them."""
        if len(self.parts) == 1:
            _, (rows, *rest) = self.parts[0]
            return carriers[0][(slice(rows.start + start, rows.start + stop), *rest)]
        dtype = carriers[0].dtype if carriers else np.float32
        joined = np.empty((stop - start, *self.shape[1:]), dtype)
        for ((into, *where), (rows, *what)), carrier in zip(self.parts, carriers, strict=True):
            first, last = max(into.start, start), min(into.stop, stop)
            if first < last:
                shift = rows.start - into.start
                taken = carrier[(slice(first + shift, last + shift), *what)]
                joined[(slice(first - start, last - start), *where)] = taken
        return joined
