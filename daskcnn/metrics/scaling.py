"""What more workers bring: speedup, efficiency and what is lost, by the number of workers."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.metrics.clock import serial_fraction
from daskcnn.metrics.table import METRICS

Floats = npt.NDArray[np.float64]


def scaling(runs: xr.Dataset | Mapping[str, npt.ArrayLike]) -> xr.Dataset:
    """Speedup and what is lost of it, by the number of workers.

    Parameters
    ----------
    runs : xarray.Dataset or mapping of str to (run,) array_like
        Rows of the store's table that differ in their number of workers alone, or its columns: `workers`, `seconds`;
        `images` where the work grows with the workers (weak scaling); `serial_seconds`, the time of the same work
        without Dask. Of runs with the same number of workers the median counts.

    Returns
    -------
    xarray.Dataset
        Along `workers`, the fewest first, with units and labels: `seconds`; `speedup` against `serial_seconds`, or
        without these, in work done per second, against the fewest workers; `efficiency`, the speedup over how many
        times as many workers there are; `scaling_loss`, 1 - efficiency; `incremental_speedup`, work done per second
        over that of the next fewer workers, NaN for the fewest; `serial_fraction` (Karp and Flatt 1990), NaN where
        nothing is divided.

    Examples
    --------
    >>> found = scaling({"workers": [1, 2, 4], "seconds": [8.0, 5.0, 4.0]})
    >>> found["speedup"].values, found["incremental_speedup"].values
    (array([1. , 1.6, 2. ]), array([ nan, 1.6 , 1.25]))
    >>> found["efficiency"].values, found["serial_fraction"].values.round(3)
    (array([1. , 0.8, 0.5]), array([  nan, 0.25 , 0.333]))
    """
    workers, seconds = np.unique(runs["workers"]), _medians(runs, "seconds")
    work = _medians(runs, "images") if "images" in runs else np.ones(seconds.size)
    found = derived(workers, seconds, work, _medians(runs, "serial_seconds") if "serial_seconds" in runs else None)
    attrs = {"units": "", "long_name": "Workers"}
    return xr.Dataset(
        {name: ("workers", values, METRICS[name].attrs) for name, values in found.items()},
        {"workers": ("workers", workers, attrs)},
    )


def derived(workers: Floats, seconds: Floats, work: Floats, serial: Floats | None = None) -> dict[str, Floats]:
    """What `scaling` tells, from arrays whose last axis goes along the numbers of workers, the fewest first.

    Parameters
    ----------
    workers : (point,) int
    seconds, work : (..., point) float
        Times, and how much was done in each.
    serial : (..., point) float, optional
        Times of the same work without Dask.
    """
    rate = work / seconds
    speedup, times = (rate / rate[..., :1], workers / workers[:1]) if serial is None else (serial / seconds, workers)
    efficiency = speedup / times
    more = np.full_like(rate, np.nan)
    more[..., 1:] = rate[..., 1:] / rate[..., :-1]
    return {
        "seconds": seconds,
        "speedup": speedup,
        "efficiency": efficiency,
        "scaling_loss": 1 - efficiency,
        "incremental_speedup": more,
        "serial_fraction": serial_fraction(speedup, times),
    }


def _medians(runs: xr.Dataset | Mapping[str, npt.ArrayLike], name: str) -> Floats:
    workers, values = np.asarray(runs["workers"]), np.asarray(runs[name], float)
    return np.array([np.median(values[workers == count]) for count in np.unique(workers)])
