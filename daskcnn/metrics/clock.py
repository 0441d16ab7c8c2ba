"""The metrics that need more than a trace: a clock of the client's own, the serial run, the machine."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.metrics.table import METRICS


def rates(
    seconds: npt.ArrayLike,
    images: int,
    workers: int,
    serial_seconds: npt.ArrayLike,
) -> xr.Dataset:
    """Time, images/s, speedup, efficiency and serial fraction of each repeat.

    Parameters
    ----------
    seconds : (repeat,) float
        From submitting to the answer.
    images, workers : int
    serial_seconds : (repeat,) or () float
        Of the same kernels, serial and without Dask.

    Returns
    -------
    xarray.Dataset
        Along `repeat`, with units and labels.

    Examples
    --------
    >>> rates([0.5, 0.4], images=1000, workers=2, serial_seconds=0.8)["efficiency"].values
    array([0.8, 1. ])
    """
    time = np.asarray(seconds, float)
    speedup = np.asarray(serial_seconds, float) / time
    return along_repeat(
        {
            "seconds": time,
            "images_per_s": images / time,
            "speedup": speedup,
            "efficiency": speedup / workers,
            "serial_fraction": serial_fraction(speedup, workers),
        }
    )


def serial_fraction(speedup: npt.ArrayLike, workers: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The share of the work that would be serial if that alone kept the speedup down; NaN of one worker.

    Source: Karp and Flatt, "Measuring Parallel Processor Performance" (1990).

    Examples
    --------
    >>> serial_fraction([1.0, 1.6, 2.0], [1, 2, 4]).round(3)
    array([  nan, 0.25 , 0.333])
    """
    one, share = 1 / np.asarray(speedup, float), 1 / np.asarray(workers, float)
    return (one - share) / np.where(share < 1, 1 - share, np.nan)


def along_repeat(values: Mapping[str, npt.ArrayLike]) -> xr.Dataset:
    """Metrics by name, a value a repeat, with their units and labels."""
    return xr.Dataset({name: ("repeat", np.asarray(v, float), METRICS[name].attrs) for name, v in values.items()})
