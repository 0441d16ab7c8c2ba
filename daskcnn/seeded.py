"""Parameters drawn at random where they are needed: a handle of a few bytes that any part can be read from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from daskcnn.region import FLOAT, Shape


@dataclass(frozen=True)
class Seeded:
    """Float32 values that depend on the seed and their place alone, however they are cut.

    Each row along the first axis has a stream of its own, of the counter-based generator of Salmon et al.,
    "Parallel random numbers: as easy as 1, 2, 3" (2011).

    Examples
    --------
    >>> whole = Seeded((4, 3), seed=1)
    >>> np.array_equal(whole[1:3, :2], np.asarray(whole)[1:3, :2])
    True
    """

    shape: Shape
    seed: int
    scale: float = 1.0
    """Standard deviation, or half the width of the interval around 1."""
    positive: bool = False
    """Whether they are drawn evenly around 1, as variances must be, and not normally around 0."""

    def __getitem__(self, box: tuple[slice, ...]) -> NDArray[np.float32]:
        """The values in a box."""
        rows = range(self.shape[0])[box[0]]
        values = np.empty((len(rows), *self.shape[1:]), np.float32)
        for place, row in enumerate(rows):
            values[place] = self._row(row)
        return values[(slice(None), *box[1:])]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[np.float32]:
        """All values."""
        return self[tuple(slice(None) for _ in self.shape)].astype(dtype or np.float32, copy=False)

    @property
    def nbytes(self) -> int:
        """Bytes of all values."""
        return math.prod(self.shape) * FLOAT

    def _row(self, row: int) -> NDArray[np.float32] | np.float32:
        random = np.random.Generator(np.random.Philox(key=[self.seed, row]))
        if self.positive:
            return (1 + self.scale * (2 * random.random(self.shape[1:], np.float32) - 1)).astype(np.float32)
        return random.standard_normal(self.shape[1:], np.float32) * np.float32(self.scale)
