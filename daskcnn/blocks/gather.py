"""Joining the parts that a block reads into the array that it computes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.exchange import Read
from daskcnn.region import Region, Shape, shape_of, slices

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Gather:
    """Where each part goes, and what is taken of the array that carries it."""

    shape: Shape
    """Of the whole that the parts tile."""
    parts: tuple[tuple[Slices, Slices], ...]
    """For each carrier: to where in the whole, from where in the carrier."""

    @classmethod
    def of(cls, need: Region, reads: Sequence[Read]) -> Gather:
        """The gather of one block's reads."""
        parts = tuple((slices(read.region, need), slices(read.region, read.carrier)) for read in reads)
        return cls(shape_of(need), parts)

    def images(self, start: int, stop: int, carriers: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Images `start` to `stop` of the whole; without a copy where one carrier holds them."""
        if len(self.parts) == 1:
            _, (rows, *rest) = self.parts[0]
            return carriers[0][(slice(rows.start + start, rows.start + stop), *rest)]
        joined = np.empty((stop - start, *self.shape[1:]), carriers[0].dtype)
        for ((into, *where), (rows, *what)), carrier in zip(self.parts, carriers, strict=True):
            first, last = max(into.start, start), min(into.stop, stop)
            if first < last:
                shift = rows.start - into.start
                taken = carrier[(slice(first + shift, last + shift), *what)]
                joined[(slice(first - start, last - start), *where)] = taken
        return joined
