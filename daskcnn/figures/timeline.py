"""What ran when: the task stream of a run."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from bokeh.models import ColumnDataSource, FixedTicker, GlyphRenderer, HoverTool, Legend, Range1d
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET, colours
from daskcnn.figures.labels import plain, short
from daskcnn.metrics import METRICS

Array = NDArray[np.int64]

THREAD, RECEIVES, GAP = 1.0, 0.35, 0.3
"""Heights: a thread, the transfers beneath a worker's threads, and the space between workers."""
PIXELS = 44
HOVER = [("start", "@start{0.0000} s"), ("duration", "@duration{0.000} ms"), ("bytes", "@nbytes{0.0 b}")]


@dataclass(frozen=True)
class Lanes:
    """Where workers are drawn, from the top down."""

    names: NDArray[np.object_]
    """(worker,)"""
    threads: NDArray[np.int64]
    """(worker,) How many have run a task; 1 of a worker that ran none."""

    @property
    def top(self) -> NDArray[np.float64]:
        """(worker + 1,) Where each begins, and where the last one ends."""
        return np.concatenate([[0.0], np.cumsum(self.threads * THREAD + RECEIVES + GAP)])


def middle_repeat(tree: xr.DataTree) -> int:
    """The repeat whose time is the median, or just below it."""
    seconds = tree["metrics"].dataset["seconds"]
    return int(seconds["repeat"].values[np.argsort(seconds.values)[(seconds.size - 1) // 2]])


def task_stream(tree: xr.DataTree, repeat: int) -> figure:
    """Every task and every transfer of one repeat, by worker and thread, coloured by layer.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    repeat : int
        Which repeat; its first task or transfer starts at 0 s.
    """
    tasks, transfers = (_of_repeat(tree[f"trace/{node}"].to_dataset(), repeat) for node in ("tasks", "transfers"))
    zero = min(np.r_[tasks["start"].values[:1], transfers["start"].values[:1]], default=0.0)
    workers = tree["trace/workers"].dataset["name"].values
    names = np.array([f"worker {name}" if name.isdecimal() else name for name in workers], dtype=object)
    place, threads = _threads(tasks["worker"].values, tasks["thread"].values, len(names))
    lanes = Lanes(names, threads)
    plot = _frame(lanes, f"Repeat {repeat}", len(np.unique(tasks["layer"])))
    _draw_tasks(plot, tasks, zero, lanes, place)
    if transfers.sizes["transfer"]:
        _draw_transfers(plot, transfers, zero, lanes)
    return plot


def _of_repeat(rows: xr.Dataset, repeat: int) -> xr.Dataset:
    (along,) = rows["repeat"].dims
    return rows.isel({along: rows["repeat"].values == repeat}).sortby("start")


def _threads(worker: Array, thread: Array, workers: int) -> tuple[Array, Array]:
    """The place of each task's thread among those of its worker, and how many each worker has."""
    pairs, which = np.unique(np.stack([worker, thread]), axis=1, return_inverse=True)
    place = np.arange(pairs.shape[1]) - np.searchsorted(pairs[0], pairs[0])
    return place[which], np.maximum(np.bincount(pairs[0], minlength=workers), 1)


def _frame(lanes: Lanes, title: str, layers: int) -> figure:
    top = lanes.top
    plot = figure(
        title=title,
        x_axis_label=METRICS["seconds"].title,
        y_range=Range1d(start=top[-1], end=0),
        height=int(np.clip(110 + PIXELS * top[-1], 100 + 18 * layers, 900)),
        sizing_mode="stretch_width",
        tools="xpan,xwheel_zoom,xbox_zoom,reset,save",
        active_scroll=None,
        toolbar_location="above",
    )
    plot.add_layout(Legend(click_policy="hide"), "right")
    middle = top[:-1] + lanes.threads * THREAD / 2
    plot.yaxis.ticker = FixedTicker(ticks=middle)
    plot.yaxis.major_label_overrides = {at: plain(name) for at, name in zip(middle, lanes.names, strict=True)}
    plot.ygrid.visible = False
    return plot


def _draw_tasks(plot: figure, tasks: xr.Dataset, zero: float, lanes: Lanes, place: Array) -> None:
    worker, layers = tasks["worker"].values, tasks["layer"].values
    columns = _columns(tasks, zero) | {"worker": lanes.names[worker], "block": tasks["block"].values}
    columns |= {"y": lanes.top[worker] + (place + 0.5) * THREAD}
    drawn = []
    for layer, colour in colours(layers.tolist()).items():
        rows = {name: values[layers == layer] for name, values in columns.items()}
        drawn.append(_draw(plot, rows, 0.86 * THREAD, colour, short(layer)))
    shown = [("key", "@key"), ("layer", "@layer"), ("block", "@block"), ("worker", "@worker"), *HOVER]
    plot.add_tools(HoverTool(renderers=drawn, tooltips=shown))


def _draw_transfers(plot: figure, transfers: xr.Dataset, zero: float, lanes: Lanes) -> None:
    source, to = transfers["source"].values, transfers["destination"].values
    columns = _columns(transfers, zero) | {"source": lanes.names[source], "destination": lanes.names[to]}
    columns |= {"y": lanes.top[to] + lanes.threads[to] * THREAD + RECEIVES / 2}
    drawn = _draw(plot, columns, RECEIVES, QUIET, "received")
    shown = [("key", "@key"), ("from", "@source"), ("to", "@destination"), *HOVER]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=shown))


def _columns(rows: xr.Dataset, zero: float) -> dict[str, NDArray[Any]]:
    start, stop = rows["start"].values - zero, rows["stop"].values - zero
    times = {"start": start, "stop": stop, "duration": 1000 * (stop - start)}
    return times | {name: rows[name].values for name in ("key", "layer", "nbytes") if name in rows}


def _draw(plot: figure, rows: dict[str, NDArray[Any]], height: float, colour: str, label: str) -> GlyphRenderer:
    return plot.hbar(
        "y",
        left="start",
        right="stop",
        height=height,
        fill_color=colour,
        fill_alpha=0.8,
        line_color=colour,  # the outline shows what is too short for a filling
        legend_label=label,
        source=ColumnDataSource(rows),
    )
