"""The one schema of a trace, measured or imagined: what happened, when, where, in labelled columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr


@dataclass(frozen=True)
class Column:
    """One variable of a trace."""

    dtype: type
    long_name: str
    units: str = ""

    @property
    def attrs(self) -> dict[str, str]:
        """What the variable carries: a unit where it has one."""
        return {"long_name": self.long_name} | ({"units": self.units} if self.units else {})


DIMENSIONS = {
    "tasks": "task",
    "transfers": "transfer",
    "workers": "worker",
    "memory": "sample",
    "events": "event",
}
SCHEMA: dict[str, dict[str, Column]] = {
    "tasks": {
        "key": Column(str, "Key"),
        "layer": Column(str, "Layer"),
        "block": Column(str, "Block"),
        "worker": Column(int, "Worker"),
        "thread": Column(int, "Thread"),
        "start": Column(float, "Start of computing", "s"),
        "stop": Column(float, "End of computing", "s"),
        "nbytes": Column(int, "Bytes of the result", "B"),
        "repeat": Column(int, "Repeat"),
    },
    "transfers": {
        "key": Column(str, "Key"),
        "source": Column(int, "Sending worker"),
        "destination": Column(int, "Receiving worker"),
        "nbytes": Column(int, "Bytes of the result", "B"),
        "start": Column(float, "Start of receiving", "s"),
        "stop": Column(float, "End of receiving", "s"),
        "repeat": Column(int, "Repeat"),
    },
    "workers": {
        "name": Column(str, "Name"),
        "address": Column(str, "Address"),
        "host": Column(str, "Host"),
        "pid": Column(int, "Process"),
        "threads": Column(int, "Threads"),
        "memory_limit": Column(int, "Memory limit, 0 for none", "B"),
        "peak_memory": Column(int, "Peak resident memory, 0 if unknown", "B"),
        "blas_threads": Column(int, "Threads of the largest BLAS or OpenMP pool, 0 for none"),
    },
    "memory": {
        "worker": Column(int, "Worker"),
        "time": Column(float, "Time", "s"),
        "rss": Column(int, "Resident memory", "B"),
        "managed": Column(int, "Memory of results", "B"),
    },
    "events": {
        "time": Column(float, "Time", "s"),
        "kind": Column(str, "Kind"),
        "worker": Column(int, "Worker, -1 if unknown"),
        "detail": Column(str, "Detail"),
    },
}
"""Node by node the columns of a trace; times count from the root's attribute `started`."""


def trace(
    tables: Mapping[str, Mapping[str, npt.ArrayLike]], *, started: float, records_dropped: int = 0
) -> xr.DataTree:
    """A trace out of its columns.

    Parameters
    ----------
    tables : mapping of str to mapping of str to array_like
        For each node of `SCHEMA` its columns, all of one length; a node that is left out is empty.
    started : float
        The zero of all times, Unix seconds on the scheduler's clock.
    records_dropped : int
        How many records are known to be missing.

    Examples
    --------
    >>> tree = trace({"memory": {"worker": [0], "time": [0.5], "rss": [1 << 20], "managed": [0]}}, started=0.0)
    >>> tree["memory"].sizes["sample"], tree["tasks"].sizes["task"], tree["memory/rss"].units
    (1, 0, 'B')
    """
    root = xr.Dataset(attrs={"records_dropped": records_dropped, "started": started})
    nodes = {name: _node(name, tables.get(name)) for name in SCHEMA}
    return xr.DataTree.from_dict({"/": root, **nodes})


def columns(node: str, rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Rows as columns: their values in the order of `SCHEMA`.

    >>> columns("events", [(0.5, "steal", 1, "x")])["kind"]
    ('steal',)
    """
    names = SCHEMA[node]
    return dict(zip(names, list(zip(*rows, strict=True)) or [()] * len(names), strict=True))


def missing(tree: xr.DataTree, keys: Iterable[object]) -> list[str]:
    """Which of `keys` no task of a trace has, as text, in the order given.

    >>> missing(trace({}, started=0.0), [("conv1-run-0", 0, 1)])
    ["('conv1-run-0', 0, 1)"]
    """
    recorded = set(tree["tasks"].dataset["key"].values.tolist())
    return [text for key in keys if (text := str(key)) not in recorded]


def _node(node: str, table: Mapping[str, npt.ArrayLike] | None) -> xr.Dataset:
    if table is None:
        table = columns(node, [])
    if table.keys() != SCHEMA[node].keys():
        raise ValueError(f"columns of {node}: {sorted(table)}, not {sorted(SCHEMA[node])}")
    return xr.Dataset(
        {
            name: (DIMENSIONS[node], np.asarray(table[name], column.dtype), column.attrs)
            for name, column in SCHEMA[node].items()
        }
    )
