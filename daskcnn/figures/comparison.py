"""Runs side by side."""

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
    source = _source(runs, what)
    names, places, ends = (source.data[name] for name in ("label", "place", "end"))
    plot = figure(
        title=what.label,
        x_axis_label=what.title + BETTER[what.better],
        x_range=Range1d(start=0, end=1.35 * max(ends, default=0.0) or 1),
        y_range=Range1d(start=len(places) - 0.4, end=-0.6),
        height=90 + 26 * len(places),
        toolbar_location=None,
        tools="hover",
        tooltips=[("run", "@run"), ("configuration", "@label"), (what.label, "@text")],
        sizing_mode="stretch_width",
    )
    plot.hbar("place", left=0, right="value", height=0.7, line_width=0, color="colour", source=source)
    if f"{metric}_low" in runs:
        plot.add_layout(Whisker(base="place", lower="low", upper="high", dimension="width", source=source))
    plot.add_layout(LabelSet(x="end", y="place", text="text", x_offset=6, text_baseline="middle", source=source))
    plot.yaxis.ticker = FixedTicker(ticks=places)
    plot.yaxis.major_label_overrides = {place: plain(name) for place, name in zip(places, names, strict=True)}
    plot.ygrid.visible = False
    plot.xaxis.formatter = NumeralTickFormatter(format=_numeral(what))
    binary = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=3)
    plot.xaxis.ticker = binary if what.unit == "B" else BasicTicker(desired_num_ticks=4)
    return plot


def _source(runs: xr.Dataset, what: Metric) -> ColumnDataSource:
    value = runs[what.name].values.astype(float)
    low, high = (runs.get(f"{what.name}_{end}", runs[what.name]).values.astype(float) for end in ("low", "high"))
    words = [str(chunks).partition("=")[0] for chunks in runs["chunks"].values]
    palette = colours(sorted(words))
    return ColumnDataSource(
        {
            "place": np.arange(value.size),
            "run": runs["run"].values,
            "label": runs["label"].values,
            "value": value,
            "low": low,
            "high": high,
            "end": np.nan_to_num(np.fmax(value, high)),
            "text": [what.text(number) for number in value],
            "colour": [palette[word] for word in words],
        }
    )


def _numeral(what: Metric) -> str:
    return {"B": "0 b", "": "0.[00] %" if what.share else "0,0.[00]"}.get(what.unit, "0,0.[000]")


def _texts(runs: xr.Dataset, setting: str) -> list[str]:
    if setting in ("workers", "images"):
        return [f"{count:,} {setting if count != 1 else setting[:-1]}" for count in runs[setting].values]
    return [str(value) for value in runs[setting].values]
