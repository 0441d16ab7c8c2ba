"""Laws of scaling fitted to measured times: Amdahl's, Gustafson's and the Universal Scalability Law.

Each says that a quantity y of the throughput X of n workers is a sum of terms in n with coefficients that are not
negative, so each is fitted by linear least squares with bounds, of the relative error, with one minimum to find:

    Amdahl (1967), the same work for all n      1 / X = c0 + c1 / n
    Gustafson (1988), work that grows with n    X     = c0 + c1 n
    Gunther (1993, 2007), either                n / X = c0 + c1 (n - 1) + c2 n (n - 1)

The serial fraction, and Gustafson's alpha, is c0 / (c0 + c1); lambda, sigma and kappa are 1 / c0, c1 / c0 and c2 / c0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from daskcnn.errors import UsageError
from daskcnn.noise import CONFIDENCE, SEED

Floats = npt.NDArray[np.float64]
Scaling = Literal["strong", "weak"]
DRAWS = 1000
"""How often repeats are resampled for an interval."""
ATTRS = {
    "value": {"long_name": "Value"},
    "low": {"long_name": "Low end of its interval"},
    "high": {"long_name": "High end of its interval"},
    "parameter": {"long_name": "Parameter"},
    "label": {"long_name": "Label of the parameter"},
    "of": {"long_name": "Law of the parameter"},
    "law": {"long_name": "Law"},
    "r_squared": {"long_name": "Share of the variance that the law explains", "units": ""},
    "residual": {"long_name": "Root mean square of fitted time / time - 1", "units": ""},
    "note": {"long_name": "Why it is not fitted"},
    "fitted": {"long_name": "Time by the law", "units": "s"},
    "workers": {"long_name": "Workers", "units": ""},
}
"""What the variables of `fits` carry; values of parameters have units of their own."""


@dataclass(frozen=True)
class Law:
    """One law as a sum of terms."""

    scaling: tuple[Scaling, ...]
    """What it is a law of."""
    parameters: dict[str, str]
    """Names and labels."""
    terms: Callable[[Floats], list[Floats]]
    """Of n."""
    swapped: Callable[[Floats, Floats], Floats]
    """y from n and X, and X from n and y."""
    read: Callable[[Floats], Floats]
    """The parameters from the coefficients."""


class Fit(NamedTuple):
    """What a law makes of the throughput of several numbers of workers."""

    parameters: Floats
    """(3, parameter) Of the medians, and both ends of the interval."""
    throughput: Floats
    """(point,) By the law."""
    note: str


def _share(c: Floats) -> Floats:
    return np.asarray(c[:1] / c.sum())


LAWS = {
    "amdahl": Law(
        scaling=("strong",),
        parameters={"serial_fraction": "Serial fraction"},
        terms=lambda n: [n**0, 1 / n],
        swapped=lambda n, x: 1 / x,
        read=_share,
    ),
    "gustafson": Law(
        scaling=("weak",),
        parameters={"alpha": "Serial fraction of the scaled work"},
        terms=lambda n: [n**0, n],
        swapped=lambda n, x: x,
        read=_share,
    ),
    "usl": Law(
        scaling=("strong", "weak"),
        parameters={"lambda": "Throughput of one worker", "sigma": "Contention", "kappa": "Coherency"},
        terms=lambda n: [n**0, n - 1, n * (n - 1)],
        swapped=lambda n, x: n / x,
        read=lambda c: np.append(1, c[1:]) / (c[0] or np.nan),
    ),
}


def fits(workers: npt.ArrayLike, seconds: Sequence[npt.ArrayLike] | Floats, scaling: Scaling = "strong") -> xr.Dataset:
    """The laws of scaling fitted to times, with the intervals that hold their parameters.

    Parameters
    ----------
    workers : (point,) int
        A number may come again: its times are taken together.
    seconds : (point,) sequence of float or of (repeat,) float
        The repeats of each point, whose median is fitted.
    scaling : str
        `strong` where all points do the same work, `weak` where it grows with the workers.

    Returns
    -------
    xarray.Dataset
        Along `parameter`, with the coordinates `label` and `of`, its law: `value`, and `low` and `high` of 95 %
        confidence, by percentile bootstrap of the repeats of each point; NaN where a point has a single one.
        `serial_fraction` and `alpha` are shares of the time of one worker; `lambda` is in work of one worker per
        second.
        Along `law`: `r_squared` and `residual`, the root mean square of fitted time / median time - 1; `note` says
        "too few points" where there are as few as the law has coefficients: then all is NaN.
        Along `law` and `workers`: `fitted`, in seconds; NaN where a law comes to no time at all.

    Raises
    ------
    UsageError
        There are no times, or not a number of workers for each; one of these is not positive; or the scaling is none.

    Examples
    --------
    >>> found = fits([1, 2, 4, 8], [10.0, 6.0, 4.0, 3.0])
    >>> found.sel(parameter="serial_fraction")["value"].round(6).item()
    0.2
    >>> fits([1, 2], [10.0, 6.0])["note"].values.tolist()
    ['too few points', 'too few points']
    """
    laws = {name: law for name, law in LAWS.items() if scaling in law.scaling}
    if not laws:
        raise UsageError(f"scaling {scaling!r} is none: use strong or weak")
    samples = _by_workers(workers, seconds)
    n = np.array(list(samples), float)
    work = n if scaling == "weak" else n**0
    median, *resampled = work / _times(list(samples.values()))
    found = [_fit(law, n, median, resampled) for law in laws.values()]
    value, low, high = np.concatenate([fit.parameters for fit in found], axis=1)
    fitted = xr.DataArray(work / np.stack([fit.throughput for fit in found]), dims=("law", "workers"))
    measured = xr.DataArray(work / median, dims="workers")
    spread = ((measured - measured.mean()) ** 2).sum()
    result = xr.Dataset(
        {
            "value": ("parameter", value),
            "low": ("parameter", low),
            "high": ("parameter", high),
            "r_squared": 1 - ((fitted - measured) ** 2).sum("workers", skipna=False) / spread.where(spread > 0),
            "residual": ((fitted / measured - 1) ** 2).mean("workers", skipna=False) ** 0.5,
            "note": ("law", [fit.note for fit in found]),
            "fitted": fitted,
        },
        {
            "parameter": [name for law in laws.values() for name in law.parameters],
            "label": ("parameter", [label for law in laws.values() for label in law.parameters.values()]),
            "of": ("parameter", [name for name, law in laws.items() for _ in law.parameters]),
            "law": list(laws),
            "workers": n.astype(int),
        },
    )
    for name, attrs in ATTRS.items():
        result[name].attrs = dict(attrs)
    return result


def _by_workers(workers: npt.ArrayLike, seconds: Sequence[npt.ArrayLike] | Floats) -> dict[int, Floats]:
    """The repeats of each number of workers, the fewest first."""
    counts = np.asarray(workers)
    if len(counts) != len(seconds) or not len(counts):
        raise UsageError(f"{len(counts)} numbers of workers for {len(seconds)} times: give one for each")
    samples = [np.atleast_1d(np.asarray(times, float)) for times in seconds]
    if not all((values > 0).all() and np.isfinite(values).all() for values in (counts, *samples)):
        raise UsageError(f"workers {counts.tolist()} and their seconds must be positive numbers: leave others out")
    return {int(n): np.concatenate([samples[at] for at in np.flatnonzero(counts == n)]) for n in np.unique(counts)}


def _times(samples: Sequence[Floats]) -> Floats:
    """(1 + draw, point) The median of each sample, and of its resamplings; none of them where one has no noise."""
    medians = np.array([[np.median(sample) for sample in samples]])
    if min(map(len, samples)) < 2:
        return medians
    rng = np.random.default_rng(SEED)
    drawn = [np.median(sample[rng.integers(len(sample), size=(DRAWS, len(sample)))], axis=1) for sample in samples]
    return np.concatenate([medians, np.stack(drawn, axis=1)])


def _fit(law: Law, n: Floats, median: Floats, resampled: Sequence[Floats]) -> Fit:
    terms = np.stack(law.terms(n), axis=1)
    nothing = np.full((3, len(law.parameters)), np.nan)
    if len(n) <= terms.shape[1]:
        return Fit(nothing, np.full(n.size, np.nan), "too few points")
    coefficients = _least_squares(terms, law.swapped(n, median))
    value = law.read(coefficients)
    drawn = [law.read(_least_squares(terms, law.swapped(n, throughput))) for throughput in resampled]
    ends = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0) if drawn else nothing[1:]
    fitted = terms @ coefficients
    return Fit(np.vstack([value, ends]), law.swapped(n, np.where(fitted > 0, fitted, np.nan)), "")


def _least_squares(terms: Floats, y: Floats) -> Floats:
    """The coefficients >= 0 with the least sum of (fitted / y - 1) squared."""
    return np.asarray(scipy.optimize.nnls(terms / y[:, None], np.ones(y.size))[0])
