"""Curves of scaling: what was measured with its intervals, the ideal, and what the fitted laws say."""

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.metrics.fits import DRAWS, Scaling, fits
from daskcnn.metrics.scaling import derived
from daskcnn.metrics.table import METRICS
from daskcnn.noise import CONFIDENCE, SEED

Floats = npt.NDArray[np.float64]
ENDS = (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2
MEASURED = "measured", "low", "high"


def curves(runs: xr.Dataset, kind: Scaling = "strong") -> xr.Dataset:
    """Time, speedup and what follows from them by the number of workers, measured, ideal and by the fitted laws.

    Parameters
    ----------
    runs : xarray.Dataset
        Along `run`, one for each number of workers: `workers`, `images` (0 where there are none), and along `repeat`
        too `each_seconds` and `each_serial`, in seconds, NaN where a run has fewer repeats or no serial time.
    kind : str
        `strong` or `weak`.

    Returns
    -------
    xarray.Dataset
        Along `line` and `workers`, the fewest first: `seconds`, `images_per_s` and what `scaling` tells. The lines are
        `measured`, the medians; `low` and `high`, which hold them with 95 % confidence, by percentile bootstrap of the
        repeats, each with its serial time; `ideal`, as many times the serial rate (without it, the rate of the fewest
        workers) as there are workers; and a line for each law. Besides, all that `daskcnn.metrics.fits.fits` gives.

    Examples
    --------
    >>> each = ("run", "repeat"), [[8.0, 8.0], [5.0, 5.0]]
    >>> serial = ("run", "repeat"), [[6.0, 6.0], [6.0, 6.0]]
    >>> runs = {"workers": ("run", [1, 2]), "images": ("run", [9, 9]), "each_seconds": each, "each_serial": serial}
    >>> found = curves(xr.Dataset(runs))
    >>> found["speedup"].sel(line="high").values, found["speedup"].sel(line="ideal").values
    (array([0.75, 1.2 ]), array([1., 2.]))
    """
    runs = runs.sortby("workers")
    workers, work = runs["workers"].values, np.maximum(runs["images"].values, 1).astype(float)
    seconds, serial = (runs[name].transpose("run", "repeat").values for name in ("each_seconds", "each_serial"))
    timed = bool(np.isfinite(serial).any(axis=1).all())
    times, alone = _resampled(seconds, serial)
    values = derived(workers, times, work, alone if timed else None) | {"images_per_s": work / times}
    found = fits(workers, [row[np.isfinite(row)] for row in seconds], kind)
    one = alone[0] if timed else times[0, 0] * workers[0] * work / work[0]
    steady = work / np.median(work / one) if timed else one
    others = [derived(workers, row, work, one if timed else None) for row in found["fitted"].values]
    others = [derived(workers, steady / workers, work, steady if timed else None), *others]
    lines = {
        name: np.stack([column[0], *_ends(column[1:]), *(other.get(name, work / other["seconds"]) for other in others)])
        for name, column in values.items()
    }
    if not runs["images"].values.all():
        del lines["images_per_s"]
    return (
        found.drop_vars("fitted")
        .assign({name: (("line", "workers"), rows, METRICS[name].attrs) for name, rows in lines.items()})
        .assign_coords(line=("line", [*MEASURED, "ideal", *found["law"].values], {"long_name": "Line"}))
    )


def _resampled(seconds: Floats, serial: Floats) -> tuple[Floats, Floats]:
    """(1 + draw, point) The median of each point's repeats, and of its resamplings, of both times alike."""
    rng = np.random.default_rng(SEED)
    found = []
    for row, beside in zip(seconds, serial, strict=True):
        both = np.stack([row, beside])[:, np.isfinite(row)]
        count = both.shape[1]
        drawn = np.full((2, DRAWS), np.nan)
        if count > 1:
            drawn = np.median(both[:, rng.integers(count, size=(DRAWS, count))], axis=2)
        found.append(np.concatenate([np.median(both, axis=1)[:, None], drawn], axis=1))
    times, alone = np.stack(found, axis=2)
    return times, alone


def _ends(drawn: Floats) -> Floats:
    """(2, point) The ends of the interval; NaN where a point, or one that it is compared with, has one repeat."""
    return np.asarray(np.quantile(drawn, ENDS, axis=0))
