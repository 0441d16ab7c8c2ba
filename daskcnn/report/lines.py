"""What figures draw of the configurations of a report: curves of scaling, and other metrics with their intervals."""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.metrics import METRICS, curves
from daskcnn.metrics.fits import Scaling
from daskcnn.noise import median_interval
from daskcnn.report.cases import ONCE, TIMES, Floats, known
from daskcnn.report.chosen import Subject

FACTORS = ("load_balance", "serialization_efficiency", "transfer_efficiency", "orchestration_efficiency")
"""What parallel efficiency is the product of."""
LINES = ("measured", "low", "high")
MORE = (
    *("tasks_per_s", "latency_min", "latency_mean", "latency_max", "communication", "imbalance", *ONCE),
    *("parallel_efficiency", *FACTORS),
)
"""Metrics whose intervals are told besides those of scaling."""


def lines(found: xr.Dataset, subject: Subject) -> xr.Dataset:
    """What figures draw: metrics along `series`, `line` and `workers`.

    Parameters
    ----------
    found : xarray.Dataset
        As `daskcnn.report.cases.cases` gives it.
    subject : Subject

    Returns
    -------
    xarray.Dataset
        What `daskcnn.metrics.curves` tells of each series, and of `MORE` the medians and their intervals. NaN where a
        series was not measured, or a run has too little to tell.
    """
    drawn = [_lines(found.sel(run=own["run"].values), subject.kind) for own in subject.series.values()]
    along = xr.DataArray(list(subject.series), dims="series", name="series")
    return xr.concat(drawn, along, data_vars="all", coords="minimal", compat="override", join="outer")


def _lines(own: xr.Dataset, kind: Scaling) -> xr.Dataset:
    times = {name: own[f"each_{name}"] for name in TIMES if f"each_{name}" in own}
    serial = times.get("serial_seconds", times["seconds"] * np.nan)
    # Runs of earlier versions say the median of the serial times alone.
    columns = {"each_seconds": times["seconds"], "each_serial": serial.fillna(serial.median("repeat"))}
    columns |= {name: own[name] for name in ("workers", "images")}
    curved = curves(xr.Dataset({name: column.variable for name, column in columns.items()}), kind)
    more = {}
    for name in MORE:
        if name in own:
            each = own[f"each_{name}"].values if name not in ONCE else np.full((own.sizes["run"], 1), np.nan)
            rows = [_interval(*pair) for pair in zip(own[name].values, each, strict=True)]
            values = xr.DataArray(np.transpose(rows), {"line": list(LINES)}, ("line", "workers"))
            more[name] = values.reindex(line=curved["line"]).assign_attrs(METRICS[name].attrs)
    return curved.assign(more)


def _interval(row: float, each: Floats) -> tuple[float, float, float]:
    """The median and the interval that holds it; of what is taken once for all repeats the row's value alone."""
    values = known(each)
    return (float(np.median(values)), *median_interval(values)) if values.size else (row, np.nan, np.nan)
