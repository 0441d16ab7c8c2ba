"""Memory of each worker over time, the plan's bound and the limit."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr
from bokeh.layouts import column
from bokeh.models import (
    AdaptiveTicker,
    ColumnDataSource,
    Div,
    HoverTool,
    LayoutDOM,
    NumeralTickFormatter,
    Range1d,
    Span,
)
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.cells import cells
from daskcnn.figures.labels import short, workers_of
from daskcnn.figures.notes import key, note
from daskcnn.metrics import METRICS


class Line(NamedTuple):
    """What a line is called, and how it looks."""

    label: str
    colour: str
    dash: str
    sign: str
    """The dashes as a letter or three."""


MOST = 16
"""Workers that have a figure each: those that reached most."""
SAMPLES = 1_000
"""That a line is drawn through at most."""
GAP = 1.0
"""Seconds without a sample of any worker: nothing was recorded, as between the turns of a sweep."""
NEAR = 2.5
"""Times what is reached up to which a limit is drawn: one far above would flatten all else."""
LINES = {
    "rss": Line("Resident", "#4477AA", "solid", "━"),
    "managed": Line("Results in memory", "#EE6677", "dashed", "╌"),
    "spilled": Line("Results on disk", "#AA3377", "dotted", "···"),
}
PLANNED = Line("Planned", "#228833", "dotdash", "━·")
LIMIT = Line("Limit", "#888888", "solid", "─")
HEAD = ("Worker", "Peak, resident", "Most in results", "Most on disk", "Limit", "Spilled", "Paused")


def memory(tree: xr.DataTree) -> LayoutDOM:
    """A figure for each worker, all on one scale, and a table.

    Parameters
    ----------
    tree : xarray.DataTree
        A run; its variable `memory_planned_bytes` is drawn where it has it.
    """
    workers, samples = tree["trace/workers"].to_dataset(), _compact(tree["trace/memory"].to_dataset())
    planned = float(tree.dataset.get("memory_planned_bytes", np.nan))
    limit = float(np.max(workers["memory_limit"].values, initial=0))
    peaks = workers["peak_memory"].values
    top = float(np.nanmax(np.concatenate([[1, planned], peaks, samples["rss"].values])))
    lines = {PLANNED: planned, LIMIT: limit if 0 < limit <= NEAR * top else np.nan}
    ranges = Range1d(0, float(np.max(samples["time"].values, initial=1e-3))), Range1d(0, 1.08 * _most(top, lines))
    names, shown = workers_of(tree), np.sort(np.argsort(-peaks, kind="stable")[:MOST])
    of_worker = {place: samples.isel(sample=samples["worker"].values == place) for place in shown.tolist()}
    figures = [_figure(names[place], own, lines, *ranges) for place, own in of_worker.items()]
    about = list(_about(tree, len(names) - len(shown), samples))
    above = [note("", *about)] if about else []
    signs = key(_signs(planned, limit, np.isfinite(lines[LIMIT])))
    return column(*above, signs, wrapped(figures), peaks_table(tree), sizing_mode="stretch_width")


def peaks_table(tree: xr.DataTree) -> Div:
    """What each worker reached."""
    workers, samples, events = (tree[f"trace/{node}"].to_dataset() for node in ("workers", "memory", "events"))

    def rows() -> Iterator[list[str]]:
        for place, name in enumerate(workers_of(tree)):
            own = samples.isel(sample=samples["worker"].values == place)
            most = [_bytes(float(np.max(own[column].values, initial=-1))) for column in ("managed", "spilled")]
            happened = events.isel(event=events["worker"].values == place)
            spilled = int((happened["kind"] == "spill").sum())
            paused = float(happened["duration"].where(happened["kind"] == "paused").sum())
            peak, limit = (float(workers[name][place]) or -1.0 for name in ("peak_memory", "memory_limit"))
            times = f"{spilled:,} times" if spilled else "no"
            yield [short(name), _bytes(peak), *most, _bytes(limit), times, METRICS["seconds"].text(paused)]

    return cells("Workers", HEAD, rows())


def _about(tree: xr.DataTree, left_out: int, samples: xr.Dataset) -> Iterator[str]:
    if left_out:
        yield f"The {MOST} workers with the highest peaks; {left_out:,} others are in the table only"
    if "cluster" in tree.dataset and tree.dataset["cluster"].item() == "threads":
        yield "Workers that are threads share the memory of one process: each shows all of it"
    if samples.attrs["cut"]:
        yield f"Times without a sample, longer than {GAP:g} s, are cut out: nothing was recorded then"
    if not samples.sizes["sample"]:
        yield "No samples of memory were recorded"


def _figure(name: str, samples: xr.Dataset, lines: Mapping[Line, float], x: Range1d, y: Range1d) -> figure:
    plot = figure(
        title=short(name),
        x_axis_label="Recorded time (s)",
        y_axis_label="Memory (B)",
        x_range=x,
        y_range=y,
        height=220,
        tools="xpan,xwheel_zoom,xbox_zoom,reset,save",
        active_scroll=None,
        toolbar_location="above",
        sizing_mode="stretch_width",
    )
    plot.toolbar.logo = None
    plot.yaxis.ticker = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=4)
    plot.yaxis.formatter = NumeralTickFormatter(format="0 ib")
    data = {column: samples[column].values.astype(float) for column in LINES}
    known = {column: values for column, values in data.items() if (values >= 0).any()}
    texts = {f"{column}_text": [_bytes(value) for value in values] for column, values in known.items()}
    source = ColumnDataSource({"time": samples["time"].values} | known | texts)
    for own in known:
        _, colour, dash, _ = LINES[own]
        drawn = plot.line("time", own, source=source, color=colour, line_dash=dash, line_width=2)
        if own == "rss":
            tips = [("time", "@time{0.000} s"), *((LINES[name][0], f"@{name}_text") for name in known)]
            plot.add_tools(HoverTool(renderers=[drawn], tooltips=tips, mode="vline"))
    for (_, colour, dash, _), value in lines.items():
        if np.isfinite(value):
            plot.add_layout(Span(location=value, dimension="width", line_color=colour, line_dash=dash, line_width=2))
    return plot


def _compact(samples: xr.Dataset) -> xr.Dataset:
    """By worker and time, the peaks of what is too dense to draw, and without gaps: times count what was recorded."""
    samples = samples.isel(sample=np.isfinite(samples["time"].values)).sortby("time")
    gaps = np.diff(samples["time"].values, prepend=samples["time"].values[:1])
    cut = np.where(gaps > GAP, gaps - GAP / 10, 0).cumsum()
    zero = samples["time"].values[:1].sum()
    samples = samples.assign(time=samples["time"] - cut - zero)
    which = samples["worker"].values
    kept = [_peaks(np.flatnonzero(which == worker), samples["rss"].values) for worker in np.unique(which)]
    return samples.isel(sample=np.concatenate([np.zeros(0, int), *kept])).assign_attrs(cut=bool(cut.any()))


def _peaks(places: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of so many places in a row as make `SAMPLES` of all, the one of the largest value."""
    parts = np.array_split(places, min(SAMPLES, places.size))
    return np.array([part[values[part].argmax()] for part in parts], int)


def _signs(planned: float, limit: float, near: bool) -> Iterator[tuple[str, str, str]]:
    """What the lines mean."""
    for label, colour, _, sign in LINES.values():
        yield sign, colour, label
    if np.isfinite(planned):
        yield PLANNED.sign, PLANNED.colour, f"{PLANNED.label} {_bytes(planned)}, for the worker that needs most"
    if limit:
        yield LIMIT.sign, LIMIT.colour, f"{LIMIT.label} {_bytes(limit)}" + ("" if near else ", above the figures")


def _most(top: float, lines: Mapping[Line, float]) -> float:
    return float(np.nanmax([top, *lines.values()]))


def _bytes(value: float) -> str:
    return METRICS["bytes_moved"].text(value if value >= 0 else np.nan)
