"""What the store holds of a sweep."""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.metrics import METRICS
from daskcnn.store import Store
from daskcnn.study.configuration import Configuration
from daskcnn.trace import SCHEMA as COLUMNS

Kept = dict[Configuration, tuple[str, int]]
"""The run of each configuration that has one, and how many repeats it has."""


def latest(rows: xr.Dataset, identity: str) -> int:
    """How often a sweep was started anew, as far as the rows of a store know; 0 where it never was.

    >>> latest(xr.Dataset({"sweep": ("run", ["3fa8-1", "3fa8-2", "77c0-3", ""])}), "3fa8")
    2
    """
    names = np.unique(rows["sweep"].values).tolist() if "sweep" in rows else []
    parts = (name.rpartition("-") for name in names)
    return max((int(number) for start, _, number in parts if start == identity and number.isdecimal()), default=0)


def kept(rows: xr.Dataset, sweep: str) -> Kept:
    """What the rows of a store have of a sweep."""
    if "sweep" not in rows:
        return {}
    own = rows.isel(run=rows["sweep"].values == sweep).sortby("repeats")
    texts = (own[name].values.tolist() for name in ("series", "pair", "run"))
    counts = (own[name].values.astype(int).tolist() for name in ("workers", "images", "repeats"))
    columns = zip(*texts, *counts, strict=True)
    return {
        Configuration(series, workers, images, pair): (run, repeats)
        for series, pair, run, workers, images, repeats in columns
    }


def table(store: Store, found: Kept) -> xr.Dataset:
    """The rows of a sweep's runs, in the order of its configurations, with their repeats and their workers' memory.

    Parameters
    ----------
    store : Store
    found : mapping of Configuration to (str, int)
        At least one.

    Returns
    -------
    xarray.Dataset
        Along `run`, as `Store.runs` gives them, and with `each_seconds` along `repeat` and `peak_memory` along
        `worker`, NaN where a run has fewer.
    """
    ids = [run for run, _ in found.values()]
    seconds = [store.repeats(run)["seconds"] for run in ids]
    memory = [store.workers(run)["peak_memory"].astype(float) for run in ids]
    return (
        store.runs()
        .sel(run=ids)
        .assign(
            each_seconds=_padded(seconds, "repeat").assign_attrs(METRICS["seconds"].attrs),
            peak_memory=_padded(memory, "worker").assign_attrs(COLUMNS["workers"]["peak_memory"].attrs),
        )
    )


def _padded(rows: list[xr.DataArray], dim: str) -> xr.DataArray:
    longest = max(row.sizes[dim] for row in rows)
    return xr.concat([row.pad({dim: (0, longest - row.sizes[dim])}) for row in rows], "run")
