"""One execution, whole: its row of numbers, trace, metrics, plan, graph and provenance, as one labelled tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn import plan_tables
from daskcnn.answer import Answer, Reduced
from daskcnn.calibration import UNKNOWN, Peaks
from daskcnn.locate import located
from daskcnn.markup import card
from daskcnn.memory import PROCESS, planned_memory
from daskcnn.metrics import HEADLINES, METRICS, doubts, metrics, rates
from daskcnn.nodes import numbers
from daskcnn.noise import SEED, median_interval
from daskcnn.placement import Losses
from daskcnn.plots import Plots
from daskcnn.provenance import provenance
from daskcnn.sources import Labels
from daskcnn.store import SCHEMA
from daskcnn.taskgraph import TaskGraph

ASKED = ("network", "chunks", "workers", "images", "cluster", "engine")
"""What a notebook shows of what was asked for."""


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
    def plot(self) -> Plots:
        """Its figures: `run.plot.stream()` and others."""
        return Plots(self.tree)

    @property
    def summary(self) -> dict[str, Any]:
        """The row as plain Python values, with memory worker by worker and the interval of the time.

        What a run of other Dask work has not, such as answers, is not there.
        """
        found = {str(name): variable.item() for name, variable in self.tree.dataset.data_vars.items()}
        # A file may not keep the order in which they were written.
        row = {name: found[name] for name in dict.fromkeys((*ASKED, *METRICS, *sorted(found))) if name in found}
        low, high = row.pop("seconds_low"), row.pop("seconds_high")
        memory = self.tree["trace/workers"].dataset["peak_memory"].values
        if "same_as_serial" in row:
            row["same_as_serial"] = bool(row["same_as_serial"])
        return {
            "run": self.id,
            **row,
            "seconds_ci": [None if np.isnan(end) else end for end in (low, high)],
            "peak_memory_bytes": [int(peak) for peak in memory],
        }

    def _repr_html_(self) -> str:
        row = {str(name): variable.item() for name, variable in self.tree.dataset.data_vars.items()}
        facts = {name.capitalize(): str(row[name]) for name in ASKED if row.get(name)}
        facts |= {metric.label: metric.text(row[name]) for name, metric in HEADLINES.items() if name in row}
        wrong = doubts(self.tree.to_dataset().expand_dims(run=[self.id]))
        return card(f"Run {self.id}", facts, notes=[f"Not to be relied on: {text}" for text in wrong])


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
    """(worker,) Of the plan's workers, in its order, then of those that came for lost ones."""
    losses: Losses


def run_tree(
    name: str,
    frozen: Reduced,
    measured: Measured,
    labels: Labels | None,
    setting: Mapping[str, str],
    peaks: Peaks = UNKNOWN,
) -> xr.DataTree:
    """The tree of a run.

    Parameters
    ----------
    name : str
        Id of the run.
    frozen : Reduced
        What ran, but for the tags of its keys.
    measured : Measured
    labels : (image,) int, optional
        The right classes.
    setting : mapping of str to str
        Words of what was asked for: engine, cluster, granularity.
    peaks : Peaks
        What the workers were measured to be able to.
    """
    graph = TaskGraph.of(frozen.work)
    trace, recorded = located(measured.trace, graph, measured.tags, measured.addresses)
    # Others, that came for lost ones, are behind them.
    names = trace["workers"].dataset["node"].values[: frozen.work.plan.workers]
    plan = replace(frozen.work.plan, nodes=numbers(names.tolist()))
    # Also of a repeat that left no record.
    repeats = metrics(trace, **peaks._asdict()).reindex(repeat=np.arange(len(measured.tags)))
    repeats = repeats.merge(rates(measured.seconds, plan.images, plan.workers, measured.serial_seconds))
    own = {
        "client_seconds": measured.seconds - repeats["makespan"].values,
        "serial_seconds": measured.serial_seconds,
        "accuracy": [answer.accuracy(labels) for answer in measured.answers],
        "same_as_serial": [np.int8(answer.same_as(measured.expected)) for answer in measured.answers],
        "tasks_recorded": recorded,
    }
    repeats = repeats.assign({key: ("repeat", np.asarray(values), described(key)) for key, values in own.items()})
    limits = trace["workers"].dataset["memory_limit"].values
    facts = {
        "network": plan.network.name,
        "chunks": plan.chunks,
        **setting,
        "workers": plan.workers,
        "nodes": len(plan.sizes),
        "images": plan.images,
        "batch": plan.batch,
        "tasks": len(graph),
        "bytes_planned": plan.bytes_moved + frozen.bytes_aligned,
        "bytes_between_nodes_planned": graph.bytes_between(plan.nodes),
        "memory_planned_bytes": int(planned_memory(graph).max()) + PROCESS,
        "memory_limit_bytes": int(limits[limits >= 0].min()),
        **peaks._asdict(),
        **measured.losses._asdict(),
    }
    root = xr.Dataset({key: ((), value, described(key)) for key, value in facts.items()})
    root.attrs = {"run": name, "schema": SCHEMA, "seed": SEED, **provenance()}
    return xr.DataTree.from_dict(
        {
            "/": summarised(root, repeats, int(trace.attrs["records_dropped"])),
            "/metrics": repeats,
            "/plan": plan_tables.layers(plan),
            "/graph": graph.to_dataset(),
            **{f"/trace{node.path if node.path != '/' else ''}": node.to_dataset() for node in trace.subtree},
        }
    )


def summarised(facts: xr.Dataset, repeats: xr.Dataset, dropped: int) -> xr.Dataset:
    """The row of a run: what is known of it beforehand, and its repeats in a number each.

    Parameters
    ----------
    facts : xarray.Dataset
        Variables without a dimension; those that follow from the repeats are replaced.
    repeats : xarray.Dataset
        Along `repeat`: the metrics, and `serial_seconds`, `accuracy`, `same_as_serial` and `tasks_recorded`.
    dropped : int
        Records that the recorder knows to be missing.
    """
    count = repeats.sizes["repeat"]
    row: dict[str, Any] = {str(key): _median(values) for key, values in repeats.data_vars.items()}
    clock = rates([row["seconds"]], int(facts["images"]), int(facts["workers"]), row["serial_seconds"])
    row |= {str(key): values.item() for key, values in clock.items()}
    row |= {key: float(repeats[key].max()) for key in row if key in METRICS and METRICS[key].group == "memory"}
    row |= {key: _whole(value) for key, value in row.items() if key in METRICS and METRICS[key].unit == "B"}
    low, high = median_interval(repeats["seconds"])
    planned, recorded = int(facts["tasks"]) * count, int(repeats["tasks_recorded"].sum())
    row |= {
        "repeats": count,
        "seconds_low": low,
        "seconds_high": high,
        "accuracy": float(repeats["accuracy"].mean()),
        "same_as_serial": np.int8(repeats["same_as_serial"].all()),
        "tasks_planned": planned,
        "tasks_recorded": recorded,
        "records_dropped": dropped + planned - recorded,
    }
    return facts.assign({key: ((), value, described(key)) for key, value in row.items()})


OTHERS = {
    "seconds_low": ("s", "Time, low end of its interval"),
    "seconds_high": ("s", "Time, high end of its interval"),
    "serial_seconds": ("s", "Time of the serial run"),
    "memory_limit_bytes": ("B", "Memory limit of a worker, 0 for none"),
    "bytes_planned": ("B", "Bytes planned to move"),
    "bytes_between_nodes_planned": ("B", "Bytes planned to move between nodes"),
    "memory_planned_bytes": ("B", "Memory planned for the worker that needs most"),
    "peak_operations_per_s": ("FLOP/s", "Rate of a matrix product on a thread of the machine"),
    "peak_bandwidth": ("B/s", "Bandwidth between two workers of the machine"),
}
"""Units and labels of what is no metric and has a unit."""


def _median(values: xr.DataArray) -> float:
    """Of what is known."""
    known = values.values[np.isfinite(values.values)]
    return float(np.median(known)) if known.size else float("nan")


def _whole(value: float) -> int | float:
    return int(value) if np.isfinite(value) else value


def described(name: str) -> dict[str, str]:
    """What a variable of a run's row carries: its label, and its unit where it has one.

    >>> described("serial_seconds"), described("workers")
    ({'units': 's', 'long_name': 'Time of the serial run'}, {'long_name': 'Workers'})
    """
    if name in METRICS:
        return METRICS[name].attrs
    unit, label = OTHERS.get(name, ("", name.replace("_", " ").capitalize()))
    return {"units": unit, "long_name": label} if unit else {"long_name": label}
