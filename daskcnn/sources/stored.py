"""Arrays in files as images: axes in order, values as float32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import RunError, UsageError
from daskcnn.region import Region, Shape, shape_of
from daskcnn.sources.axes import ImageShape, Order, order, reordered
from daskcnn.sources.base import Images, Labels, Stored, reading


@dataclass(frozen=True)
class StoredImages:
    """An array in a file as images; nothing but what its header says is held."""

    stored: Stored
    order: Order
    scaled: bool

    @classmethod
    def of(cls, stored: Stored, image_shape: ImageShape | None = None, *, scaled: bool = True) -> StoredImages:
        """As images of `image_shape`.

        Raises
        ------
        UsageError
            The array's shape or dtype is not that of such images.
        """
        try:
            return cls(stored, order(stored.shape, image_shape), _takes(stored.dtype, scaled))
        except UsageError as error:
            raise UsageError(f"{stored.path}: {error}") from None

    @property
    def shape(self) -> Shape:
        """(images, channels, height, width)."""
        return reordered(self.stored.shape, self.order)

    def read(self, region: Region) -> Images:
        """A region, read from the file by whoever calls.

        Raises
        ------
        RunError
            The file is not to be seen from here, damaged, or another one than when it was opened.
        """
        kept = [axis for axis in self.order if axis is not None]
        added = [place for place, axis in enumerate(self.order) if axis is None]
        wanted = tuple(region[self.order.index(axis)] for axis in sorted(kept))
        with reading(self.stored.path):
            values = self.stored.read(wanted)
        if values.shape != shape_of(wanted):
            raise RunError(
                f"{self.stored.path}: its shape is no longer {self.stored.shape}; leave it alone while it is read"
            )
        return floats(np.expand_dims(values.transpose(kept), added), self.scaled)

    def labels(self) -> Labels | None:
        """The class of each image, where the format knows it."""
        return self.stored.labels()


def floats(values: NDArray[Any], scaled: bool) -> Images:
    """Values as float32 of their own memory, C-contiguous; uint8 is divided by 255 if `scaled`.

    >>> floats(np.array([0, 255], np.uint8), scaled=True)
    array([0., 1.], dtype=float32)
    """
    if scaled and values.dtype == np.uint8:
        divided: Images = np.empty(values.shape, np.float32)
        np.divide(values, 255, out=divided, dtype=np.float32)
        return divided
    return np.require(values, np.float32, ["C", "OWNDATA", "ENSUREARRAY"])


def _takes(dtype: np.dtype[Any], scaled: bool) -> bool:
    """`scaled`, if there is no doubt what it means for a dtype."""
    if dtype.kind == "f" or dtype == np.uint8 or (dtype.kind in "iub" and not scaled):
        return scaled
    way_out = "ask for raw values" if dtype.kind in "iub" else "convert it"
    raise UsageError(f"dtype {dtype}: images are uint8, scaled to [0, 1], or floats, taken as they are; {way_out}")
