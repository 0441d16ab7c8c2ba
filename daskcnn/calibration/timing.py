"""How fast something is done, time after time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

LEAST = 3
"""Repeats, however slow the machine is."""


def rates(work: Callable[[], object], amount: float, seconds: float) -> NDArray[np.float64]:
    """How much is done in a second, for each of the repeats that fit into a time, after one that does not count.

    Parameters
    ----------
    work : callable
    amount : float
        What one call does, such as its operations or bytes.
    seconds : float
        How long to repeat; `LEAST` times at least.

    Returns
    -------
    (repeat,) float
        In the amount's unit a second.
    """
    work()
    found: list[float] = []
    end = perf_counter() + seconds
    while len(found) < LEAST or perf_counter() < end:
        start = perf_counter()
        work()
        found.append(amount / (perf_counter() - start))
    return np.array(found)


@contextmanager
def together(work: Callable[[int], object], threads: int) -> Iterator[Callable[[], object]]:
    """A call that does `work(0)` to `work(threads - 1)`, each in a thread of its own, and ends with the last.

    Examples
    --------
    >>> with together(abs, threads=2) as both:
    ...     both()
    [0, 1]
    """
    with ThreadPoolExecutor(threads) as pool:
        yield lambda: list(pool.map(work, range(threads)))
