"""What a sweep measures side by side, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from daskcnn.errors import UsageError

SCALINGS = ("strong", "weak")


@dataclass(frozen=True)
class Configuration:
    """One way of cutting on one number of workers."""

    series: str
    """What was asked for; those that differ in their workers alone are a series."""
    workers: int
    images: int
    pair: str = ""
    """`A` and `B` for the one that is measured twice, to show the noise."""

    def __str__(self) -> str:
        return f"{self.series} on {self.workers} {'worker' if self.workers == 1 else 'workers'}"


def configurations(
    series: Sequence[str], workers: Sequence[int], images: int | None, available: int, scaling: str | None = None
) -> list[Configuration]:
    """Every way of cutting on every number of workers, the first of them twice.

    Parameters
    ----------
    series : sequence of str
        Ways of cutting, as in `--chunks`.
    workers : sequence of int
    images : int, optional
        Of every configuration, all that are available by default; for weak scaling those of a worker, by default
        as many as the most workers can have.
    available : int
        How many images there are.
    scaling : str, optional
        `strong` or `weak`.

    Raises
    ------
    UsageError
        Nothing to measure, less than one worker, or fewer images than are needed.

    Examples
    --------
    >>> [str(own) + own.pair for own in configurations(["batch"], [1, 2], None, available=100)]
    ['batch on 1 workerA', 'batch on 1 workerB', 'batch on 2 workers']
    >>> [own.images for own in configurations(["batch"], [1, 2], 30, available=100, scaling="weak")]
    [30, 30, 60]
    """
    if scaling not in (None, *SCALINGS):
        raise UsageError(f"scaling {scaling!r}: use {' or '.join(SCALINGS)}")
    if not series or not workers:
        raise UsageError("nothing to measure: give one way of cutting or more, and one number of workers or more")
    if min(workers) < 1:
        raise UsageError(f"workers={min(workers)}: at least 1 is needed; pass workers=1 or more")
    if scaling != "weak":
        counts = dict.fromkeys(workers, available if images is None else images)
    else:
        each = available // max(workers) if images is None else images
        counts = {count: each * count for count in workers}
        if not 0 < max(counts.values()) <= available:
            raise UsageError(
                f"{max(workers)} workers with {max(each, 1)} images each: there are {available} images; "
                "give fewer images a worker, or use fewer workers"
            )
    first, *others = (Configuration(own, count, counts[count]) for own in dict.fromkeys(series) for count in counts)
    return [replace(first, pair="A"), replace(first, pair="B"), *others]


def usual_workers(scaling: str | None, most: int) -> list[int]:
    """Numbers of workers where nobody says: as many as there are, for scaling the powers of two up to them too.

    Examples
    --------
    >>> usual_workers(None, 6), usual_workers("strong", 6)
    ([6], [1, 2, 4, 6])
    """
    return sorted({most, *(1 << power for power in range(most.bit_length()))}) if scaling else [most]


def turns(count: int, rounds: int, seed: int) -> Iterator[tuple[int, int]]:
    """Round by round, the number of each of `count` configurations once, in an order drawn anew each round.

    So neither a machine that drifts nor what comes before favours one of them.

    Parameters
    ----------
    count, rounds : int
    seed : int
        The same one gives the same order, of more rounds too.

    Yields
    ------
    (int, int)
        Round and configuration.

    Examples
    --------
    >>> sorted(turns(2, 2, seed=7))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    for number in range(rounds):
        for place in np.random.default_rng([seed, number]).permutation(count).tolist():
            yield number, place
