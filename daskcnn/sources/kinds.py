"""The kinds of input, and which of them a text means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from daskcnn.errors import UsageError, telling
from daskcnn.sources.axes import ImageShape, fits
from daskcnn.sources.base import Source, Stored, opening
from daskcnn.sources.cifar import CifarBinary, CifarRows
from daskcnn.sources.idx import Idx
from daskcnn.sources.joined import Joined
from daskcnn.sources.mnist import MnistTest
from daskcnn.sources.npy import Npy
from daskcnn.sources.npz import Npz
from daskcnn.sources.pictures import Pictures
from daskcnn.sources.random_images import PREFIX, RandomImages
from daskcnn.sources.stored import StoredImages
from daskcnn.sources.zarr_array import ZarrArray, is_zarr

Opener = Callable[[Path], Stored]
BEGINNINGS: dict[bytes, Opener] = {
    b"\x93NUMPY": Npy.open,
    b"PK\x03\x04": Npz.open,
    b"\x89PNG\r\n\x1a\n": Pictures.open,
    b"\xff\xd8\xff": Pictures.open,
    b"\x1f\x8b": Idx.open,
    b"\0\0": Idx.open,
}
"""What files begin with."""
NAMES: dict[str, Opener] = {
    "data_batch_*.png": CifarRows.open,
    "test_batch.png": CifarRows.open,
    "*.bin": CifarBinary.open,
}
"""Files whose name tells more than their first bytes."""
BATCHES = "data_batch_*.bin", "test_batch.bin", "data_batch_*.png", "test_batch.png"
"""What makes a folder CIFAR-10; the first that is there is read."""
KNOWN = (
    "mnist, random:NxCxHxW[:SEED], a .npy, .npz[:NAME], IDX, CIFAR-10 .bin or .png, PNG or JPEG file, "
    "a folder of images, or a Zarr array"
)


def open_source(text: str, image_shape: ImageShape | None = None, *, scaled: bool = True) -> Source:
    """The images that a text names; of files no more than headers is read.

    Parameters
    ----------
    text : str
        `mnist`, `random:80x3x1024x1024` with or without `:SEED`, or the path of

        - a .npy file, or a .npz file (`digits.npz:x_test` where it has several arrays);
        - an IDX file, plain or gzipped;
        - a CIFAR-10 binary batch, a PNG batch with an image in each row, or a folder of either: the training
          batches in order, or the test batch where there are no others;
        - a PNG or JPEG image, or a folder of them, all alike, sorted by name;
        - a Zarr array, or a group that holds one.
    image_shape : sequence of (int or None), optional
        (channels, height, width) that the network takes, None where any size will do; it decides whether
        (N, a, b, c) has its channels first or last, see `axes.order`.
    scaled : bool
        Whether uint8 is divided by 255; without it any integers are taken as they are.

    Returns
    -------
    Source
        float32 images (images, channels, height, width).

    Raises
    ------
    UsageError
        Nothing that is known, missing, damaged, or of a wrong shape or dtype.

    Examples
    --------
    >>> open_source("random:80x3x1024x1024:7")
    RandomImages(shape=(80, 3, 1024, 1024), seed=7)
    """
    source: Source
    if text == "mnist":
        source = MnistTest(scaled=scaled)
    elif text.startswith(PREFIX):
        source = RandomImages.parse(text)
    else:
        return StoredImages.of(_stored(text), image_shape, scaled=scaled)
    if image_shape is not None and not fits(source.shape, image_shape):
        raise UsageError(
            f"{text}: images of shape {source.shape[1:]}, but the network takes {tuple(image_shape)}; give these"
        )
    return source


def _stored(text: str) -> Stored:
    path = Path(text).absolute()
    archive, _, name = text.rpartition(":")
    with telling(UsageError, repr(text), f"known are {KNOWN}"):
        if text and path.is_dir():
            return _folder(path)
        if path.is_file():
            return _file(path)
        if archive and Path(archive).is_file():
            return Npz.open(Path(archive).absolute(), name)
    raise UsageError(f"{text!r}: no such file, and no other input; known are {KNOWN}")


def _folder(path: Path) -> Stored:
    if is_zarr(path):
        return ZarrArray.open(path)
    for pattern in BATCHES:
        if files := sorted(path.glob(pattern)):
            return Joined.of(path, [_file(file) for file in files])
    return Pictures.open(path)


def _file(path: Path) -> Stored:
    for pattern, opener in NAMES.items():
        if path.match(pattern):
            return opener(path)
    with opening(path, "input"), path.open("rb") as file:
        start = file.read(8)
    for beginning, opener in BEGINNINGS.items():
        if start.startswith(beginning):
            return opener(path)
    raise UsageError(f"{path}: begins with 0x{start.hex()}, which is no known input; known are {KNOWN}")
