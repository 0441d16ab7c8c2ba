"""What repeats carry: which configuration is best, on which side of a threshold one lies, what a worker more brings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from daskcnn.figures.prints import GOOD
from daskcnn.metrics import METRICS
from daskcnn.noise import CONFIDENCE, DIFFERENT, SAME, Comparison, compared
from daskcnn.report.evidence import Evidence

ABOVE, BELOW, UNSURE = "above", "below", "unsure"


class Best(NamedTuple):
    """The run with the best median of a metric, and which others that leaves open."""

    metric: str
    run: str
    worse: dict[str, Comparison]
    """Runs that are surely worse, and how many times, the nearest first."""
    alike: list[str]
    """Runs of which no difference is found."""
    open: list[str]
    """Runs with too few repeats to tell."""


def best(evidence: Evidence, metric: str, runs: Iterable[str] | None = None) -> Best | None:
    """The best of runs by the median of a metric, compared with each of the others; None where it is not known of any.

    Parameters
    ----------
    evidence : Evidence
    metric : str
        A key of `METRICS` that repeats measure.
    runs : iterable of str, optional
        All by default.
    """
    each = {run: evidence.each(run, metric) for run in (evidence.runs if runs is None else runs)}
    sign = -1 if METRICS[metric].better == "up" else 1
    order = sorted((run for run in each if each[run].size), key=lambda run: sign * float(np.median(each[run])))
    if not order:
        return None
    first, *others = order
    said = {run: _times_better(each[first], each[run], sign) for run in others}
    return Best(
        metric,
        first,
        {run: own for run, own in said.items() if own.verdict == DIFFERENT},
        [run for run, own in said.items() if own.verdict == SAME],
        [run for run, own in said.items() if own.verdict not in (DIFFERENT, SAME)],
    )


def enough(repeats: int) -> bool:
    """Whether so many repeats can show on which side of a threshold a median lies.

    All on one side is the clearest that they can be; of a median on the threshold it happens once in 2 ** repeats.

    Source: the sign test; Dixon and Mood, "The statistical sign test" (1946).

    >>> enough(4), enough(5)
    (False, True)
    """
    return 0.5**repeats <= 1 - CONFIDENCE


def side(evidence: Evidence, run: str, metric: str, threshold: float) -> str:
    """On which side of a threshold a run's median surely lies: `ABOVE` (or on it), `BELOW`, or `UNSURE`."""
    _, low, high = evidence.interval(run, metric)
    if not enough(evidence.each(run, "seconds").size):
        return UNSURE
    return ABOVE if low >= threshold else BELOW if high < threshold else UNSURE


def keepers(evidence: Evidence) -> list[str]:
    """Of the runs that surely have a good efficiency those with most workers."""
    good = [run for run in evidence.runs if side(evidence, run, "efficiency", GOOD) == ABOVE]
    workers = {run: int(evidence.of(run, "workers")) for run in good}
    return [run for run in good if workers[run] == max(workers.values())]


def step(evidence: Evidence, way: str, fewer: int, more: int) -> Comparison:
    """How many times as much work per second a series does on more workers than on fewer."""
    return compared(*(evidence.rates(evidence.run(way, count)) for count in (more, fewer)))


def against_serial(evidence: Evidence, run: str) -> Comparison:
    """How many times as fast as the serial run a run is; `no ratio` where there is no serial time."""
    return compared(evidence.each(run, "serial_seconds"), evidence.each(run, "seconds"))


def _times_better(first: np.ndarray, other: np.ndarray, sign: int) -> Comparison:
    return compared(first, other) if sign < 0 else compared(other, first)
