"""NumPy's archives: named arrays, each read whole by the process that needs it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape
from daskcnn.sources.base import box, opening
from daskcnn.sources.kept import frozen, kept

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


@dataclass(frozen=True)
class Npz:
    """An array of a .npz archive. It cannot be mapped: a worker holds the one that it read last."""

    path: Path
    name: str
    shape: Shape
    dtype: np.dtype[Any]

    @classmethod
    def open(cls, path: Path, name: str = "") -> Npz:
        """What the header of the named array, or of the only one, says.

        Raises
        ------
        UsageError
            The archive or the array is damaged, there is no array of that name, or no one name to choose.
        """
        with opening(path, ".npz"), ZipFile(path) as archive:
            names = [member.removesuffix(".npy") for member in archive.namelist() if member.endswith(".npy")]
            if not name and len(names) == 1:
                name = names[0]
            if name not in names:
                raise UsageError(
                    f"{path}: {f'no array {name!r} in it' if name else 'which of its arrays?'}; "
                    f"give {path.name}:NAME with one of {', '.join(names) or '(there are none)'}"
                )
            with archive.open(f"{name}.npy") as member:
                shape, dtype = _header(member)
                found, needed = (
                    archive.getinfo(f"{name}.npy").file_size - member.tell(),
                    math.prod(shape) * dtype.itemsize,
                )
            if found != needed:
                raise UsageError(
                    f"{path}: {found} bytes of {name}, but shape {shape} of {dtype} needs {needed}; write it again"
                )
            return cls(path, name, shape, dtype)

    def read(self, region: Region) -> NDArray[Any]:
        """A view of the array that this process keeps."""
        return _array(self.path, self.name)[box(region)]

    def labels(self) -> None:
        """None are known."""


def _header(member: IO[bytes]) -> tuple[Shape, np.dtype[Any]]:
    version = npy.read_magic(member)
    if version not in HEADERS:
        raise UsageError(f".npy version {version[0]}.{version[1]}: only arrays of plain numbers (1.0, 2.0) can be read")
    shape, _, dtype = HEADERS[version](member)
    return shape, dtype


@kept(files=1)
def _array(path: Path, name: str) -> NDArray[Any]:
    with np.load(path, allow_pickle=False) as arrays:
        return frozen(arrays[name])
