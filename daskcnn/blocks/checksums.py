"""The tasks that reduce a kept output to two numbers a block, all that comes back of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from dask._task_spec import Task, TaskRef
from numpy.typing import NDArray

from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.layout import Layout

Sums = NDArray[np.float64]
AT_ONCE = 2**20
"""Elements whose absolute values are held at once."""


def checksums(name: str, layout: Layout, keys: Sequence[Key], tag: str) -> BlockLayer:
    """A task for each block of a kept output, on the block's worker, that gives its `checksum`.

    Parameters
    ----------
    name : str
        Of the layer whose output is kept.
    layout : Layout
        Of that output.
    keys : sequence of keys
        Of its blocks, tiles fastest.
    tag : str
        Of the keys.
    """
    layer = BlockLayer(f"{name}.checksum", tag, frozenset({keys[0][0]}))
    for key, (_, owner) in zip(keys, layout.blocks, strict=True):
        layer.add(Task((layer.name, *key[1:]), checksum, TaskRef(key)), owner, 0, 2 * np.dtype(np.float64).itemsize)
    return layer


def checksum(block: NDArray[Any]) -> Sums:
    """Sum and sum of absolute values, in float64.

    >>> checksum(np.array([[1, -2], [3, -4]], np.float32))
    array([-2., 10.])
    """
    values = np.ascontiguousarray(block).reshape(-1)
    parts = (values[start : start + AT_ONCE] for start in range(0, values.size, AT_ONCE))
    return total(_sum(np.stack([part, np.abs(part)]), axis=1) for part in parts)


def total(sums: Iterable[Sums]) -> Sums:
    """Those of all blocks together, added in the order given.

    >>> total([np.array([1.0, 1.0]), np.array([-2.0, 2.0])])
    array([-1.,  3.])
    """
    return _sum(np.reshape(list(sums), (-1, 2)), axis=0)


def _sum(values: NDArray[Any], axis: int) -> Sums:
    with np.errstate(invalid="ignore", over="ignore"):  # infinite values have no finite sum, which is no fault here
        return np.asarray(values.sum(axis, dtype=np.float64))
