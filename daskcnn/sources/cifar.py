"""CIFAR-10 as two archives have it: binary records, or PNG files with an image in each row.

Pillow is imported where a file is read: every worker imports this module.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape
from daskcnn.sources.base import Labels, box, opening
from daskcnn.sources.kept import frozen, kept

RECORD = np.dtype([("label", np.uint8), ("pixels", np.uint8, (3, 32, 32))])
UINT8 = np.dtype(np.uint8)
CLASSES = 10
LABELS = {"train": ("train_lables.json", "train_labels.json"), "test": ("test_lables.json", "test_labels.json")}
"""The archive that is known spells it the first way."""


@dataclass(frozen=True)
class CifarBinary:
    """A batch of A. Krizhevsky's binary version: for each image a label byte, then 3×32×32 bytes."""

    path: Path
    shape: Shape
    dtype: np.dtype[Any] = UINT8

    @classmethod
    def open(cls, path: Path) -> CifarBinary:
        """As many images as the file's length tells; UsageError where that is no whole number."""
        with opening(path, "CIFAR-10"):
            size = path.stat().st_size
        if size == 0 or size % RECORD.itemsize:
            raise UsageError(
                f"{path}: {size} bytes, but CIFAR-10 has {RECORD.itemsize} for each image; download it again"
            )
        return cls(path, (size // RECORD.itemsize, 3, 32, 32))

    def read(self, region: Region) -> NDArray[Any]:
        """A view of the file."""
        pixels: NDArray[Any] = self._records()["pixels"]
        return pixels[box(region)]

    def labels(self) -> Labels:
        """The class of each image, 0 to 9."""
        return _classes(self.path, self._records()["label"].astype(np.int64))

    def _records(self) -> NDArray[Any]:
        return np.memmap(self.path, RECORD, "r", shape=self.shape[:1])


@dataclass(frozen=True)
class CifarRows:
    """A PNG file with an image in each row, 1024 RGB pixels; JSON files beside it list the classes."""

    path: Path
    shape: Shape
    dtype: np.dtype[Any] = UINT8

    @classmethod
    def open(cls, path: Path) -> CifarRows:
        """As many images as the file has rows; UsageError where these are no images."""
        from PIL import Image

        with opening(path, "PNG"), Image.open(path, formats=["PNG"]) as image:
            (width, height), mode = image.size, image.mode
        if (width, mode) != (32 * 32, "RGB"):
            raise UsageError(
                f"{path}: rows of {width} {mode} pixels, but a file of this name has CIFAR-10 images, "
                "1024 RGB pixels each; rename it if it is one image"
            )
        return cls(path, (height, 3, 32, 32))

    def read(self, region: Region) -> NDArray[Any]:
        """A view of the pixels that this process keeps."""
        return _rows(self.path)[box(region)]

    def labels(self) -> Labels | None:
        """The class of each image, 0 to 9, if the list is there; a training batch has its part of one list.

        Raises
        ------
        UsageError
            The list is no list of classes, or too short.
        """
        number = re.search(r"data_batch_(\d+)", self.path.name)
        beside = [self.path.with_name(name) for name in LABELS["train" if number else "test"]]
        path = next((path for path in beside if path.is_file()), None)
        if path is None:
            return None
        first = (int(number[1]) - 1) * self.shape[0] if number else 0
        with opening(path, "a list of classes"):
            labels = np.array(json.loads(path.read_bytes()), np.int64, ndmin=1)[first : first + self.shape[0]]
        if labels.shape != self.shape[:1]:
            raise UsageError(
                f"{path}: {len(labels)} classes for the {self.shape[0]} images of {self.path.name}; download it again"
            )
        return _classes(path, labels)


def _classes(path: Path, labels: Labels) -> Labels:
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise UsageError(f"{path}: class {labels.max()}, but CIFAR-10 has 0 to 9; download it again")
    return labels


@kept(files=2)
def _rows(path: Path) -> NDArray[Any]:
    from PIL import Image

    with Image.open(path, formats=["PNG"]) as image:
        return frozen(np.array(image).reshape(-1, 32, 32, 3).transpose(0, 3, 1, 2))
