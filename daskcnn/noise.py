"""How sure a number is, and whether two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt
import scipy

CONFIDENCE = 0.95
SEED = 0
"""Of the resampling, the one thing in a run that is drawn by lot."""
TOGETHER = 400
"""Values that are resampled at once, each some ten thousand times: it keeps memory small."""
DIFFERENT, SAME, FEW, NO_RATIO = "different", "no difference found", "too few repeats to tell", "no ratio"
"""What a comparison comes to; there is no ratio to what is unknown, zero or negative."""


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
    low, high = median_intervals([values])[0].tolist()
    return low, high


def median_intervals(samples: Sequence[npt.ArrayLike]) -> npt.NDArray[np.float64]:
    """(sample, 2) The `median_interval` of each of many samples: the same, and much quicker than one by one.

    Examples
    --------
    >>> median_intervals([[2.0] * 5, [1.0, 2.0, 3.0], [1.0]])
    array([[ 2.,  2.],
           [ 1.,  3.],
           [nan, nan]])
    """
    rows = [np.asarray(sample, dtype=float) for sample in samples]
    sizes = np.array([row.size for row in rows], int)
    ends = np.full((sizes.size, 2), np.nan)
    for size in np.unique(sizes[sizes > 1]).tolist():
        places = np.flatnonzero(sizes == size)
        for some in np.array_split(places, min(places.size, -(-places.size * size // TOGETHER))):
            sample = np.stack([rows[place] for place in some])
            found = scipy.stats.bootstrap(
                (sample,), np.median, axis=-1, confidence_level=CONFIDENCE, method="percentile", rng=SEED
            )
            # What lies between two draws is rounded, and may be past them by a bit.
            least, most = sample.min(axis=1), sample.max(axis=1)
            ends[some] = np.stack([np.clip(end, least, most) for end in found.confidence_interval], axis=1)
    return ends


def ratio_interval(values: npt.ArrayLike, base: npt.ArrayLike) -> tuple[float, float]:
    """The interval that holds median(values) / median(base), by percentile bootstrap of both.

    Source: Efron and Tibshirani (1993), chapters 8 and 13.

    Parameters
    ----------
    values, base : array_like
        Repeats of one measurement, of two runs; one may have more than the other.

    Returns
    -------
    (float, float)
        Low and high end, of 95 % confidence. NaN where there are too few repeats to `tell` or a value is unknown,
        negative, or zero in the base: then there is no ratio.

    Examples
    --------
    >>> ratio_interval([2.0, 2.2, 2.1, 2.0, 2.1], [1.0] * 5)
    (2.0, 2.2)
    >>> ratio_interval([2.0, 2.2], [1.0, 1.0])
    (nan, nan)
    """
    sample, other = (np.asarray(side, dtype=float) for side in (values, base))
    if not tell(len(sample), len(other)) or not (np.isfinite(sample) & (sample >= 0)).all():
        return np.nan, np.nan
    if not (np.isfinite(other) & (other > 0)).all():
        return np.nan, np.nan
    found = scipy.stats.bootstrap((sample, other), _ratio, confidence_level=CONFIDENCE, method="percentile", rng=SEED)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


@dataclass(frozen=True)
class Comparison:
    """How many times as much one thing is as another, and how sure that is.

    Examples
    --------
    >>> print(Comparison(1.226, 1.18, 1.28, DIFFERENT))
    1.23 times [1.18, 1.28]
    >>> print(Comparison(1.0021, 1.0014, 1.0032, DIFFERENT))
    1.002 times [1.001, 1.003]
    """

    ratio: float
    """Of medians; NaN where there is none."""
    low: float
    high: float
    """Ends of its interval; NaN where there is none."""
    verdict: str
    """`DIFFERENT`, `SAME`, `FEW` or `NO_RATIO`."""

    def __str__(self) -> str:
        if self.verdict != DIFFERENT:
            return self.verdict
        # As many digits as it takes to see on which side of 1 it is.
        digits = next((few for few in (2, 3, 4) if 1 not in (round(self.low, few), round(self.high, few))), 5)
        return f"{self.ratio:,.{digits}f} times [{self.low:,.{digits}f}, {self.high:,.{digits}f}]"


def compared(values: npt.ArrayLike, base: npt.ArrayLike) -> Comparison:
    """The ratio of two medians, its interval, and whether that tells them apart.

    Parameters
    ----------
    values, base : array_like
        Repeats of one measurement, of two runs.

    Examples
    --------
    >>> print(compared([2.0, 2.2, 2.1, 2.0, 2.1], [1.0, 1.1, 1.0, 1.0, 1.0]))
    2.10 times [1.91, 2.20]
    >>> print(compared([1.0, 1.2, 1.1, 1.0], [1.1, 1.1, 1.0, 1.0]), "|", compared([2.0, 2.2], [1.0, 1.1]))
    no difference found | too few repeats to tell
    """
    sample, other = (np.asarray(side, dtype=float) for side in (values, base))
    low, high = ratio_interval(sample, other)
    value, one = (float(np.median(side)) if side.size else np.nan for side in (sample, other))
    ratio = value / one if one > 0 else np.nan
    if not tell(len(sample), len(other)):
        return Comparison(ratio, low, high, FEW)
    if low <= 1 <= high or (np.r_[sample, other] == value).all():
        return Comparison(ratio, low, high, SAME)
    return Comparison(ratio, low, high, NO_RATIO if np.isnan(low) else DIFFERENT)


def tell(count: int, other: int) -> bool:
    """Whether so many repeats of two things can show that they differ.

    All of one above all of the other is the clearest that repeats can be. By chance, of two that do not differ, it
    happens, this way or that, in two of the C(count + other, count) orders, which must be 5 % at most. One repeat
    alone says nothing of its noise.

    Source: the exact test of Mann and Whitney, "On a test of whether one of two random variables is
    stochastically larger than the other" (1947).

    Examples
    --------
    >>> tell(3, 3), tell(4, 4), tell(3, 5), tell(1, 99)
    (False, True, True, False)
    """
    return min(count, other) > 1 and 2 / comb(count + other, count) <= 1 - CONFIDENCE


def best(samples: Sequence[npt.ArrayLike], *, more: bool) -> int | None:
    """Which of several is the best, if its repeats tell it from every other; else None.

    Two are told apart if their intervals lie apart and `tell` holds, or else if `compared` finds them different.

    Parameters
    ----------
    samples : sequence of array_like
        Repeats of one measurement, of each.
    more : bool
        Whether more is better, or less.

    Examples
    --------
    >>> fast, slow, unsure = [1.0, 1.1, 1.0, 1.1], [2.0, 2.2, 2.1, 2.0], [1.0, 1.4, 0.9, 1.1]
    >>> best([slow, fast], more=False), best([slow, fast], more=True), best([slow, fast, unsure], more=False)
    (1, 0, None)
    """
    each = [np.asarray(sample, dtype=float) for sample in samples]
    if len(each) < 2 or not all(sample.size and np.isfinite(sample).all() for sample in each):
        return None
    medians = [float(np.median(sample)) for sample in each]
    place = int(np.argmax(medians) if more else np.argmin(medians))
    others = [sample for other, sample in enumerate(each) if other != place]
    return place if all(_apart(each[place], other) for other in others) else None


def _apart(sample: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> bool:
    if not tell(len(sample), len(other)):
        return False
    (low, high), (least, most) = median_interval(sample), median_interval(other)
    return high < least or most < low or compared(sample, other).verdict == DIFFERENT


def _ratio(values: npt.NDArray[np.float64], base: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    return np.asarray(np.median(values, axis=axis) / np.median(base, axis=axis))
