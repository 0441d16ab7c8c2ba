"""Calibrations in a store's folder, one NetCDF file each, and the newest of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from daskcnn.errors import RunError, reason
from daskcnn.files import whole
from daskcnn.netcdf import image, load
from daskcnn.provenance import cores, cpu
from daskcnn.store import Store, new_id

FOLDER = "calibrations"
"""Within a store, where its own listing does not look."""


class Peaks(NamedTuple):
    """What the rates that runs reach are read against; NaN where it is not known."""

    peak_operations_per_s: float
    """FLOP/s of one thread: the better of NumPy's and ONNX Runtime's matrix products."""
    peak_bandwidth: float
    """B/s from one worker process to another."""


UNKNOWN = Peaks(np.nan, np.nan)


def keep(calibration: xr.Dataset, store: Store) -> Path:
    """Write a calibration, whole or not at all, and say where.

    Raises
    ------
    RunError
        The folder cannot be written to.
    """
    file = store.path / FOLDER / f"{new_id()}.nc"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as part:
            part.write_bytes(image(calibration))
    except OSError as error:
        raise RunError(f"cannot write to {file.parent} ({reason(error)}): choose another store") from error
    return file


def latest(store: Store, *, processor: str | None = None, count: int | None = None) -> xr.Dataset | None:
    """The newest calibration of a machine; None where there is none.

    A machine is known by its processor's name and the cores that may be used: a container has another host name
    each time.

    Parameters
    ----------
    store : Store
    processor : str, optional
    count : int, optional
        Cores. By default those of this machine.

    Examples
    --------
    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()))
    >>> measured = xr.Dataset({"copy": 2e9}, attrs={"cpu": "a cpu", "cores": 2})
    >>> keep(measured, store).parent.name, latest(store) is None
    ('calibrations', True)
    >>> latest(store, processor="a cpu", count=2)["copy"].item()
    2000000000.0
    """
    machine = cpu() if processor is None else processor, cores() if count is None else count
    of_it = (found for found in _newest_first(store) if (found.attrs.get("cpu"), found.attrs.get("cores")) == machine)
    return next(of_it, None)


def peaks(store: Store, cluster: str = "processes") -> Peaks:
    """The peaks of a cluster's workers on this machine, by its newest calibration in a store.

    Parameters
    ----------
    store : Store
    cluster : str
        `processes`; `threads`, which hand each other what they have and know no bandwidth; or an address, of whose
        workers nothing is known: they may be on other machines.
    """
    found = latest(store) if cluster in ("processes", "threads") else None
    if found is None:
        return UNKNOWN
    products = np.fmax(_number(found, "product_numpy"), _number(found, "product_onnxruntime"))
    return Peaks(float(products), _number(found, "transfer_rate") if cluster == "processes" else np.nan)


def _number(found: xr.Dataset, name: str) -> float:
    """A rate; NaN of a file that lacks it, or has something else under its name."""
    value = found.get(name, xr.DataArray(np.nan))
    return float(value.item()) if value.shape == () and value.dtype.kind == "f" else np.nan


def _newest_first(store: Store) -> Iterator[xr.Dataset]:
    for file in sorted((store.path / FOLDER).glob("*.nc"), reverse=True):
        try:
            yield load(file).to_dataset()
        except Exception:  # a damaged file, on which the HDF5 library raises nearly anything, hides no other
            continue
