"""The smallest runs there are."""

import xarray as xr

from daskcnn.store import SCHEMA

TEXTS = {"network": "mnist", "chunks": "batch=2", "engine": "numpy", "cluster": "threads"}


def small_run(name: str, **changes: object) -> xr.DataTree:
    """What every run has, and a time."""
    root = xr.Dataset(TEXTS | {"workers": 2, "images": 100, "seconds": ((), 0.25, {"units": "s"})} | changes)
    root.attrs = {"run": name, "schema": SCHEMA}
    return xr.DataTree(root)
