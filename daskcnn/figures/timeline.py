"""What ran when: the task stream of a run."""

from typing import Any

import numpy as np
import xarray as xr
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Legend, Range1d
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET, colours
from daskcnn.figures.labels import plain, short
from daskcnn.metrics import METRICS

LANE, RECEIVES, GAP = 1.0, 0.35, 0.3
"""Heights: a thread, the transfers beneath a worker's threads, and the space between workers."""
HOVER = {"start": "@start{0.0000} s", "duration": "@duration{0.000} ms", "bytes": "@nbytes{0.0 b}"}


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
    trace = {name: node.to_dataset() for name, node in tree["trace"].children.items()}
    tasks = trace["tasks"].isel(task=trace["tasks"]["repeat"].values == repeat)
    transfers = trace["transfers"].isel(transfer=trace["transfers"]["repeat"].values == repeat)
    tasks, transfers = tasks.sortby("start"), transfers.sortby("start")
    zero = min(np.r_[tasks["start"].values[:1], transfers["start"].values[:1]], default=0.0)
    names = np.array([_named(name) for name in trace["workers"]["name"].values], dtype=object)
    rank, threads = _lanes(tasks["worker"].values, tasks["thread"].values, len(names))
    top = np.r_[0, np.cumsum(threads * LANE + RECEIVES + GAP)]
    layers = tasks["layer"].values
    legend = 100 + 18 * len(np.unique(layers))
    plot = figure(
        height=int(np.clip(110 + 44 * top[-1], legend, 900)),
        y_range=Range1d(start=top[-1], end=0),
        tools="xpan,xwheel_zoom,xbox_zoom,reset,save",
        active_scroll=None,
        toolbar_location="above",
        sizing_mode="stretch_width",
        title=f"Repeat {repeat}",
        x_axis_label=METRICS["seconds"].title,
    )
    plot.add_layout(Legend(click_policy="hide"), "right")

    lane = top[tasks["worker"].values] + (rank + 0.5) * LANE
    columns = _columns(tasks, zero) | {
        "y": lane,
        "worker": names[tasks["worker"].values],
        "block": tasks["block"].values,
    }
    drawn = []
    for layer, colour in colours(layers.tolist()).items():
        source = ColumnDataSource({name: values[layers == layer] for name, values in columns.items()})
        drawn.append(_draw(plot, source, 0.86 * LANE, colour, legend_label=short(layer)))
    of_task = [("key", "@key"), ("layer", "@layer"), ("block", "@block"), ("worker", "@worker"), *HOVER.items()]
    plot.add_tools(HoverTool(renderers=drawn, tooltips=of_task))

    if transfers.sizes["transfer"]:
        to = transfers["destination"].values
        columns = _columns(transfers, zero) | {"y": top[to] + threads[to] * LANE + RECEIVES / 2}
        columns |= {"source": names[transfers["source"].values], "destination": names[to]}
        received = _draw(plot, ColumnDataSource(columns), RECEIVES, QUIET, legend_label="received")
        of_transfer = [("key", "@key"), ("from", "@source"), ("to", "@destination"), *HOVER.items()]
        plot.add_tools(HoverTool(renderers=[received], tooltips=of_transfer))

    middle = top[:-1] + threads * LANE / 2
    plot.yaxis.ticker = FixedTicker(ticks=middle)
    plot.yaxis.major_label_overrides = {at: plain(name) for at, name in zip(middle, names, strict=True)}
    plot.ygrid.visible = False
    return plot


def _lanes(
    worker: NDArray[np.int64], thread: NDArray[np.int64], workers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each task's thread among those of its worker, and how many each worker has (1 if idle)."""
    pairs, which = np.unique(np.stack([worker, thread]), axis=1, return_inverse=True)
    place = np.arange(pairs.shape[1]) - np.searchsorted(pairs[0], pairs[0])
    return place[which], np.maximum(np.bincount(pairs[0], minlength=workers), 1)


def _columns(rows: xr.Dataset, zero: float) -> dict[str, NDArray[Any]]:
    start, stop = rows["start"].values - zero, rows["stop"].values - zero
    times = {"start": start, "stop": stop, "duration": 1000 * (stop - start)}
    return times | {name: rows[name].values for name in ("key", "layer", "nbytes") if name in rows}


def _draw(plot: figure, source: ColumnDataSource, height: float, colour: str, **look: Any) -> Any:
    # The outline shows what is too short for a filling.
    look |= {"fill_color": colour, "fill_alpha": 0.8, "line_color": colour}
    return plot.hbar("y", left="start", right="stop", height=height, source=source, **look)


def _named(worker: str) -> str:
    return f"worker {worker}" if worker.isdecimal() else worker
