"""Data as the bytes of NetCDF-4 files, each library where it is best: netCDF4 writes, h5netcdf reads.

netCDF4 writes the hundred and more variables of a run in a fifth of the time, and crashes on some damaged files, which
h5netcdf bears.
"""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import Any

import dask
import h5py  # type: ignore[import-untyped]
import xarray as xr

HERE = {"scheduler": "synchronous"}
"""Without it xarray asks the scheduler of whatever client there is for each of a hundred locks a file."""
_ALONE = RLock()
"""The NetCDF library bears one thread at a time."""


def image(data: xr.Dataset | xr.DataTree) -> memoryview:
    """The bytes of a file, made in memory: where a disk is full, the HDF5 library leaves files open.

    Made so, the root's variables and attributes are in the order of the alphabet, those of other nodes in their own.

    Examples
    --------
    >>> bytes(image(xr.Dataset({"seconds": 0.5}))[1:4])
    b'HDF'
    """
    tree = data if isinstance(data, xr.DataTree) else xr.DataTree(data)
    with _ALONE, dask.config.set(HERE):
        return tree.to_netcdf(engine="netcdf4", auto_complex=True)


def load(file: Path) -> xr.DataTree:
    """What a file holds, all of it in memory; the libraries raise nearly anything where it is damaged."""
    with dask.config.set(HERE), _Remembering(file) as hdf5, xr.open_datatree(hdf5, engine="h5netcdf") as tree:
        return tree.load()


class _Remembering(h5py.File):  # type: ignore[misc, unused-ignore]
    """A file that looks each object up once: h5netcdf does for each of the many questions it asks of a variable."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, track_order=True)  # as h5netcdf opens files: names are in the order of their writing
        self._found: dict[Any, Any] = {}

    def __getitem__(self, name: Any) -> Any:
        if name not in self._found:
            self._found[name] = super().__getitem__(name)
        return self._found[name]
