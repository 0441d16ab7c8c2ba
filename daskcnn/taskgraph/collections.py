"""The dask collections in what was given: one, several, or some among other values."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice
from typing import Any

import xarray as xr
from dask.base import is_dask_collection

FIRST = 100
"""Values of a dict that are looked through: a raw graph may have a million tasks, and no collection among the first."""


def collections_in(found: Any) -> Iterator[Any]:
    """The collections in lists, tuples, sets, dicts and trees of Datasets, whatever else is there; none in a raw graph.

    Examples
    --------
    >>> import dask.array as da
    >>> x = da.ones(3)
    >>> [len(list(collections_in(one))) for one in (x, {"a": [x, 3], "b": x}, (1, 2), {"a": 1, "b": (abs, "a")})]
    [1, 2, 0, 0]
    """
    if is_dask_collection(found):
        yield found
    elif isinstance(found, xr.DataTree):
        yield from collections_in([node.dataset for node in found.subtree])
    elif isinstance(found, list | tuple | Set | Iterator):
        for one in found:
            yield from collections_in(one)
    elif type(found) is dict and next(collections_in(list(islice(found.values(), FIRST))), None) is not None:
        yield from collections_in(list(found.values()))
