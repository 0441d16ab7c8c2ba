"""Runs as a table that sorts by value and shows values with their units."""

import numpy as np
import xarray as xr
from bokeh.models import ColumnDataSource, DataTable, HTMLTemplateFormatter, TableColumn
from numpy.typing import NDArray

from daskcnn.metrics import HEADLINES, METRICS

SETTINGS = {"run": 160, "network": 70, "chunks": 90, "workers": 55, "engine": 85, "images": 60}
ALWAYS = ("run", "chunks", "workers")
WIDTHS = {
    "seconds": 70,
    "images_per_s": 108,
    "bytes_moved": 84,
    "communication": 130,
    "imbalance": 95,
    "peak_memory_bytes": 85,
}
ROW = 28


def table(runs: xr.Dataset) -> DataTable:
    """The store's table, a row a run, newest first, without the settings that all share.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows along `run`, oldest first; the interval of the time is shown where it is known.
    """
    runs = runs.isel(run=slice(None, None, -1))
    settings = [name for name in SETTINGS if name in ALWAYS or len(np.unique(runs[name])) > 1]
    metrics = [name for name in HEADLINES if name in runs]
    data = {name: runs[name].values for name in (*settings, *metrics)}
    data |= {f"{name}_text": _texts(name, runs[name].values) for name in metrics}
    columns = [_column(name, name.capitalize(), SETTINGS[name]) for name in settings]
    columns += [_column(name, METRICS[name].label, WIDTHS.get(name, 70), f"{name}_text") for name in metrics]
    if {"seconds_low", "seconds_high"} <= set(runs):
        low, high = (_texts("seconds", runs[f"seconds_{end}"].values) for end in ("low", "high"))
        known = np.isfinite(runs["seconds_low"].values)
        data["interval"] = np.where(known, np.char.add(np.char.add(low, " – "), high), "–")
        columns.insert(len(settings) + 1, _column("interval", "Interval of time", 145))
    return DataTable(
        source=ColumnDataSource(data),
        columns=columns,
        index_position=None,
        reorderable=False,
        row_height=ROW,
        height=min(ROW * (runs.sizes["run"] + 1) + 20, 600),
        autosize_mode="none",
        sizing_mode="stretch_width",
    )


def _column(field: str, title: str, width: int, shown: str = "") -> TableColumn:
    # A template may show another column than the one that sorts; <%- escapes what it puts in.
    return TableColumn(
        field=field,
        title=title,
        width=width,
        formatter=HTMLTemplateFormatter(template=f"<%- {shown or field} %>"),
        sortable=field != "interval",
    )


def _texts(metric: str, values: NDArray[np.float64]) -> NDArray[np.str_]:
    return np.array([METRICS[metric].text(value) for value in values], str)
