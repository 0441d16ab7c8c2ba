"""Traces made by hand: short tables of tasks, edges, transfers and events, the other columns filled to fit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.trace import SCHEMA, filled, trace

Row = Mapping[str, Any]


def make(
    tasks: Sequence[Row],
    edges: Sequence[tuple[int, int]] = (),
    transfers: Sequence[Row] = (),
    events: Sequence[Row] = (),
    *,
    threads: Sequence[int] = (1, 1),
    uncertainty: float = 0.0,
) -> xr.DataTree:
    """A trace.

    Parameters
    ----------
    tasks : sequence of mapping
        Each needs `start` and `stop`. By default it runs on worker 0, whose only thread it has, is submitted at 0,
        begun when it starts, in memory when it stops, and has a layer of its own.
    edges : sequence of (int, int)
        Reader and read.
    transfers : sequence of mapping
        Each needs `producer`, `destination`, `start` and `stop`.
    events : sequence of mapping
        Each needs `kind`, `worker`, `time` and `duration`.
    threads : sequence of int
        Of each worker.
    uncertainty : float
        Of each worker's clock.
    """
    rows = [_task(number, row) for number, row in enumerate(tasks)]
    reads: dict[int, list[int]] = {}
    readers: dict[int, list[int]] = {}
    for reader, read in edges:
        reads.setdefault(reader, []).append(read)
        readers.setdefault(read, []).append(reader)
    for number, row in enumerate(rows):
        made = [rows[read]["in_memory"] for read in reads.get(number, [])]
        row |= dict.fromkeys(("ready", "sent", "received", "fetched"), max([row["submitted"], *made])) | row
    moves = [_transfer(number, row, rows, readers) for number, row in enumerate(transfers)]
    count = len(threads)
    tables: dict[str, Any] = {
        "tasks": _columns(rows, "tasks"),
        "edges": {"reader": [reader for reader, _ in edges], "read": [read for _, read in edges]},
        "transfers": _columns(moves, "transfers"),
        "workers": {
            "name": np.arange(count).astype(str),
            "threads": list(threads),
            "clock_offset": np.zeros(count),
            "clock_uncertainty": np.full(count, uncertainty),
        },
        "events": _columns(events, "events"),
    }
    return trace({node: filled(node, tables.get(node, {})) for node in SCHEMA}, started=0.0)


def _task(number: int, row: Row) -> dict[str, Any]:
    own: dict[str, Any] = {"key": f"task-{number}", "layer": f"layer{number}", "worker": 0, "submitted": 0.0}
    own |= {"begun": row["start"], "in_memory": row["stop"], "deserialize": 0.0, "repeat": 0, "bytes": 8} | dict(row)
    return {"thread": own["worker"], "cpu": own["stop"] - own["start"], "operations": np.nan} | own


def _transfer(number: int, row: Row, tasks: Sequence[Row], readers: Mapping[int, list[int]]) -> dict[str, Any]:
    producer = row["producer"]
    there = [reader for reader in readers.get(producer, ()) if tasks[reader]["worker"] == row["destination"]]
    first = min(there, key=lambda reader: tasks[reader]["start"], default=-1)
    made = {"key": tasks[producer]["key"], "source": tasks[producer]["worker"]} if producer >= 0 else {}
    parts = {"serialize": 0.0, "deserialize": 0.0}
    return {"consumer": first, "gather": number, "bytes": 8, "repeat": 0, **parts, **made, **row}


def _columns(rows: Sequence[Row], node: str) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in SCHEMA[node] if all(name in row for row in rows) and rows}
