"""Repeats made by hand, of those columns alone that are told."""

from collections.abc import Mapping

import numpy.typing as npt

from daskcnn.metrics import METRICS
from daskcnn.metrics.repeat import Repeat
from daskcnn.trace import filled, trace

Columns = Mapping[str, npt.ArrayLike]


def repeat(tasks: Columns | None = None, *, workers: int | Columns = 2, **nodes: Columns) -> Repeat:
    """A repeat; of so many workers each has one thread."""
    machines = {"threads": [1] * workers} if isinstance(workers, int) else workers
    told = {"tasks": tasks or {}, "workers": machines, **nodes}
    return Repeat(trace({node: filled(node, columns) for node, columns in told.items()}, started=0.0))


def value(name: str, of: Repeat) -> float:
    """What the formula of a metric says."""
    formula = METRICS[name].formula
    assert formula is not None
    return formula(of)
