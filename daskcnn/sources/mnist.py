"""The MNIST test set, which the package brings along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daskcnn import data
from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape
from daskcnn.sources.base import Images, Labels, box
from daskcnn.sources.stored import floats


@dataclass(frozen=True)
class MnistTest:
    """The first images of the MNIST test set.

    Examples
    --------
    >>> MnistTest(100).read(((0, 100), (0, 1), (0, 28), (10, 20))).shape
    (100, 1, 28, 10)
    """

    images: int = 10_000
    scaled: bool = True
    """Whether pixels are divided by 255."""

    def __post_init__(self) -> None:
        if not 1 <= self.images <= 10_000:
            raise UsageError(f"images={self.images}: the MNIST test set has 10000; pass 1 to 10000")

    @property
    def shape(self) -> Shape:
        """(images, 1, 28, 28)."""
        return self.images, 1, 28, 28

    def read(self, region: Region) -> Images:
        """Pixels of a region, from the package's own data."""
        return floats(data.mnist_images()[: self.images, None][box(region)], self.scaled)

    def labels(self) -> Labels:
        """The digit of each image."""
        return data.mnist_labels()[: self.images].astype(np.int64)
