"""IDX files, plain or gzipped, with their labels beside them."""

from __future__ import annotations

import gzip
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.idx import GZIP, header, read_idx
from daskcnn.region import Region, Shape
from daskcnn.sources.base import Labels, box, opening
from daskcnn.sources.kept import frozen, kept

LONGEST = 4 + 4 * 255
"""Bytes of a header with as many dimensions as can be."""


@dataclass(frozen=True)
class Idx:
    """An array in an IDX file: mapped into memory where it is plain, read whole where it is gzipped."""

    path: Path
    shape: Shape
    dtype: np.dtype[Any]
    packed: bool

    @classmethod
    def open(cls, path: Path) -> Idx:
        """What the header says; UsageError where it, or the file's length, is wrong."""
        with opening(path, "IDX"):
            with path.open("rb") as file:
                packed = file.read(2) == GZIP
            with gzip.open(path) if packed else path.open("rb") as values:
                dtype, shape = header(path, values.read(LONGEST))
            found, needed = _length(path, packed), 4 + 4 * len(shape) + dtype.itemsize * math.prod(shape)
            if packed:
                needed %= 2**32
        if found != needed:
            raise UsageError(
                f"{path}: {found} bytes{' unpacked' * packed}, but shape {shape} of {dtype.name} needs {needed}; "
                "copy or download the file again"
            )
        return cls(path, shape, dtype, packed)

    def read(self, region: Region) -> NDArray[Any]:
        """A view of the file, or of its values that this process keeps."""
        return self._values()[box(region)]

    def labels(self) -> Labels | None:
        """Of the file beside it that is named as MNIST's are: `labels-idx1` for `images-idx3`.

        Raises
        ------
        UsageError
            That file is damaged or has another number of labels.
        """
        path = self._labels_path()
        if path is None:
            return None
        labels = read_idx(path)
        if labels.shape != self.shape[:1]:
            raise UsageError(
                f"{path}: labels of shape {labels.shape} beside {self.shape[0]} images; one each is needed"
            )
        return labels.astype(np.int64)

    def _values(self) -> NDArray[Any]:
        if self.packed:
            return _unpacked(self.path)
        return np.memmap(self.path, self.dtype, "r", 4 + 4 * len(self.shape), self.shape)

    def _labels_path(self) -> Path | None:
        plain = self.path.name.removesuffix(".gz")
        name = plain.replace("images", "labels").replace("idx3", "idx1")
        beside = [self.path.with_name(name), self.path.with_name(f"{name}.gz")] if name != plain else []
        return next((path for path in beside if path.is_file()), None)


def _length(path: Path, packed: bool) -> int:
    """Of the content; a gzip file ends with it, modulo 2³² (RFC 1952)."""
    if not packed:
        return path.stat().st_size
    with path.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


@kept(files=1)
def _unpacked(path: Path) -> NDArray[Any]:
    return frozen(read_idx(path))
