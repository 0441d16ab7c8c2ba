"""One execution, whole: its row of numbers, trace, metrics, plan, graph and provenance, as one labelled tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn import plan_tables
from daskcnn.answer import Answer, Reduced
from daskcnn.locate import located
from daskcnn.memory import PROCESS, planned_memory
from daskcnn.metrics import METRICS, metrics, rates
from daskcnn.noise import SEED, median_interval
from daskcnn.plan import Plan
from daskcnn.provenance import provenance
from daskcnn.sources import Labels
from daskcnn.store import SCHEMA
from daskcnn.taskgraph import TaskGraph


@dataclass(frozen=True, eq=False)
class Run:
    """A run as the store keeps it."""

    tree: xr.DataTree
    """Root: one row of the store's table. Nodes: trace, metrics, plan, graph."""

    @property
    def id(self) -> str:
        """Its name in the store."""
        return str(self.tree.attrs["run"])

    @property
    def summary(self) -> dict[str, Any]:
        """The row as plain Python values, with memory worker by worker and the interval of the time."""
        row = {str(name): variable.item() for name, variable in self.tree.dataset.data_vars.items()}
        low, high = row.pop("seconds_low"), row.pop("seconds_high")
        memory = self.tree["trace/workers"].dataset["peak_memory"].values
        return {
            "run": self.id,
            **row,
            "same_as_serial": bool(row["same_as_serial"]),
            "seconds_ci": [None if np.isnan(end) else end for end in (low, high)],
            "peak_memory_bytes": [int(peak) for peak in memory],
        }


@dataclass(frozen=True, eq=False)
class Measured:
    """What the repeats of an execution gave."""

    seconds: NDArray[np.float64]
    """(repeat,) On the cluster."""
    serial_seconds: NDArray[np.float64]
    """(repeat,) Without Dask, each just before."""
    answers: tuple[Answer, ...]
    """(repeat,) Of the cluster."""
    expected: Answer
    """Of the serial run."""
    trace: xr.DataTree
    tags: tuple[str, ...]
    """(repeat,) What the keys of each repeat end with."""
    addresses: tuple[str, ...]
    """(worker,) Of the plan's workers, in its order."""


def run_tree(
    name: str,
    plan: Plan,
    frozen: Reduced,
    measured: Measured,
    labels: Labels | None,
    setting: Mapping[str, str],
) -> xr.DataTree:
    """The tree of a run.

    Parameters
    ----------
    name : str
        Id of the run.
    plan : Plan
    frozen : Reduced
        What ran, but for the tags of its keys.
    measured : Measured
    labels : (image,) int, optional
        The right classes.
    setting : mapping of str to str
        Words of what was asked for: engine, cluster, granularity.
    """
    graph = TaskGraph.of(frozen.work)
    trace, missing = located(measured.trace, graph, measured.tags, measured.addresses)
    repeats = metrics(trace).merge(rates(measured.seconds, plan.images, plan.workers, measured.serial_seconds))
    seconds, serial = float(np.median(measured.seconds)), float(np.median(measured.serial_seconds))
    low, high = median_interval(measured.seconds)
    planned = len(graph) * len(measured.tags)
    row: dict[str, Any] = {
        "network": plan.network.name,
        "chunks": plan.chunks,
        **setting,
        "workers": plan.workers,
        "images": plan.images,
        "batch": plan.batch,
        "repeats": len(measured.tags),
        "seconds": seconds,
        "seconds_low": low,
        "seconds_high": high,
        "serial_seconds": serial,
        "images_per_s": plan.images / seconds,
        "speedup": serial / seconds,
        "efficiency": serial / seconds / plan.workers,
        "bytes_moved": int(repeats["bytes_moved"].median()),
        "bytes_planned": plan.bytes_moved + frozen.bytes_aligned,
        "communication": float(repeats["communication"].median()),
        "imbalance": float(repeats["imbalance"].median()),
        "memory_planned_bytes": int(planned_memory(graph).max()) + PROCESS,
        "peak_memory_bytes": int(repeats["peak_memory_bytes"].max()),
        "accuracy": float(np.mean([answer.accuracy(labels) for answer in measured.answers])),
        "same_as_serial": np.int8(all(answer.same_as(measured.expected) for answer in measured.answers)),
        "tasks_planned": planned,
        "tasks_recorded": planned - missing,
        "records_dropped": int(trace.attrs["records_dropped"]) + missing,
    }
    root = xr.Dataset({key: ((), value, _attrs(key)) for key, value in row.items()})
    root.attrs = {"run": name, "schema": SCHEMA, "seed": SEED, **provenance()}
    return xr.DataTree.from_dict(
        {
            "/": root,
            "/metrics": repeats,
            "/plan": plan_tables.layers(plan),
            "/graph": graph.to_dataset(),
            **{f"/trace{node.path if node.path != '/' else ''}": node.to_dataset() for node in trace.subtree},
        }
    )


OTHERS = {
    "seconds_low": ("s", "Time, low end of its interval"),
    "seconds_high": ("s", "Time, high end of its interval"),
    "serial_seconds": ("s", "Time of the serial run"),
    "bytes_planned": ("B", "Bytes planned to move"),
    "memory_planned_bytes": ("B", "Memory planned for the worker that needs most"),
}
"""Units and labels of what is no metric and has a unit."""


def _attrs(name: str) -> dict[str, str]:
    if name in METRICS:
        return METRICS[name].attrs
    unit, label = OTHERS.get(name, ("", name.replace("_", " ").capitalize()))
    return {"units": unit, "long_name": label} if unit else {"long_name": label}
