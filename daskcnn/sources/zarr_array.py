"""Zarr arrays: only the chunks that a region touches are read.

The library is imported where an array is read: every worker imports this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape
from daskcnn.sources.base import box, opening

METADATA = "zarr.json", ".zarray", ".zgroup"


@dataclass(frozen=True)
class ZarrArray:
    """An array in a folder, of Zarr format 2 or 3."""

    path: Path
    shape: Shape
    dtype: np.dtype[Any]

    @classmethod
    def open(cls, path: Path) -> ZarrArray:
        """What the metadata of an array, or of the only one in a group, says.

        Raises
        ------
        UsageError
            The metadata is damaged, or there is no one array to choose.
        """
        import zarr

        with opening(path, "Zarr"):
            node = zarr.open(path, mode="r")
            if isinstance(node, zarr.Array):
                return cls(path, node.shape, np.dtype(node.dtype))
            names = sorted(node.array_keys())
            if len(names) != 1:
                known = ", ".join(names) or "(there are none)"
                raise UsageError(f"{path}: which of its arrays? give {path.name}/NAME with one of {known}")
            return cls.open(path / names[0])

    def read(self, region: Region) -> NDArray[Any]:
        """A region, decoded."""
        import zarr

        return np.asarray(zarr.open_array(self.path, mode="r")[box(region)])

    def labels(self) -> None:
        """None are known."""


def is_zarr(folder: Path) -> bool:
    """Whether a folder is a Zarr array or group."""
    return any((folder / name).is_file() for name in METADATA)
