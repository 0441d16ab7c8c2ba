"""Where a block lies in the whole, for ops that cannot tell it from the block alone."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.region import Interval


@dataclass(frozen=True)
class Place:
    """A block's place along one axis."""

    output: Interval
    """The outputs that it makes."""
    first: int
    """The first of the inputs that it reads."""
    size: int
    """Inputs along the whole axis."""
