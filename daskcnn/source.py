"""Where images come from: each worker reads the part that its blocks need, none travel through the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from daskcnn import data
from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape, whole

Images = NDArray[np.float32]


class Source(Protocol):
    """Images that can be read region by region."""

    @property
    def shape(self) -> Shape:
        """(images, channels, height, width)."""

    def read(self, region: Region) -> Images:
        """A region as float32, C-contiguous."""


@dataclass(frozen=True)
class MnistTest:
    """The first images of the MNIST test set, scaled to [0, 1]."""

    images: int = 10_000

    def __post_init__(self) -> None:
        if not 1 <= self.images <= 10_000:
            raise UsageError(f"images={self.images}: the MNIST test set has 10000; pass 1 to 10000")

    @property
    def shape(self) -> Shape:
        """(images, 1, 28, 28)."""
        return self.images, 1, 28, 28

    def read(self, region: Region) -> Images:
        """Pixels of a region, from the package's own data."""
        box = tuple(slice(*interval) for interval in region)
        pixels = data.mnist_images()[: self.images, None][box]
        return np.divide(pixels, 255, dtype=np.float32)

    def labels(self) -> NDArray[np.int64]:
        """The digit of each image."""
        return data.mnist_labels()[: self.images].astype(np.int64)


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
        box = tuple(slice(*interval) for interval in region)
        return np.ascontiguousarray(self.array[box], dtype=np.float32)


def read_all(source: Source) -> Images:
    """All images, as the serial run reads them."""
    return source.read(whole(source.shape))
