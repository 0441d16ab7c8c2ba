"""How sure a number is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap

CONFIDENCE = 0.95
SEED = 0
"""Of the resampling, the one thing in a run that is drawn by lot."""


def median_interval(values: npt.ArrayLike) -> tuple[float, float]:
    """The interval that holds the median, by percentile bootstrap; NaN where one value says nothing of the noise.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.

    Parameters
    ----------
    values : array_like
        Repeats of one measurement.

    Returns
    -------
    (float, float)
        Low and high end, of 95 % confidence, in the unit of the values.

    Examples
    --------
    >>> low, high = median_interval([1.0, 1.1, 1.2, 1.3, 9.0])
    >>> 1.0 <= low <= 1.2 <= high <= 9.0
    True
    """
    sample = np.asarray(values, dtype=float)
    if len(sample) < 2:
        return np.nan, np.nan
    found = bootstrap((sample,), np.median, confidence_level=CONFIDENCE, method="percentile", rng=SEED)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
