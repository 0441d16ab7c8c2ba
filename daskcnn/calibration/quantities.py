"""One table of what a calibration measures: name, label, unit, definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.noise import median_interval
from daskcnn.quantity import quantity


@dataclass(frozen=True)
class Quantity:
    """One thing that a machine does at a rate, or that takes it a time.

    Examples
    --------
    >>> QUANTITIES["product_numpy"].text(48.25e9), QUANTITIES["task_seconds"].text(0.00031)
    ('48.2 GFLOP/s', '310.00 us')
    """

    label: str
    unit: str
    source: str
    """The definition, and whose it is."""

    @property
    def attrs(self) -> dict[str, str]:
        """What every xarray variable of this quantity carries."""
        return {"units": self.unit, "long_name": self.label}

    def text(self, value: float) -> str:
        """The value as people read it, with its unit; a dash where there is none."""
        return quantity(value, self.unit)


PRODUCT = "2 n³ operations of a float32 matrix product, n = 1024, over its time (Goto and van de Geijn 2008)"
COPY = "bytes read and written by a[i] = b[i], over its time (STREAM; McCalpin 1995)"
TRIAD = "bytes read and written by a[i] = b[i] + s c[i], over its time (STREAM; McCalpin 1995)"
LINE = "time of a transfer = latency + bytes / rate, least squares of the relative error (Hockney 1994)"

QUANTITIES = {
    "product_numpy": Quantity("Matrix product by NumPy, one thread", "FLOP/s", PRODUCT),
    "product_onnxruntime": Quantity("Matrix product by ONNX Runtime, one thread", "FLOP/s", PRODUCT),
    "product_numpy_all": Quantity("Matrix product by NumPy, all cores", "FLOP/s", PRODUCT),
    "product_onnxruntime_all": Quantity("Matrix product by ONNX Runtime, all cores", "FLOP/s", PRODUCT),
    "copy": Quantity("Memory copy, one thread", "B/s", COPY),
    "triad": Quantity("Memory triad, one thread", "B/s", TRIAD),
    "copy_all": Quantity("Memory copy, all cores", "B/s", COPY),
    "triad_all": Quantity("Memory triad, all cores", "B/s", TRIAD),
    "transfer_rate": Quantity("Worker to worker, rate", "B/s", LINE),
    "transfer_latency": Quantity("Worker to worker, latency", "s", LINE),
    "task_seconds": Quantity("Dask's cost of a task", "s", "wall time of empty tasks on two workers / their number"),
}


def summary(samples: Mapping[str, NDArray[np.float64]]) -> xr.Dataset:
    """The median of each quantity's repeats, and both ends of the interval that holds it.

    Parameters
    ----------
    samples : mapping of str to (repeat,) float
        By the names of `QUANTITIES`.

    Returns
    -------
    xarray.Dataset
        For each name the 0-d variables `name`, `name_low` and `name_high`, and how many `name_repeats`.

    Examples
    --------
    >>> found = summary({"copy": np.array([1e9, 3e9, 2e9])})
    >>> found["copy"].item(), found["copy"].units, found["copy_repeats"].item()
    (2000000000.0, 'B/s', 3)
    """
    found: dict[str, tuple[tuple[()], float, dict[str, str]]] = {}
    for name, values in samples.items():
        quantity = QUANTITIES[name]
        low, high = median_interval(values)
        ends = {"": float(np.median(values)), "_low": low, "_high": high}
        found |= {f"{name}{end}": ((), value, quantity.attrs) for end, value in ends.items()}
        found[f"{name}_repeats"] = ((), len(values), {"long_name": f"{quantity.label}, repeats"})
    return xr.Dataset(found)
