"""What blocks read images from, and what a file format has to offer for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import RunError, UsageError, telling
from daskcnn.region import Region, Shape, whole

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


class Source(Protocol):
    """Images that can be read region by region; cheap to send to the worker that reads."""

    @property
    def shape(self) -> Shape:
        """(images, channels, height, width)."""

    def read(self, region: Region) -> Images:
        """A region as float32, C-contiguous."""

    def labels(self) -> Labels | None:
        """The class of each image, where the source knows it."""


class Stored(Protocol):
    """An array as its file has it: any number of axes, images first, any dtype."""

    @property
    def path(self) -> Path:
        """The file or folder, absolute: a worker may have another working folder."""

    @property
    def shape(self) -> Shape:
        """The array's."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The array's."""

    def read(self, region: Region) -> NDArray[Any]:
        """A region, on the worker that needs it; it may be a view of the file."""

    def labels(self) -> Labels | None:
        """The class of each image, where the format knows it."""


def read_all(source: Source) -> Images:
    """All images at once."""
    return source.read(whole(source.shape))


def box(region: Region) -> tuple[slice, ...]:
    """A region as NumPy indexes by it."""
    return tuple(slice(*interval) for interval in region)


def opening(path: Path, known: str) -> AbstractContextManager[None]:
    """On the client: whatever a library raises means that the file is not `known`."""
    return telling(UsageError, f"{path}: cannot be read as {known}", "give an intact file")


def reading(path: Path) -> AbstractContextManager[None]:
    """On a worker, of a file that the client could open."""
    return telling(RunError, f"{path}: a worker cannot read it", "give an intact file that every worker sees")
