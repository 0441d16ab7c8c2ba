"""NumPy's own files: one array, mapped into memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.region import Region, Shape
from daskcnn.sources.base import box, opening


@dataclass(frozen=True)
class Npy:
    """An array in a .npy file; whatever is not read stays on the disk."""

    path: Path
    shape: Shape
    dtype: np.dtype[Any]

    @classmethod
    def open(cls, path: Path) -> Npy:
        """What the header says; UsageError where it, or the file's length, is wrong."""
        with opening(path, ".npy"):
            array = np.load(path, mmap_mode="r", allow_pickle=False)
            return cls(path, array.shape, array.dtype)

    def read(self, region: Region) -> NDArray[Any]:
        """A view of the file."""
        array: NDArray[Any] = np.load(self.path, mmap_mode="r", allow_pickle=False)
        return array[box(region)]

    def labels(self) -> None:
        """None are known."""
