"""What a sweep found: each configuration against the best, and how much of it is noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from daskcnn.metrics.fits import Scaling, fits
from daskcnn.noise import Comparison, compared

BEST = "best"
"""The verdict on the run that the others are compared with."""
NOISE = ("noise", "noise_low", "noise_high")
"""The ratio of the second half of the pair to the first, and its interval."""


def against_best(runs: xr.Dataset) -> xr.Dataset:
    """Each run's time an image against that of the best, and the noise floor.

    Parameters
    ----------
    runs : xarray.Dataset
        Along `run`, with `each_seconds` along `repeat`, `images` and `pair`.

    Returns
    -------
    xarray.Dataset
        Of each run the `ratio` of its median to the best's, `ratio_low` and `ratio_high`, its interval of 95 %
        confidence, and the `verdict` of `daskcnn.noise.compared`. Where one was measured twice, the same of its second
        half to its first, without a dimension, as `noise`, `noise_low` and `noise_high`: 1 but for noise.

    Examples
    --------
    >>> each = ("run", "repeat"), [[2.0, 2.1] * 3, [2.0, 2.1] * 3, [3.0, 3.1] * 3]
    >>> runs = xr.Dataset({"each_seconds": each, "images": ("run", [9] * 3), "pair": ("run", ["A", "B", ""])})
    >>> found = against_best(runs)
    >>> found["verdict"].values.tolist(), found["ratio"].values.round(3), found["noise"].item()
    (['best', 'no difference found', 'different'], array([1.   , 1.   , 1.488]), 1.0)
    """
    each = (runs["each_seconds"] / runs["images"]).transpose("run", ...).values
    times = [row[np.isfinite(row)] for row in each]
    halves = dict(zip(runs["pair"].values.tolist(), times, strict=True))
    # The second half is there for the noise alone.
    best = min((row for row in times if row is not halves.get("B")), key=np.median)
    runs = runs.assign(_columns([Comparison(1, 1, 1, BEST) if row is best else compared(row, best) for row in times]))
    if not {"A", "B"} <= halves.keys():
        return runs
    both = _columns([compared(halves["B"], halves["A"])]).squeeze()
    return runs.assign({name: both[name.replace("noise", "ratio")] for name in NOISE})


def series(runs: xr.Dataset) -> dict[str, xr.Dataset]:
    """The runs of each way of cutting, without the second half of the pair."""
    once = runs.isel(run=runs["pair"].values != "B")
    names = once["series"].values
    return {name: once.isel(run=names == name) for name in dict.fromkeys(names.tolist())}


def laws(runs: xr.Dataset, scaling: Scaling) -> xr.Dataset:
    """The laws of scaling fitted to the runs of a series; see `daskcnn.metrics.fits`."""
    each = runs["each_seconds"].transpose("run", ...).values
    return fits(runs["workers"].values, [row[np.isfinite(row)] for row in each], scaling)


def _columns(found: Sequence[Comparison]) -> xr.Dataset:
    """Comparisons along `run`."""
    values = {
        "ratio": ([own.ratio for own in found], "Time an image, as a multiple of the best"),
        "ratio_low": ([own.low for own in found], "Low end of its interval"),
        "ratio_high": ([own.high for own in found], "High end of its interval"),
        "verdict": ([own.verdict for own in found], "Against the best"),
    }
    return xr.Dataset(
        {
            name: ("run", column, {"long_name": label} | ({"units": ""} if name != "verdict" else {}))
            for name, (column, label) in values.items()
        }
    )
