"""PNG and JPEG files: one, or a folder of them.

Pillow is imported where a file is read: every worker imports this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import RunError, UsageError
from daskcnn.region import Region, Shape, shape_of
from daskcnn.sources.base import opening, reading
from daskcnn.sources.kept import kept

FORMATS = "PNG", "JPEG"
SUFFIXES = ".png", ".jpg", ".jpeg"
MODES = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB", "RGBA": "RGBA"}
"""How a file has its pixels, and how they are read."""
CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}
UINT8 = np.dtype(np.uint8)


@dataclass(frozen=True)
class Pictures:
    """Images of one size and mode, 8 bits a channel, sorted by file name; turned as the file has them."""

    path: Path
    """A file, or the folder of the files."""
    shape: Shape
    """(images, channels, height, width)."""
    mode: str
    """`L`, `RGB` or `RGBA`."""
    dtype: np.dtype[Any] = UINT8

    @classmethod
    def open(cls, path: Path) -> Pictures:
        """What the headers say.

        Raises
        ------
        UsageError
            A file is damaged or of an unknown kind, the images are not alike, or there is none.
        """
        files = _files(path)
        if not files:
            raise UsageError(f"{path}: no {', '.join(SUFFIXES)} file in this folder; give one that has some")
        size, mode = _header(files[0])
        for file in files[1:]:
            if (found := _header(file)) != (size, mode):
                raise UsageError(
                    f"{file}: {_told(*found)}, but {files[0].name} is {_told(size, mode)}; "
                    "keep only images that are alike in a folder"
                )
        return cls(path, (len(files), CHANNELS[mode], *size[::-1]), mode)

    def read(self, region: Region) -> NDArray[Any]:
        """A region, of the files that it touches; they are held one at a time."""
        files = _files(self.path)
        if len(files) != self.shape[0]:
            raise RunError(
                f"{self.path}: {len(files)} images, no longer {self.shape[0]}; leave it alone while it is read"
            )
        (start, stop), (first, last), rows, columns = region
        pixels = np.empty(shape_of((region[0], rows, columns, region[1])), np.uint8)
        for image, file in zip(pixels, files[start:stop], strict=True):
            image[...] = self._decoded(file)[slice(*rows), slice(*columns), first:last]
        return pixels.transpose(0, 3, 1, 2)

    def labels(self) -> None:
        """None are known."""

    def _decoded(self, file: Path) -> NDArray[np.uint8]:
        """(height, width, channels)."""
        from PIL import Image

        _, channels, height, width = self.shape
        with reading(file), Image.open(file, formats=FORMATS) as image:
            if image.size != (width, height):
                raise RunError(f"{file}: its size is no longer {width}×{height}; leave it alone while it is read")
            return np.asarray(image.convert(self.mode)).reshape(height, width, channels)


@kept(files=1)
def _files(path: Path) -> list[Path]:
    """Those of a folder, or the one that is given."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.name[0] != ".")


def _header(file: Path) -> tuple[tuple[int, int], str]:
    """Width and height, and the mode to read in."""
    from PIL import Image

    with opening(file, "PNG or JPEG"), Image.open(file, formats=FORMATS) as image:
        if image.mode not in MODES:
            raise UsageError(f"{file}: pixels are {image.mode}, known are {', '.join(MODES)}; convert it to RGB")
        return image.size, MODES[image.mode]


def _told(size: tuple[int, int], mode: str) -> str:
    return f"{size[0]}×{size[1]} {mode}"
