"""The configurations of a report: rows of the store with every repeat and every worker's memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.metrics import METRICS
from daskcnn.quantity import many
from daskcnn.report.chosen import Subject
from daskcnn.store import Store

Floats = npt.NDArray[np.float64]
Column = tuple[tuple[str, ...], Floats]
MACHINE = {"cpu": "{}", "cores": "cores: {}", "platform": "{}"}
"""Attributes of a run that say where it ran."""
ONCE = [name for name, metric in METRICS.items() if metric.group == "memory"]
"""Metrics that are measured once for all repeats."""
TIMES = ("seconds", "serial_seconds")


class Detail(NamedTuple):
    """What a run has besides its row."""

    repeats: xr.Dataset
    """Metrics along `repeat`."""
    memory: Floats
    """(worker,) Peaks in bytes, NaN where unknown."""
    threads: int
    """Of all workers; 0 where unknown."""
    machine: str
    fault: str
    """Why it could not be read, or nothing."""


def cases(store: Store, table: xr.Dataset, subject: Subject) -> xr.Dataset:
    """The runs of a subject as the store's table has them, and what they have besides.

    Parameters
    ----------
    store : Store
    table : xarray.Dataset
        The store's table.
    subject : Subject

    Returns
    -------
    xarray.Dataset
        Along `run`, sorted by `way` and `workers`. Coordinates besides: `way`, the series that a run is in, `label`,
        as in `batch on 2 workers`, and `threads`, `machine` and `fault` of `Detail`. Variables besides:
        `each_<metric>` along `repeat` and `peak_memory` along `worker` in bytes, NaN where a run has fewer. A run
        without repeats has its row for one.
    """
    # A run that several series share, which is not cut at all, is called by the one that is it alone.
    longest_first = sorted(subject.series.items(), key=lambda item: -item[1].sizes["run"])
    ways = {run: way for way, own in longest_first for run in own["run"].values.tolist()}
    found = table.drop_vars(["repeat", "worker"], errors="ignore").sel(run=list(ways))
    found = found.assign_coords(way=("run", list(ways.values()))).sortby(["way", "workers"])
    details = [_detail(store, run) for run in found["run"].values.tolist()]
    told: dict[str, list[object]] = {
        name: [getattr(detail, name) for detail in details] for name in ("threads", "machine", "fault")
    }
    told["label"] = [
        named(str(way), int(count)) for way, count in zip(found["way"].values, found["workers"].values, strict=True)
    ]
    columns = _each(found, details) | _memory(found, details)
    return found.assign(columns).assign_coords({name: ("run", values) for name, values in told.items()})


def _each(found: xr.Dataset, details: Sequence[Detail]) -> dict[str, Column]:
    names = [name for name in (*METRICS, "serial_seconds") if name in found and name not in ONCE]
    rows = {name: [_repeats(*pair, name) for pair in zip(details, found[name].values, strict=True)] for name in names}
    longest = max(row.size for own in rows.values() for row in own)
    return {f"each_{name}": (("run", "repeat"), _padded(own, longest)) for name, own in rows.items()}


def _memory(found: xr.Dataset, details: Sequence[Detail]) -> dict[str, Column]:
    """The peaks of workers, and their sum where a run of an earlier version does not say it."""
    peaks = [detail.memory for detail in details]
    sums = np.array([own.sum() if own.size else np.nan for own in peaks])
    total = found["memory_total_bytes"].values if "memory_total_bytes" in found else np.full(sums.size, np.nan)
    return {
        "peak_memory": (("run", "worker"), _padded(peaks, max(1, *(own.size for own in peaks)))),
        "memory_total_bytes": (("run",), np.where(np.isfinite(total), total, sums)),
    }


def named(way: str, workers: int) -> str:
    """A configuration in words.

    >>> named("batch", 1), named("batch", 1000)
    ('batch on 1 worker', 'batch on 1,000 workers')
    """
    return f"{way} on {many(workers, 'worker')}"


def known(values: npt.ArrayLike) -> Floats:
    """The repeats that there are."""
    array = np.asarray(values, float)
    return np.asarray(array[np.isfinite(array)])


def _detail(store: Store, run: str) -> Detail:
    try:
        repeats, workers = store.repeats(run), store.workers(run)
    except (RunError, UsageError) as error:
        return Detail(xr.Dataset(), np.zeros(0), 0, "", str(error))
    machine = ", ".join(words.format(repeats.attrs[name]) for name, words in MACHINE.items() if name in repeats.attrs)
    memory, threads = _numbers(workers, "peak_memory"), int(_numbers(workers, "threads").sum())
    return Detail(repeats, np.where(memory > 0, memory, np.nan), threads, machine, "")


def _numbers(columns: xr.Dataset, name: str) -> Floats:
    return np.asarray(columns[name].values if name in columns else [], float)


def _repeats(detail: Detail, row: float, name: str) -> Floats:
    """(repeat,) A metric; where no repeat is known, what the row says."""
    values = _numbers(detail.repeats, name)
    if name in TIMES:
        values = np.where(values > 0, values, np.nan)
    return values if np.isfinite(values).any() else np.array([row], float)


def _padded(rows: Sequence[Floats], length: int) -> Floats:
    """(row, length) NaN where a row has fewer."""
    return np.stack([np.pad(row, (0, length - row.size), constant_values=np.nan) for row in rows])
