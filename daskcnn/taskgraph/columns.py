"""What is known of a graph's tasks before they run: one entry a task, no object each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dask.typing import Key
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
KINDS = ("task", "fused", "alias", "data")
"""Of tasks: one function, several that Dask fused, another name of a result, a value that is part of the graph."""
WORK = 2
"""Kinds before this one call a function; the others only hand on what is there."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Tasks in an order in which each comes after those it reads; NaN is what is not known."""

    keys: tuple[Key, ...]
    layers: tuple[str, ...]
    """Names, without the tag or token that tells runs apart."""
    exchanges: tuple[str, ...]
    """For each layer how its tasks come by what they read: halo, all-gather, reduce, relayout, or nothing known."""
    layer: Ints
    """For each task its layer's number."""
    kind: Ints
    """For each task its place in `KINDS`."""
    owner: Ints
    """For each task its worker's number, -1 where none is given."""
    operations: Floats
    """Floating-point operations of each task."""
    nbytes: Floats
    """Bytes of each task's output."""
    within: Floats
    """Bytes that each fused task makes for itself, from one of its functions to the next."""
    apart: Floats
    """Bytes that each task reads and no task gives: data within it, results that lie elsewhere."""
    parts: NDArray[np.bool_]
    """Whether each task only takes parts of what it reads."""
    seconds: Floats
    """What each task is known to take, as measured."""
    definition: Floats
    """Bytes of each task itself as it is sent: values within it exactly, the rest from a few of its layer."""
    starts: Ints
    """Task i reads the tasks `reads[starts[i]:starts[i + 1]]` (compressed sparse rows)."""
    reads: Ints
    held: Floats
    """For each worker the bytes of images and parameters that lie there beforehand."""
    external: int
    """Results that are read and are no part of the graph: they lie on the workers beforehand."""
