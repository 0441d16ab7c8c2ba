"""Two parts of one run as a whole: what was measured first, and what was measured since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.locate import TASKS
from daskcnn.runs import summarised
from daskcnn.trace import DIMENSIONS

MOMENTS = {
    "tasks": ("submitted", "ready", "sent", "received", "fetched", "begun", "start", "stop", "in_memory"),
    "transfers": ("start", "stop"),
    "memory": ("time",),
    "events": ("time",),
}
"""For each node of a trace the columns that are seconds since its `started`."""


def merged(first: xr.DataTree, then: xr.DataTree) -> xr.DataTree:
    """A run with the repeats of two, under the id and with the provenance of the first.

    Parameters
    ----------
    first, then : xarray.DataTree
        Runs of the same tasks on as many workers, one after the other.

    Returns
    -------
    xarray.DataTree
        With both traces on one clock, and its row worked out anew.
    """
    before, after = (run["metrics"].to_dataset() for run in (first, then))
    count = before.sizes["repeat"]
    repeats = _stacked(before, after.assign_coords(repeat=after["repeat"] + count), "repeat")
    trace = merged_trace(first.children["trace"], then.children["trace"], count)
    nodes = {name: node.to_dataset() for name, node in first.children.items() if name != "trace"}
    nodes |= {f"trace/{name}": node.to_dataset() for name, node in trace.children.items()}
    row = summarised(first.to_dataset(), repeats, int(trace.attrs["records_dropped"]))
    return xr.DataTree.from_dict(nodes | {"/": row, "metrics": repeats, "trace": trace.to_dataset()})


def merged_trace(first: xr.DataTree, then: xr.DataTree, repeats: int) -> xr.DataTree:
    """The traces of two recordings of the same workers as one, on the clock of the first.

    A worker is what it was in the second, with the larger of the peaks of its memory.

    Parameters
    ----------
    first, then : xarray.DataTree
    repeats : int
        Of the first; those of the second come after.
    """
    earlier, later = ({name: trace[name].to_dataset() for name in DIMENSIONS} for trace in (first, then))
    gathers = int(earlier["transfers"]["gather"].max()) + 1 if earlier["transfers"].sizes["transfer"] else 0
    added: dict[str, dict[str, float]] = {name: {} for name in DIMENSIONS}
    for name, columns in MOMENTS.items():
        added[name] |= dict.fromkeys(columns, then.attrs["started"] - first.attrs["started"])
    for name, columns in TASKS.items():
        added[name] |= dict.fromkeys(columns, earlier["tasks"].sizes["task"])
    added["tasks"] |= {"repeat": repeats}
    added["transfers"] |= {"repeat": repeats, "gather": gathers}
    nodes = {name: _stacked(earlier[name], _moved(later[name], added[name]), dim) for name, dim in DIMENSIONS.items()}
    peak = np.maximum(earlier["workers"]["peak_memory"], later["workers"]["peak_memory"])
    nodes["workers"] = later["workers"].assign(peak_memory=later["workers"]["peak_memory"].copy(data=peak))
    dropped = first.attrs["records_dropped"] + then.attrs["records_dropped"]
    return xr.DataTree.from_dict(nodes | {"/": first.to_dataset().assign_attrs(records_dropped=dropped)})


def _moved(node: xr.Dataset, added: Mapping[str, float]) -> xr.Dataset:
    """The node with so much added to its columns; places that stand for none are negative, and stay."""

    def more(values: NDArray[Any], by: float) -> NDArray[Any]:
        return values + by if values.dtype.kind == "f" else np.where(values < 0, values, values + int(by))

    return node.assign({name: node[name].copy(data=more(node[name].values, by)) for name, by in added.items()})


def _stacked(first: xr.Dataset, then: xr.Dataset, dim: str) -> xr.Dataset:
    return xr.concat([first, then], dim, data_vars="all", coords="minimal", compat="override", combine_attrs="override")
