"""Arrays of an ONNX file, those kept beside it included: nothing outside its folder is ever read."""

from __future__ import annotations

import math
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from daskcnn.errors import UsageError, telling

Array = NDArray[Any]


def array(tensor: TensorProto, folder: Path | None) -> Array:
    """The values of a tensor.

    Parameters
    ----------
    tensor : TensorProto
    folder : Path, optional
        Where the file lies; None where it came as bytes, which can have no data beside them.

    Raises
    ------
    UsageError
        Data that is damaged, missing, or outside the folder.
    """
    with telling(UsageError, f"tensor {tensor.name!r} is damaged", "give a whole file"):
        if min(tensor.dims, default=1) < 0:
            raise UsageError(f"tensor {tensor.name!r} has a negative size in {tuple(tensor.dims)}; give a whole file")
        if tensor.data_location != TensorProto.EXTERNAL:
            return numpy_helper.to_array(tensor)
        whole = TensorProto(name=tensor.name, data_type=tensor.data_type, dims=tensor.dims)
        whole.raw_data = _beside(tensor, folder)
        return numpy_helper.to_array(whole)


def _beside(tensor: TensorProto, folder: Path | None) -> bytes:
    """The bytes of a tensor from the file that it names."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    path = _inside(tensor.name, entries.get("location", ""), folder)
    size = math.prod(tensor.dims) * np.dtype(helper.tensor_dtype_to_np_dtype(tensor.data_type)).itemsize
    offset, length = int(entries.get("offset", 0)), int(entries.get("length", size))
    if length != size or offset < 0 or offset + size > path.stat().st_size:
        raise UsageError(
            f"tensor {tensor.name!r} is {size} bytes, not {length} at {offset} of the {path.stat().st_size} in "
            f"{path.name}; give the whole file"
        )
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(size)


def _inside(name: str, location: str, folder: Path | None) -> Path:
    """The file at a location in the folder; UsageError where there is none, or it leaves the folder."""
    if folder is None:
        raise UsageError(
            f"tensor {name!r} is kept in {location!r}, beside the file; pass the file's path, not its bytes"
        )
    windows, posix = PureWindowsPath(location), PurePosixPath(location)
    leaves = windows.drive or windows.root or posix.is_absolute() or ".." in windows.parts
    path = (folder / location).resolve()
    if not location or leaves or not path.is_relative_to(folder.resolve()):
        raise UsageError(
            f"tensor {name!r} is kept in {location!r}, outside the file's folder; put it beside the file and name it so"
        )
    if not path.is_file():
        raise UsageError(f"tensor {name!r} is kept in {location!r}, which is not there; put it beside the file")
    return path
