"""IDX, the file format of MNIST and its kin."""

import gzip
import math
import zlib
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError, reason

DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP = b"\x1f\x8b"  # no IDX file starts with it, so the file's name need not be trusted


def read_idx(path: str | PathLike[str]) -> NDArray[Any]:
    """Read an IDX file, plain or gzipped.

    Parameters
    ----------
    path : str or path-like
        The file: two zero bytes, a byte that codes the dtype, a byte with the number of dimensions, each
        dimension as a big-endian uint32, then the values in C order, big-endian.

    Returns
    -------
    numpy.ndarray
        Of the shape and dtype that the file states (uint8, int8, int16, int32, float32 or float64), in
        native byte order, the caller's own.

    Raises
    ------
    UsageError
        If the file cannot be read, is not IDX, or holds fewer or more bytes than its shape needs.

    Notes
    -----
    The format is described with the MNIST database of Y. LeCun, C. Cortes and C. J. C. Burges.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "three.idx")
    ...     _ = file.write_bytes(bytes([0, 0, 0x0B, 1, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3]))
    ...     read_idx(file)
    array([1, 2, 3], dtype=int16)
    """
    path = Path(path)
    data = _read(path)
    dtype, shape = header(path, data)
    start, size = 4 + 4 * len(shape), dtype.itemsize * math.prod(shape)
    if len(data) - start != size:
        raise UsageError(
            f"{path}: {len(data) - start} bytes of values, but shape {shape} of {dtype.name} needs {size}; "
            "copy or download the file again"
        )
    try:
        values = np.frombuffer(data, dtype, offset=start).reshape(shape)
    except ValueError as error:
        raise UsageError(f"{path}: shape {shape} is more than NumPy can hold: {error}; check the file") from error
    return values.astype(dtype.newbyteorder("="))


def _read(path: Path) -> bytes:
    """All bytes of a file, unpacked if they are gzipped."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(GZIP) else data
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(
            f"{path}: cannot be read ({reason(error)}); give an intact IDX file, plain or gzipped"
        ) from error


def header(path: Path, data: bytes) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The dtype on disk and the shape, of an IDX file that begins with `data`; UsageError where it is none."""
    if len(data) < 4 or data[:2] != b"\0\0":
        raise UsageError(f"{path}: starts with 0x{data[:4].hex()}, but IDX starts with 0x0000 and two bytes more")
    code, dimensions = data[2], data[3]
    if code not in DTYPES:
        known = ", ".join(f"0x{known:02x}" for known in DTYPES)
        raise UsageError(f"{path}: unknown dtype code 0x{code:02x}; IDX knows {known}")
    if len(data) < 4 + 4 * dimensions:
        raise UsageError(
            f"{path}: {len(data)} bytes, but a header of {dimensions} dimensions needs {4 + 4 * dimensions}; "
            "copy or download the file again"
        )
    shape = np.frombuffer(data, ">u4", dimensions, 4)
    return np.dtype(DTYPES[code]), tuple(shape.tolist())
