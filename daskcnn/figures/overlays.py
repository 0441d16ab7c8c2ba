"""What lies over a task stream on demand: transfers as arrows, the critical path."""

from typing import Any

import numpy as np
import xarray as xr
from bokeh.models import (
    AdaptiveTicker,
    ColumnDataSource,
    GlyphRenderer,
    HoverTool,
    LayoutDOM,
    NormalHead,
    NumeralTickFormatter,
    Range1d,
    Segment,
)
from bokeh.models.graphics import Decoration
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET
from daskcnn.figures.merged import Ints
from daskcnn.figures.notes import note
from daskcnn.figures.stream import Stream
from daskcnn.figures.window import View
from daskcnn.metrics import METRICS

ARROWS = 300
"""Transfers that are drawn at once: those of most bytes."""
PATH = "#d62728"
WORKERS = 32
"""Whose memory is drawn at most."""
FEW = 50
"""Samples of a worker, of which each is marked."""
RESIDENT, RESULTS = "#4477AA", "#EE6677"
MEMORY_TIPS = [("", "@worker"), ("time", "@time{0.000000} s"), ("resident", "@rss_text"), ("results", "@managed_text")]
TIPS = [("", "@key"), ("from", "@source"), ("to", "@destination"), ("bytes", "@bytes")]
TIPS += [("start", "@x0{0.000000} s"), ("lasts", "@lasts")]


def arrows(plot: figure, drawn: Stream, transfers: xr.Dataset) -> tuple[GlyphRenderer, View]:
    """An arrow for each transfer, from the thread that made it to the first that reads it.

    Parameters
    ----------
    plot : figure
    drawn : Stream
    transfers : xarray.Dataset
        Of the repeat, along `transfer`.
    """
    known = (transfers["source"].values >= 0) & (transfers["destination"].values >= 0)
    rows = transfers.isel(transfer=known).sortby("bytes", ascending=False)
    ends = {"x0": rows["start"].values - drawn.zero, "x1": rows["stop"].values - drawn.zero}
    ends["y0"] = drawn.lane[_lanes(drawn, rows["producer"].values, rows["source"].values)]
    ends["y1"] = drawn.lane[_lanes(drawn, rows["consumer"].values, rows["destination"].values)]
    names = np.array(drawn.names, object)
    columns = [*ends, "key", "source", "destination", "bytes", "lasts"]
    source = ColumnDataSource({name: [] for name in columns})

    def view(begin: float, end: float, pixel: float) -> None:
        seen = np.flatnonzero((ends["x1"] > begin) & (ends["x0"] < end))[:ARROWS]
        few = rows.isel(transfer=seen)
        source.data = {name: values[seen] for name, values in ends.items()} | {
            "key": few["key"].values,
            "source": names[few["source"].values],
            "destination": names[few["destination"].values],
            "bytes": _texts("bytes_moved", few["bytes"].values),
            "lasts": _texts("seconds", few["stop"].values - few["start"].values),
        }

    head = Decoration(marking=NormalHead(size=7, fill_color=QUIET, line_color=None), node="end")
    line = plot.add_glyph(
        source, Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_color=QUIET, line_width=1.5, decorations=[head])
    )
    plot.add_tools(HoverTool(renderers=[line], tooltips=TIPS))
    return line, view


def critical(plot: figure, drawn: Stream, steps: xr.Dataset) -> tuple[GlyphRenderer, View]:
    """A line along the critical path.

    Parameters
    ----------
    plot : figure
    drawn : Stream
    steps : xarray.Dataset
        As `daskcnn.blame.critical_path` gives them.
    """
    start, stop = (steps[name].values - drawn.zero for name in ("start", "stop"))
    lane = drawn.lane[_lanes(drawn, steps["task"].values, steps["worker"].values)]
    source = ColumnDataSource({"x": [], "y": []})

    def view(begin: float, end: float, pixel: float) -> None:
        # Of the steps that end in one pixel, the last, and those that are longer.
        pixels = np.floor(stop / pixel)
        kept = (np.diff(pixels, append=np.inf) > 0) | (stop - start > pixel)
        kept &= (stop > begin) & (start < end)
        source.data = {"x": np.stack([start[kept], stop[kept]], 1).ravel(), "y": np.repeat(lane[kept], 2)}

    return plot.line("x", "y", source=source, line_color=PATH, line_width=3, line_alpha=0.8), view


def strip(tree: xr.DataTree, drawn: Stream, time: Range1d) -> LayoutDOM:
    """The memory of each worker under the same time axis: resident, and beneath it the results.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    drawn : Stream
    time : Range1d
        Of the task stream.
    """
    samples = tree["trace/memory"].to_dataset().sortby("time")
    at = samples["time"].values - drawn.zero
    samples = samples.isel(sample=(at > -drawn.seconds) & (at < 2 * drawn.seconds))
    if not samples.sizes["sample"]:
        return note("", "No sample of memory was taken in this repeat")
    plot = figure(
        x_axis_label="Time (s)",
        y_axis_label="Memory (B)",
        x_range=time,
        y_range=Range1d(0, 1.05 * float(samples["rss"].max())),
        height=170,
        sizing_mode="stretch_width",
        tools="xpan,xwheel_zoom,reset",
        active_scroll=None,
        toolbar_location=None,
    )
    plot.yaxis.ticker = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=3)
    plot.yaxis.formatter = NumeralTickFormatter(format="0 ib")
    drawn_lines = []
    for worker in np.unique(samples["worker"].values)[:WORKERS]:
        own = samples.isel(sample=samples["worker"].values == worker)
        data = {"time": own["time"].values - drawn.zero, "rss": own["rss"].values, "managed": own["managed"].values}
        data |= {f"{name}_text": _texts("bytes_moved", data[name]) for name in ("rss", "managed")}
        data["worker"] = np.full(own.sizes["sample"], drawn.names[worker], object)
        source = ColumnDataSource(data)
        if own.sizes["sample"] < FEW:
            plot.scatter("time", "rss", source=source, color=RESIDENT, size=5)
        drawn_lines.append(plot.line("time", "rss", source=source, line_color=RESIDENT, line_width=1.5))
        plot.line("time", "managed", source=source, line_color=RESULTS, line_dash="dashed", line_width=1.5)
    plot.add_tools(HoverTool(renderers=drawn_lines, tooltips=MEMORY_TIPS))
    return plot


def path_words(steps: xr.Dataset) -> str:
    """What the critical path spends its time on, the most first."""
    by_cause, whole = steps["by_cause"], float(steps["makespan"])
    order = np.argsort(-by_cause.values)
    share = METRICS["efficiency"].text
    parts = [f"{by_cause['cause'].values[n]} {share(by_cause.values[n] / whole)}" for n in order if by_cause.values[n]]
    return f"Critical path of {METRICS['seconds'].text(whole)}: {', '.join(parts)}"


def _lanes(drawn: Stream, task: Ints, worker: Ints) -> Ints:
    """The lane of each task, or the first of its worker where no lane computed it."""
    first = np.searchsorted(drawn.worker, np.arange(len(drawn.names)))
    of_task = np.append(drawn.of_task, -1)
    lanes = of_task[np.where(task < of_task.size, task, -1)]
    return np.where(lanes >= 0, lanes, np.minimum(first[worker], drawn.worker.size - 1))


def _texts(metric: str, values: NDArray[Any]) -> NDArray[np.object_]:
    return np.array([METRICS[metric].text(value) for value in values.tolist()], object)
