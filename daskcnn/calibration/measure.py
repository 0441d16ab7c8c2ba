"""All that a calibration measures, one after the other, each alone."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from daskcnn.calibration.bandwidth import bandwidth
from daskcnn.calibration.between import by_size, lines, tasks, transfers
from daskcnn.calibration.product import product
from daskcnn.calibration.quantities import summary
from daskcnn.cluster import connect
from daskcnn.provenance import cores, provenance


def calibrate(watch: Callable[[str], None] = lambda what: None) -> xr.Dataset:
    """Measure what this machine can do, in less than 20 s: nothing else should run meanwhile.

    Parameters
    ----------
    watch : callable
        Told what is measured next.

    Returns
    -------
    xarray.Dataset
        For each of `QUANTITIES` its median over repeats, and the interval that holds it: `copy`, `copy_low`,
        `copy_high`, `copy_repeats`; the time of transfers by their bytes; where and when, as attributes.

    Raises
    ------
    RunError
        Two workers do not start, or fail.
    """
    watch("matrix products")
    samples = product(cores())
    watch("memory")
    samples |= bandwidth(cores())
    watch("two workers")
    with connect("processes", 2) as client:
        seconds = transfers(client)
        samples |= lines(seconds) | tasks(client)
    return summary(samples).assign(transfer_seconds=by_size(seconds)).assign_attrs(provenance())
