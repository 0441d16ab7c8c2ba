"""One table of what is measured: name, label, unit, which way is better, formula, source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from dask.utils import format_bytes, format_time


@dataclass(frozen=True)
class Metric:
    """One number worth comparing; `METRICS` holds them all.

    Examples
    --------
    >>> METRICS["seconds"].title, METRICS["seconds"].text(0.0321)
    ('Time (s)', '32.10 ms')
    >>> METRICS["efficiency"].text(0.934), METRICS["speedup"].text(1.868)
    ('93.4 %', '1.87×')
    """

    name: str
    """The variable's name in a run and in the store's table."""
    label: str
    """What people read."""
    unit: str
    """`s`, `B`, `images/s`, or nothing for a ratio."""
    better: str
    """`up`, `down`, or nothing where neither is better."""
    source: str
    """The definition, and whose it is."""
    formula: Callable[[xr.DataTree], float] | None = None
    """From the trace of one repeat, where a trace is enough."""
    share: bool = False
    """A fraction of a whole, read as a percentage."""

    @property
    def title(self) -> str:
        """The label with its unit, for an axis or a column."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def attrs(self) -> dict[str, str]:
        """What every xarray variable of this metric carries."""
        return {"units": self.unit, "long_name": self.label}

    def text(self, value: float) -> str:
        """The value as people read it, with its unit; a dash where there is none."""
        if not np.isfinite(value):
            return "–"
        if self.share:
            return f"{100 * value:.1f} %"
        match self.unit:
            case "s":
                return str(format_time(value))
            case "B":
                return str(format_bytes(int(value)))
            case "":
                return f"{value:.2f}×"
        return f"{value:,.0f} {self.unit}"


def bytes_moved(trace: xr.DataTree) -> float:
    """Bytes sent from worker to worker."""
    return float(_column(trace, "transfers", "nbytes").sum())


def communication(trace: xr.DataTree) -> float:
    """Time workers receive while they compute nothing, over that and the time they compute (0 if neither)."""
    computes = np.r_[np.ones(trace["tasks"].sizes["task"], int), np.zeros(trace["transfers"].sizes["transfer"], int)]
    worker = np.r_[_column(trace, "tasks", "worker"), _column(trace, "transfers", "destination")]
    start = np.r_[_column(trace, "tasks", "start"), _column(trace, "transfers", "start")]
    stop = np.r_[_column(trace, "tasks", "stop"), _column(trace, "transfers", "stop")]
    time = np.r_[start, np.maximum(start, stop)]
    order = np.lexsort((time, np.r_[worker, worker]))
    # One sweep serves all workers: what opens on one closes on it, so nothing is open from one to the next.
    computing = np.r_[computes, -computes][order].cumsum()[:-1] > 0
    receiving = np.r_[1 - computes, computes - 1][order].cumsum()[:-1] > 0
    lasting = np.diff(time[order])
    exposed = lasting[receiving & ~computing].sum()
    busy = exposed + lasting[computing].sum()
    return float(exposed / busy) if busy else 0.0


def imbalance(trace: xr.DataTree) -> float:
    """How far the busiest worker is above the mean of all, idle ones too (0 if nothing computes)."""
    seconds = _column(trace, "tasks", "stop") - _column(trace, "tasks", "start")
    per_worker = np.bincount(_column(trace, "tasks", "worker"), seconds, trace["workers"].sizes["worker"])
    return float(per_worker.max() / per_worker.mean() - 1) if per_worker.any() else 0.0


def peak_memory(trace: xr.DataTree) -> float:
    """The largest resident memory that any worker reached since it started, in bytes."""
    return float(_column(trace, "workers", "peak_memory").max(initial=0))


_TABLE = (
    Metric("seconds", "Time", "s", "down", "wall time from submitting the graph to holding the answer"),
    Metric("images_per_s", "Throughput", "images/s", "up", "images / time"),
    Metric("speedup", "Speedup", "", "up", "time of the same kernels, serial and without Dask / time"),
    Metric("efficiency", "Efficiency", "", "up", "speedup / workers (Eager et al. 1989)", share=True),
    Metric("bytes_moved", "Bytes moved", "B", "down", "bytes of the keys sent worker to worker", bytes_moved),
    Metric(
        "communication",
        "Communication share",
        "",
        "down",
        "time a worker receives while no thread of it computes / (that + time it computes), over all workers",
        communication,
        share=True,
    ),
    Metric(
        "imbalance",
        "Load imbalance",
        "",
        "down",
        "max over workers of compute time / mean over all workers - 1 (Pearce et al. 2012)",
        imbalance,
        share=True,
    ),
    Metric("peak_memory_bytes", "Peak memory", "B", "down", "largest resident memory of a worker", peak_memory),
    Metric("accuracy", "Accuracy", "", "up", "images whose largest output is their label / images", share=True),
)
METRICS = {metric.name: metric for metric in _TABLE}


def metrics(trace: xr.DataTree) -> xr.Dataset:
    """Every metric that a trace alone gives, for each of its repeats.

    Parameters
    ----------
    trace : xarray.DataTree
        As the recorder makes it. Tasks and transfers of a negative `repeat` (the warm-up) are left out.

    Returns
    -------
    xarray.Dataset
        A float64 variable along `repeat` for each of `METRICS` that has a formula, with its unit and label.

    Examples
    --------
    >>> tasks = xr.Dataset({"worker": ("task", [0, 0, 1]), "repeat": ("task", [0, 1, 1]),
    ...                     "start": ("task", [0.0, 4.0, 4.0]), "stop": ("task", [2.0, 7.0, 5.0])})
    >>> none = ("transfer", np.zeros(0, np.int64))
    >>> transfers = xr.Dataset(dict.fromkeys(["destination", "nbytes", "start", "stop", "repeat"], none))
    >>> workers = xr.Dataset({"peak_memory": ("worker", [100, 300])})
    >>> trace = xr.DataTree.from_dict({"tasks": tasks, "transfers": transfers, "workers": workers})
    >>> metrics(trace)["imbalance"].values
    array([1. , 0.5])
    """
    repeats = np.unique(_column(trace, "tasks", "repeat"))
    repeats = repeats[repeats >= 0]
    parts = [one_repeat(trace, repeat) for repeat in repeats]
    values = {m.name: [m.formula(part) for part in parts] for m in _TABLE if m.formula}
    return _along_repeat(values).assign_coords(repeat=repeats)


def rates(seconds: npt.ArrayLike, images: int, workers: int, serial_seconds: npt.ArrayLike) -> xr.Dataset:
    """The metrics that need a clock outside the trace: time, images/s, speedup and efficiency.

    Examples
    --------
    >>> rates([0.5, 0.4], images=1000, workers=2, serial_seconds=0.8)["efficiency"].values
    array([0.8, 1. ])
    """
    time = np.asarray(seconds, float)
    speedup = np.asarray(serial_seconds, float) / time
    return _along_repeat(
        {"seconds": time, "images_per_s": images / time, "speedup": speedup, "efficiency": speedup / workers}
    )


def doubts(runs: xr.Dataset) -> list[str]:
    """A line for each thing that is not as it should be: predictions, records, bytes.

    Examples
    --------
    >>> doubts(xr.Dataset({"same_as_serial": ("run", [1, 0])}, {"run": ["a", "b"]}))
    ['b: predictions are not the serial ones']
    """
    moved = runs.get("bytes_moved", xr.zeros_like(runs["run"], dtype=float))
    checks = {
        "predictions are not the serial ones": runs.get("same_as_serial", moved + 1) == 0,
        "records were lost, so its numbers are too low": runs.get("records_dropped", moved * 0) > 0,
        "bytes moved are not those planned": abs(runs.get("bytes_planned", moved) - moved) > 0,
    }
    return [f"{run}: {what}" for what, found in checks.items() for run in runs["run"].values[found.values]]


def one_repeat(trace: xr.DataTree, repeat: int) -> xr.DataTree:
    """The trace with the tasks and transfers of one repeat only."""
    return trace.assign(
        {
            node: trace[node].isel({dim: _column(trace, node, "repeat") == repeat})
            for node, dim in (("tasks", "task"), ("transfers", "transfer"))
        }
    )


def _along_repeat(values: Mapping[str, npt.ArrayLike]) -> xr.Dataset:
    return xr.Dataset({name: ("repeat", np.asarray(v, float), METRICS[name].attrs) for name, v in values.items()})


def _column(trace: xr.DataTree, node: str, name: str) -> npt.NDArray[Any]:
    return np.asarray(trace[node].dataset[name].values)
