"""Images held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.region import Region, Shape
from daskcnn.sources.base import Images, box


@dataclass(frozen=True, eq=False)
class ArraySource:
    """Images held in memory; a task carries the whole array, so it is for small studies and tests."""

    array: NDArray[Any]

    @property
    def shape(self) -> Shape:
        """The array's own."""
        return self.array.shape

    def read(self, region: Region) -> Images:
        """A region of the array."""
        return np.ascontiguousarray(self.array[box(region)], dtype=np.float32)

    def labels(self) -> None:
        """None are known."""
