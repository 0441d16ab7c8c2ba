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
    "edges": "edge",
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
        "submitted": Column(float, "The scheduler got it", "s"),
        "ready": Column(float, "Its last input was in memory", "s"),
        "sent": Column(float, "The scheduler sent it to the worker", "s"),
        "received": Column(float, "The worker got it", "s"),
        "fetched": Column(float, "Its inputs were on the worker", "s"),
        "begun": Column(float, "The worker took it up", "s"),
        "start": Column(float, "Start of computing", "s"),
        "stop": Column(float, "End of computing", "s"),
        "in_memory": Column(float, "The scheduler heard of its result", "s"),
        "deserialize": Column(float, "Time to deserialize and unspill what it needs", "s"),
        "cpu": Column(float, "CPU time of computing", "s"),
        "bytes": Column(int, "Bytes of the result", "B"),
        "operations": Column(float, "Floating-point operations", "FLOP"),
        "repeat": Column(int, "Repeat"),
    },
    "edges": {
        "reader": Column(int, "Task that reads"),
        "read": Column(int, "Task that is read"),
    },
    "transfers": {
        "key": Column(str, "Key"),
        "source": Column(int, "Sending worker"),
        "destination": Column(int, "Receiving worker"),
        "producer": Column(int, "Task that made it, -1 for none"),
        "consumer": Column(int, "First task there that reads it, -1 for none"),
        "gather": Column(int, "Message that it came in"),
        "bytes": Column(int, "Bytes of the result", "B"),
        "start": Column(float, "Start of receiving", "s"),
        "stop": Column(float, "End of receiving", "s"),
        "serialize": Column(float, "Share of the time to serialize", "s"),
        "deserialize": Column(float, "Share of the time to deserialize", "s"),
        "repeat": Column(int, "Repeat"),
    },
    "workers": {
        "name": Column(str, "Name"),
        "address": Column(str, "Address"),
        "host": Column(str, "Host"),
        "node": Column(str, "Node: what Slurm calls it, else the host"),
        "pid": Column(int, "Process"),
        "threads": Column(int, "Threads"),
        "memory_limit": Column(int, "Memory limit, 0 for none", "B"),
        "peak_memory": Column(int, "Peak resident memory, 0 if unknown", "B"),
        "blas_threads": Column(int, "Threads of the largest BLAS or OpenMP pool, 0 for none"),
        "clock_offset": Column(float, "Clock ahead of the scheduler's", "s"),
        "clock_uncertainty": Column(float, "Uncertainty of that", "s"),
    },
    "memory": {
        "worker": Column(int, "Worker"),
        "time": Column(float, "Time", "s"),
        "rss": Column(int, "Resident memory", "B"),
        "managed": Column(int, "Results in memory", "B"),
        "spilled": Column(int, "Results on disk", "B"),
    },
    "events": {
        "time": Column(float, "Time", "s"),
        "duration": Column(float, "Duration, 0 for a moment", "s"),
        "kind": Column(str, "Kind"),
        "worker": Column(int, "Worker, -1 if unknown"),
        "detail": Column(str, "Detail"),
    },
}
"""Node by node the columns of a trace; times count from the root's attribute `started`."""
UNKNOWN: dict[type, float | int | str] = {float: np.nan, int: -1, str: ""}
"""What stands for a value that is not known."""


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
    >>> tree = trace({"memory": {"worker": [0], "time": [0.5], "rss": [1 << 20], "managed": [0],
    ...                          "spilled": [0]}}, started=0.0)
    >>> tree["memory"].sizes["sample"], tree["tasks"].sizes["task"], tree["memory/rss"].units
    (1, 0, 'B')
    """
    root = xr.Dataset(attrs={"records_dropped": records_dropped, "started": started})
    nodes = {name: _node(name, tables.get(name)) for name in SCHEMA}
    return xr.DataTree.from_dict({"/": root, **nodes})


def filled(node: str, table: Mapping[str, npt.ArrayLike]) -> dict[str, npt.NDArray[Any]]:
    """The columns of a node, those that are not known filled with NaN, -1 or "".

    >>> filled("events", {"kind": ["steal", "retry"]})["time"], filled("edges", {})["reader"]
    (array([nan, nan]), array([], dtype=int64))
    """
    if unknown := table.keys() - SCHEMA[node].keys():
        raise ValueError(f"columns of {node}: {sorted(unknown)} are none, use {sorted(SCHEMA[node])}")
    size = len(np.asarray(next(iter(table.values()), ())))
    return {
        name: np.asarray(table[name], column.dtype)
        if name in table
        else np.full(size, UNKNOWN[column.dtype], column.dtype)
        for name, column in SCHEMA[node].items()
    }


def columns(node: str, rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Rows as columns: their values in the order of `SCHEMA`.

    >>> columns("events", [(0.5, 0.0, "steal", 1, "x")])["kind"]
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
