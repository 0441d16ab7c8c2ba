"""The root of a run: one row of the store's table."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.errors import RunError, reason
from daskcnn.metrics import METRICS

SCHEMA = 1
TEXTS = ("network", "chunks", "engine", "cluster")
COUNTS = ("workers", "images")

Cell = tuple[str | float, dict[str, str]]
Row = dict[str, Cell]


def read(file: Path) -> Row:
    """The 0-d variables of a run's root: value, and attributes `units` and `long_name`.

    Straight from HDF5: ten times as fast as xarray, and h5netcdf prints a traceback where it fails on damaged bytes.

    Raises
    ------
    RunError
        The file is damaged or is not a run.
    """
    try:
        with h5py.File(file) as hdf5:
            schema = np.ravel(hdf5.attrs.get("schema")).tolist()
            row = {name: _cell(item) for name, item in hdf5.items() if getattr(item, "shape", None) == ()}
    except Exception as error:  # the HDF5 library raises nearly anything
        raise damaged(file, error) from error
    if schema == [SCHEMA] and _is_run({name: value for name, (value, _) in row.items()}):
        return row
    raise RunError(f"{str(file)!r} is not a run of schema {SCHEMA}: remove it, or read it with what wrote it")


def table(rows: Mapping[str, Row]) -> xr.Dataset:
    """Rows under each other along `run`; a number that one lacks is NaN, a text "".

    Examples
    --------
    >>> table({"a": {"seconds": (0.5, {"units": "s"})}, "b": {}})["seconds"].values
    array([0.5, nan])
    """
    columns = dict.fromkeys(chain.from_iterable(rows.values()))
    found = {name: _column(name, list(rows.values())) for name in columns}
    return xr.Dataset(found, {"run": np.array(list(rows), str)})


def damaged(file: Path, error: Exception) -> RunError:
    """What to say of a file that made a library raise."""
    return RunError(f"{str(file)!r} cannot be read ({reason(error)}): remove it or copy it anew")


def _cell(item: h5py.Dataset) -> Cell:
    value = item[()]
    attrs = {name: item.attrs[name] for name in ("units", "long_name") if name in item.attrs}
    return value.decode() if isinstance(value, bytes) else value.item(), attrs


def _is_run(row: Mapping[str, str | float]) -> bool:
    texts = all(isinstance(row.get(name), str) for name in TEXTS)
    counts = all(isinstance(row.get(name), int) for name in COUNTS)
    return texts and counts and all(isinstance(row.get(name, 0), int | float) for name in METRICS)


def _column(name: str, rows: Sequence[Row]) -> tuple[str, NDArray[Any], dict[str, str]]:
    first, attrs = next(row[name] for row in rows if name in row)
    blank: Cell = "" if isinstance(first, str) else np.nan, {}
    return "run", np.array([row.get(name, blank)[0] for row in rows]), attrs
