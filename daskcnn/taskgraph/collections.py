"""The dask collections in what was given: one, several, or some among other values."""

from __future__ import annotations

from typing import Any

import xarray as xr
from dask.base import unpack_collections

from daskcnn.errors import UsageError


def collections_in(x: Any) -> list[Any]:
    """The collections, as `dask.compute` finds them: in lists, tuples, sets and dicts, whatever else is there.

    Raises
    ------
    UsageError
        There is none.

    Examples
    --------
    >>> import dask.array as da
    >>> counts, edges = da.histogram(da.ones(8, chunks=4), bins=2, range=(0, 2))
    >>> len(collections_in({"counts": counts, "edges": edges}))
    1
    """
    if isinstance(x, xr.DataTree):
        x = [node.dataset for node in x.subtree]
    found, _ = unpack_collections(x)
    if not found:
        none = "has no dask collection in it" if isinstance(x, list | tuple | set | dict) else "is no dask collection"
        way_out = "give an array, delayed, data frame, bag or xarray object, or a raw graph to TaskGraph.from_graph"
        raise UsageError(f"{type(x).__name__} {none}; {way_out}")
    return list(found)
