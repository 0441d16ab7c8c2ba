"""The task stream of a run: what every thread of every worker did when, and why it did nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, CustomJS, FixedTicker, HoverTool, LayoutDOM, Range1d, Select, Toggle
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import CAUSES, colours
from daskcnn.figures.labels import plain, short
from daskcnn.figures.merged import Bars, merged
from daskcnn.figures.notes import key, note
from daskcnn.figures.overlays import arrows, critical, path_words, strip
from daskcnn.figures.settings import menu, on_demand, served, toggle
from daskcnn.figures.stream import COMPUTE, KINDS, Stream, stream
from daskcnn.figures.window import Window
from daskcnn.metrics import METRICS

TASK, IDLE = 0.9, 0.4
"""Heights of what a thread computes, and of what it does otherwise, where a lane is 1."""
LANE, LOW, HIGH = 40, 150, 720
"""Pixels of a lane where there are few, and of the whole at least and at most."""
MOST = 12_000
"""Bars that are drawn in about."""
WRAP = {"flex-wrap": "wrap", "align-items": "center"}
COLOUR = """
glyph.fill_color = glyph.line_color = {field: `by_${this.value}`}
layers.visible = this.value === "layer"
"""
BY = (("layer", "Colour by layer"), ("cause", "Colour by cause"))
TIMES = [("start", "@start{0.000000} s"), ("lasts", "@lasts")]
TASK_TIPS = [
    ("", "@what"),
    ("layer", "@layer"),
    ("block", "@block"),
    ("worker", "@worker"),
    *TIMES,
    ("bytes", "@bytes"),
]
IDLE_TIPS = [("", "@what"), ("worker", "@worker"), *TIMES]
MERGED = "Where pieces are shorter than a pixel, neighbours are one bar, in the colour of what takes most of its time"
FIXED = "; in this file they stay so, daskcnn dashboard tells them apart when it is zoomed into"


def middle_repeat(tree: xr.DataTree) -> int:
    """The repeat whose time is the median, or just below it."""
    seconds = tree["metrics"].dataset["seconds"]
    return int(seconds["repeat"].values[np.argsort(seconds.values)[(seconds.size - 1) // 2]])


def task_stream(tree: xr.DataTree, repeat: int, intervals: xr.Dataset, path: Callable[[], xr.Dataset]) -> LayoutDOM:
    """What each thread did in one repeat, with transfers, critical path and memory on demand.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    repeat : int
    intervals : xarray.Dataset
        Of that repeat, as `daskcnn.blame.intervals` gives them.
    path : callable
        Gives what `daskcnn.blame.critical_path` does for that repeat, once it is asked for.
    """
    drawn = stream(tree, repeat, intervals)
    plot = frame(drawn)
    window = Window(plot, MOST / drawn.worker.size)
    controls = [
        menu("colour", "", BY, width=150),
        toggle("idle", "Why threads are idle", True),
        toggle("transfers", "Transfers"),
        toggle("path", "Critical path"),
        toggle("memory", "Memory", True),
    ]
    colour, why, sent, critical_path, held = controls
    keys = _bars(plot, window, drawn, colour, why)
    said = note("")

    def moved() -> list[Any]:
        rows = tree["trace/transfers"].to_dataset()
        line, view = arrows(plot, drawn, rows.isel(transfer=rows["repeat"].values == repeat))
        window.follow(view)
        return [line]

    def chained() -> list[Any]:
        steps = path()
        line, view = critical(plot, drawn, steps)
        window.follow(view)
        said.text = note("", path_words(steps)).text
        return [line, said]

    memory = strip(tree, drawn, plot.x_range)
    on_demand(sent, moved)
    on_demand(critical_path, chained)
    on_demand(held, lambda: [memory])
    return column(row(controls, styles=WRAP), *keys, said, plot, memory, sizing_mode="stretch_width")


def _bars(plot: figure, window: Window, drawn: Stream, colour: Select, why: Toggle) -> list[LayoutDOM]:
    """Draw the bars, and give what their colours mean."""
    tasks, idle = ColumnDataSource(), ColumnDataSource()
    bars = _hbar(plot, tasks, TASK, f"by_{colour.value}", TASK_TIPS)
    waits = _hbar(plot, idle, IDLE, "by_cause", IDLE_TIPS)

    def view(begin: float, end: float, pixel: float) -> None:
        tasks.data, idle.data = columns(drawn, merged(drawn.pieces, begin, end, pixel))

    window.follow(view)
    found = [KINDS[kind] for kind in np.unique(drawn.pieces.kind)]
    layers = key([("■", hue, short(name)) for name, hue in colours(drawn.layers).items()])
    causes = key([("■" if name == KINDS[COMPUTE] else "▬", CAUSES[name], name) for name in found])
    colour.js_on_change("value", CustomJS(args={"glyph": bars.glyph, "layers": layers}, code=COLOUR))
    layers.visible = colour.value == "layer"
    waits.visible = why.active
    why.js_link("active", waits, "visible")
    return [layers, causes, note("", MERGED + ("" if served() else FIXED))]


def _hbar(plot: figure, source: ColumnDataSource, height: float, field: str, tips: list[tuple[str, str]]) -> Any:
    bars = plot.hbar("y", left="start", right="stop", height=height, color=field, line_width=0.5, source=source)
    plot.add_tools(HoverTool(renderers=[bars], tooltips=tips))
    return bars


def frame(drawn: Stream) -> figure:
    """An empty figure with a row for each lane, named by worker."""
    lanes = drawn.lane
    height = int(np.clip(100 + LANE * lanes[-1], LOW, HIGH))
    plot = figure(
        x_axis_label="Time (s)",
        x_range=Range1d(0, drawn.seconds, bounds=(-0.02 * drawn.seconds, 1.02 * drawn.seconds)),
        y_range=Range1d(lanes[-1] + 0.7, -0.2),
        height=height,
        sizing_mode="stretch_width",
        tools="xpan,xwheel_zoom,xbox_zoom,xzoom_in,xzoom_out,reset,save",
        active_scroll=None,
        toolbar_location="above",
    )
    plot.toolbar.logo = None
    middle = np.bincount(drawn.worker, lanes) / np.bincount(drawn.worker)
    # Names that would lie on each other are left out.
    apart = max(1, int(np.ceil(14 * middle.size / height)))
    plot.yaxis.ticker = FixedTicker(ticks=middle[::apart])
    plot.yaxis.major_label_overrides = {
        at: plain(name) for at, name in zip(middle[::apart], drawn.names[::apart], strict=True)
    }
    plot.ygrid.visible = False
    return plot


def columns(drawn: Stream, bars: Bars) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is drawn of bars: of those that mostly compute, and of the others."""
    task, single = drawn.task[bars.longest], bars.count == 1
    own = bars.kind == COMPUTE
    keys = np.where(task >= 0, drawn.tasks["key"].values[task], "").tolist()
    whats = zip(own.tolist(), bars.kind.tolist(), keys, bars.count.tolist(), bars.share.tolist(), strict=True)
    every = {
        "y": drawn.lane[bars.lane],
        "start": bars.start,
        "stop": bars.stop,
        "lasts": _texts("seconds", bars.stop - bars.start),
        "worker": np.array(drawn.names, object)[drawn.worker[bars.lane]],
        "by_cause": np.array(list(CAUSES.values()), object)[bars.kind],
        "what": np.array([_what(*what) for what in whats], object),
    }
    palette = colours(drawn.layers)
    more = {
        "layer": np.array(drawn.layers, object)[bars.part[own]],
        "by_layer": np.array([palette[name] for name in drawn.layers], object)[bars.part[own]],
        "block": np.where(single[own], drawn.tasks["block"].values[task[own]], "several"),
        "bytes": np.where(single[own], _texts("bytes_moved", drawn.tasks["bytes"].values[task[own]]), "–"),
    }
    return {name: values[own] for name, values in every.items()} | more, {
        name: values[~own] for name, values in every.items()
    }


def _what(own: bool, kind: int, key: str, count: int, share: float) -> str:
    """What a bar is, in words."""
    if count == 1:
        return key if own else f"{KINDS[kind]}, {key}" if key else KINDS[kind]
    if own:
        return f"{key}, the longest of {count:,} pieces; {100 * share:.0f} % is computing"
    return f"{KINDS[kind]}: {100 * share:.0f} % of {count:,} pieces"


def _texts(metric: str, values: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.array([METRICS[metric].text(value) for value in values.tolist()], object)
