"""Runs side by side."""

from collections.abc import Iterable

import numpy as np
import xarray as xr
from bokeh.models import (
    AdaptiveTicker,
    BasicTicker,
    ColumnDataSource,
    FixedTicker,
    LayoutDOM,
    LinearAxis,
    NumeralTickFormatter,
    Range1d,
    TeeHead,
    Whisker,
)
from bokeh.plotting import figure

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.colours import colours
from daskcnn.figures.labels import plain
from daskcnn.metrics import METRICS, Metric
from daskcnn.quantity import many

SETTINGS = ("chunks", "network", "workers", "engine", "cluster", "images")
WHISKER = "#7b8494"
BEST = " ★"
"""Marks what its repeats tell from all others."""
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
        A part of it, sorted by label: `batch=2`, or `batch=2 · 4 workers` where the number of workers varies; the
        name of what was not cut.

    Examples
    --------
    >>> runs = xr.Dataset({"chunks": ("run", ["serial", "batch=2", "serial"]), "workers": ("run", [1, 2, 1])})
    >>> labelled(runs)["label"].values.tolist()
    ['batch=2 · 2 workers', 'serial · 1 worker']
    """
    texts = {name: setting(runs, name) for name in SETTINGS if name in runs}
    always = {"chunks"} if all(texts["chunks"]) else {"chunks", "network"}
    varying = [name for name, column in texts.items() if name in always or len(set(column)) > 1]
    labels = [line(row) for row in zip(*(texts[name] for name in varying), strict=True)]
    newest = {label: place for place, label in enumerate(labels)}
    order = sorted(newest)
    return runs.isel(run=[newest[label] for label in order]).assign_coords(label=("run", np.array(order, str)))


def described(runs: xr.Dataset) -> str:
    """What all the runs share, as in `mnist · 2 workers · numpy · processes · 1,000 images`."""
    texts = [setting(runs, name) for name in SETTINGS if name in runs]
    return line(column[0] for column in texts if len(set(column)) == 1)


def bars(runs: xr.Dataset, metric: str, title: str = "", end: float = 0.0) -> figure:
    """One metric, a bar a run, coloured by the way of cutting.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows of the store's table along `run`, with the coordinate `label` as `labelled` gives it.
    metric : str
        A key of `METRICS`; where `<metric>_low` and `<metric>_high` are there too, they become a whisker, and where
        `<metric>_best` is true, the bar is marked.
    title : str
        The metric's label by default.
    end : float
        Where the axis ends; by default where the longest bar does.
    """
    what = METRICS[metric]
    source = _source(runs, what)
    names, places, ends, texts = (source.data[name] for name in ("label", "place", "end", "text"))
    plot = figure(
        title=title or what.label,
        x_axis_label=what.title + BETTER[what.better],
        x_range=Range1d(start=0, end=1.03 * (end or max(ends, default=0.0)) or 1),
        y_range=Range1d(start=len(places) - 0.4, end=-0.6),
        height=90 + 26 * len(places),
        toolbar_location=None,
        tools="hover",
        tooltips=[("run", "@run"), ("configuration", "@label"), (what.label, "@text"), ("interval", "@interval")],
        sizing_mode="stretch_width",
    )
    plot.hbar("place", left=0, right="value", height=0.7, line_width=0, color="colour", source=source)
    if f"{metric}_low" in runs:
        head = TeeHead(size=8, line_color=WHISKER, line_width=2)
        look = {"lower_head": head, "upper_head": head, "line_color": WHISKER, "line_width": 2}
        plot.add_layout(Whisker(base="place", lower="low", upper="high", dimension="width", source=source, **look))
    values = LinearAxis(axis_line_color=None, major_tick_line_color=None)
    plot.add_layout(values, "right")
    for axis, words in ((plot.yaxis[0], map(plain, names)), (values, texts)):
        axis.ticker = FixedTicker(ticks=places)
        axis.major_label_overrides = dict(zip(places, words, strict=True))
    plot.ygrid.visible = False
    plot.xaxis.formatter = NumeralTickFormatter(format=_numeral(what))
    binary = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=3)
    plot.xaxis.ticker = binary if what.unit == "B" else BasicTicker(desired_num_ticks=3)
    return plot


def by_workers(runs: xr.Dataset, metric: str) -> LayoutDOM:
    """One metric on one scale, a small figure for each number of workers.

    Parameters
    ----------
    runs : xarray.Dataset
        As of `bars`; labelled anew for each number.
    metric : str
        A key of `METRICS`.
    """
    known = [runs[name].values for name in (metric, f"{metric}_high") if name in runs]
    end = float(np.nanmax(np.concatenate([*known, [0.0]])))
    figures = []
    for count in np.unique(runs["workers"].values).tolist():
        own = labelled(runs.isel(run=runs["workers"].values == count))
        figures.append(bars(own, metric, many(count, "worker"), end))
    return wrapped(figures)


def interval(what: Metric, low: float, high: float) -> str:
    """An interval as people read it; nothing where there is none."""
    return f"{what.text(low)} – {what.text(high)}" if np.isfinite([low, high]).all() else ""


def _source(runs: xr.Dataset, what: Metric) -> ColumnDataSource:
    value = runs[what.name].values.astype(float)
    low, high = (runs.get(f"{what.name}_{end}", runs[what.name]).values.astype(float) for end in ("low", "high"))
    known = f"{what.name}_low" in runs
    best = runs[f"{what.name}_best"].values if f"{what.name}_best" in runs else np.zeros(value.size, bool)
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
            "text": [what.text(number) + BEST * bool(mark) for number, mark in zip(value, best, strict=True)],
            "interval": [interval(what, *ends) for ends in zip(low, high, strict=True)] if known else [""] * value.size,
            "colour": [palette[word] for word in words],
        }
    )


def _numeral(what: Metric) -> str:
    return {"B": "0 b", "s": "0,0.[0000]", "": "0.[00] %" if what.share else "0,0.[00]"}.get(what.unit, "0.[00] a")


def line(texts: Iterable[str]) -> str:
    """Texts in a line, without those that are empty: other Dask work has no chunks, engine and images."""
    return " · ".join(text for text in texts if text)


def setting(runs: xr.Dataset, name: str) -> list[str]:
    """What each run has of one of `SETTINGS`, as words; nothing where it has none."""
    if name in ("workers", "images"):
        counts = runs[name].values
        return [many(count, name[:-1]) if count else "" for count in counts]
    return [str(value) for value in runs[name].values]
