"""Runs side by side, and what there is to doubt."""

import numpy as np
import xarray as xr
from bokeh.models import (
    AdaptiveTicker,
    BasicTicker,
    ColumnDataSource,
    FixedTicker,
    LabelSet,
    NumeralTickFormatter,
    Range1d,
    Whisker,
)
from bokeh.plotting import figure

from daskcnn.figures.colours import colours
from daskcnn.figures.labels import plain
from daskcnn.metrics import METRICS, Metric

SETTINGS = ("chunks", "network", "workers", "engine", "cluster", "images")
BETTER = {"up": ", more is better", "down": ", less is better", "": ""}


def labelled(runs: xr.Dataset) -> xr.Dataset:
    """The newest run of each configuration, with a coordinate `label` of what tells them apart.

    Parameters
    ----------
    runs : xarray.Dataset
        The store's table, oldest run first.

    Returns
    -------
    xarray.Dataset
        A part of it, sorted by label: `batch=2`, or `batch=2 · 4 workers` where the number of workers varies.

    Examples
    --------
    >>> runs = xr.Dataset({"chunks": ("run", ["serial", "batch=2", "serial"]), "workers": ("run", [1, 2, 1])})
    >>> labelled(runs)["label"].values.tolist()
    ['batch=2 · 2 workers', 'serial · 1 worker']
    """
    texts = {name: _texts(runs, name) for name in SETTINGS if name in runs}
    varying = [name for name, column in texts.items() if name == "chunks" or len(set(column)) > 1]
    labels = [" · ".join(row) for row in zip(*(texts[name] for name in varying), strict=True)]
    newest = {label: place for place, label in enumerate(labels)}
    order = sorted(newest)
    return runs.isel(run=[newest[label] for label in order]).assign_coords(label=("run", np.array(order, str)))


def described(runs: xr.Dataset) -> str:
    """What all the runs share, as in `mnist · 2 workers · numpy · processes · 1,000 images`."""
    texts = [_texts(runs, name) for name in SETTINGS if name in runs]
    return " · ".join(column[0] for column in texts if len(set(column)) == 1)


def doubts(runs: xr.Dataset) -> list[str]:
    """A line for each thing that is not as it should be: predictions, records, bytes.

    Examples
    --------
    >>> doubts(xr.Dataset({"same_as_serial": ("run", [1, 0])}, {"run": ["a", "b"]}))
    ['b: predictions are not the serial ones']
    """
    zero = xr.zeros_like(runs["run"], dtype=int)
    wrong = runs.get("same_as_serial", zero + 1) == 0
    lost = runs.get("records_dropped", zero) > 0
    other = runs.get("bytes_moved", zero) != runs.get("bytes_planned", runs.get("bytes_moved", zero))
    checks = {
        "predictions are not the serial ones": wrong,
        "records were lost, so its numbers are too low": lost,
        "bytes moved are not those planned": other,
    }
    return [f"{run}: {what}" for what, found in checks.items() for run in runs["run"].values[found.values]]


def bars(runs: xr.Dataset, metric: str) -> figure:
    """One metric, a bar a run, coloured by the way of cutting.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows of the store's table along `run`, with the coordinate `label` as `labelled` gives it.
    metric : str
        A key of `METRICS`; where `<metric>_low` and `<metric>_high` are there too, they become a whisker.
    """
    what = METRICS[metric]
    value = runs[metric].values.astype(float)
    low, high = (runs.get(f"{metric}_{end}", runs[metric]).values.astype(float) for end in ("low", "high"))
    word = [str(chunks).partition("=")[0] for chunks in runs["chunks"].values]
    palette = colours(sorted(set(word)))
    end = np.nan_to_num(np.fmax(value, high))
    place = np.arange(value.size)
    names = [str(name) for name in runs["label"].values]
    source = ColumnDataSource(
        {
            "place": place,
            "run": runs["run"].values,
            "label": names,
            "value": value,
            "low": low,
            "high": high,
            "end": end,
            "text": [what.text(number) for number in value],
            "colour": [palette[name] for name in word],
        }
    )
    plot = figure(
        title=what.label,
        x_axis_label=what.title + BETTER[what.better],
        x_range=Range1d(start=0, end=1.35 * end.max(initial=1e-12)),
        y_range=Range1d(start=value.size - 0.4, end=-0.6),
        height=90 + 26 * value.size,
        toolbar_location=None,
        tools="hover",
        tooltips=[("run", "@run"), ("configuration", "@label"), (what.label, "@text")],
        sizing_mode="stretch_width",
    )
    plot.hbar("place", left=0, right="value", height=0.7, line_width=0, color="colour", source=source)
    if f"{metric}_low" in runs:
        plot.add_layout(Whisker(base="place", lower="low", upper="high", dimension="width", source=source))
    plot.add_layout(LabelSet(x="end", y="place", text="text", x_offset=6, text_baseline="middle", source=source))
    plot.yaxis.ticker = FixedTicker(ticks=place)
    plot.yaxis.major_label_overrides = {row: plain(name) for row, name in enumerate(names)}
    plot.ygrid.visible = False
    _format(plot, what)
    return plot


def _format(plot: figure, what: Metric) -> None:
    if what.unit == "B":
        plot.xaxis.formatter = NumeralTickFormatter(format="0 b")
        plot.xaxis.ticker = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=3)
    else:
        plot.xaxis.formatter = NumeralTickFormatter(format="0.[00] %" if what.share else "0,0.[000]")
        plot.xaxis.ticker = BasicTicker(desired_num_ticks=4)


def _texts(runs: xr.Dataset, setting: str) -> list[str]:
    if setting in ("workers", "images"):
        return [f"{count:,} {setting if count != 1 else setting[:-1]}" for count in runs[setting].values]
    return [str(value) for value in runs[setting].values]
