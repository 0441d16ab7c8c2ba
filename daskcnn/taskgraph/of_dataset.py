"""A graph's table, as a run keeps it, as columns again."""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.errors import RunError
from daskcnn.taskgraph.columns import KINDS, Columns

NEEDED = {"key", "layer", "owner", "operations", "bytes", "reader", "read"}


def columns_of_dataset(table: xr.Dataset) -> Columns:
    """The columns of what `TaskGraph.to_dataset` gave; what it did not know stays unknown.

    Raises
    ------
    RunError
        It is no such table.
    """
    if lacking := NEEDED - set(map(str, table.variables)):
        raise RunError(f"this run keeps no task graph ({', '.join(sorted(lacking))} are missing): ask about another")
    tasks = table.sizes["task"]
    names, first, codes = np.unique(table["layer"].values, return_index=True, return_inverse=True)
    # Layers in the order in which their first tasks come, as they were.
    order = np.argsort(first)
    layer = np.argsort(order)[codes]
    reader, read = table["reader"].values, table["read"].values
    by_reader = np.argsort(reader, kind="stable")
    owner = table["owner"].values.astype(np.int64)
    blank = {"kind": KINDS[0], "exchange": "", "within": 0.0, "apart": np.nan, "parts": False, "seconds": np.nan}
    blank |= {"definition": np.nan}
    known = {name: table[name].values if name in table else np.full(tasks, value) for name, value in blank.items()}
    return Columns(
        keys=tuple(table["key"].values.tolist()),
        layers=tuple(names[order].tolist()),
        exchanges=tuple(known["exchange"][first[order]].tolist()),
        layer=layer,
        kind=np.array([KINDS.index(kind) for kind in known["kind"]], dtype=np.int64),
        owner=owner,
        operations=table["operations"].values.astype(float),
        nbytes=table["bytes"].values.astype(float),
        within=known["within"].astype(float),
        apart=known["apart"].astype(float),
        parts=known["parts"].astype(bool),
        seconds=known["seconds"].astype(float),
        definition=known["definition"].astype(float),
        starts=np.cumsum([0, *np.bincount(reader, minlength=tasks)]),
        reads=read[by_reader].astype(np.int64),
        held=table["held"].values.astype(float) if "held" in table else np.zeros(owner.max(initial=0) + 1),
        external=int(table.attrs.get("external", 0)),
    )
