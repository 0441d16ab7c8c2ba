"""The task graph: layered by depth, collapsed layer by layer and expandable, the critical path on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from bokeh.layouts import column, row
from bokeh.models import (
    BasicTicker,
    Button,
    ColumnDataSource,
    CustomJS,
    DataRange1d,
    HoverTool,
    LayoutDOM,
    Select,
    TapTool,
)
from bokeh.palettes import Viridis256
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET, colours
from daskcnn.figures.graph_key import keys, text
from daskcnn.figures.graph_layout import collapsed, path, placed
from daskcnn.figures.labels import short
from daskcnn.figures.notes import note
from daskcnn.metrics import METRICS

FEW = 300
"""Tasks that are all shown at first; of more, one node a layer."""
MANY = 20_000
"""Tasks up to which a browser keeps all of them, so that layers can be expanded."""
EXPAND = Path(__file__).with_name("expand.mjs")
RECOLOUR = """
nodes.glyph.fill_color = {field: this.value}
nodes.glyph.line_color = {field: this.value}
for (const [field, key] of Object.entries(keys)) key.visible = field === this.value
"""
BY = {"by_layer": "layer", "by_owner": "owner", "by_cost": "cost"}
TOOLTIPS = [("", "@label"), ("layer", "@layer"), ("tasks", "@tasks{0,0}"), ("worker", "@worker")]
TOOLTIPS += [("bytes out", "@bytes_text"), ("cost", "@cost_text")]
PATH = "#d62728"
TILT = 0.4
CAPTIONS = 60
"""Layers up to which each has its name beside it."""


def task_graph(graph: xr.Dataset, colour: str = "layer") -> LayoutDOM:
    """Tasks from left to right by depth; where there are many, a node a layer, which a click expands.

    Parameters
    ----------
    graph : xarray.Dataset
        `key`, `layer`, `owner`, `bytes`, `cost` (with its unit), `depth` and `critical` (on the critical path) along
        `task`, `reader` and `read` along `edge`.
    colour : str
        `layer`, `owner` or `cost`; a choice on the figure changes it.
    """
    tasks = placed(graph.assign(tasks=("task", np.ones(graph.sizes["task"], int))))
    layers = collapsed(tasks)
    whole = tasks.sizes["task"] <= FEW
    kept = tasks.sizes["task"] <= MANY
    nodes, links, line = _sources(tasks if whole else layers)
    field = next(name for name, of in BY.items() if of == colour)
    plot = _frame(tasks, whole)
    # The more edges, the fainter: a few hundred are lines, thousands a shade.
    faint = float(np.clip(20 / np.sqrt(tasks.sizes["edge"] + 1), 0.1, 0.5))
    plot.segment("x0", "y0", "x1", "y1", source=links, line_color=QUIET, line_alpha=faint)
    plot.line("x", "y", source=line, line_color=PATH, line_width=3, line_alpha=0.7, legend_label="critical path")
    drawn = plot.scatter("x", "y", size="size", fill_color=field, line_color=field, source=nodes)
    plot.text("x", "y", "caption", source=nodes, x_offset=8, y_offset=-8, angle=TILT, text_font_size="11px")
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=TOOLTIPS))
    choose = Select(title="Colour", value=field, options=list(BY.items()), width=120)
    meant = keys(columns(tasks), graph["cost"], field)
    choose.js_on_change("value", CustomJS(args={"nodes": drawn, "keys": meant}, code=RECOLOUR))
    controls: list[LayoutDOM] = [choose]
    if kept:
        plot.add_tools(TapTool(renderers=[drawn]))
        controls += _expandable(tasks, layers, nodes, links, line, whole)
    above = (note("Task graph", *_about(tasks, whole, kept)), row(controls), *meant.values())
    return column(*above, plot, sizing_mode="stretch_width")


def _expandable(
    tasks: xr.Dataset,
    layers: xr.Dataset,
    nodes: ColumnDataSource,
    links: ColumnDataSource,
    line: ColumnDataSource,
    whole: bool,
) -> list[LayoutDOM]:
    nodes.tags = [list(range(layers.sizes["task"])) if whole else []]
    args: dict[str, Any] = {
        "tasks": ColumnDataSource(columns(tasks)),
        "layers": ColumnDataSource(columns(layers)),
        "edges": ColumnDataSource({name: tasks[name].values for name in ("reader", "read")}),
        "chain": ColumnDataSource({"task": path(tasks)}),
        "nodes": nodes,
        "links": links,
        "line": line,
    }
    nodes.selected.js_on_change("indices", CustomJS.from_file(EXPAND, **args, all=None))
    buttons: list[LayoutDOM] = []
    for label, everything in (("Expand all", True), ("Collapse all", False)):
        button = Button(label=label, width=110, align="end")
        button.js_on_click(CustomJS.from_file(EXPAND, **args, all=everything))
        buttons.append(button)
    return buttons


def _about(tasks: xr.Dataset, whole: bool, kept: bool) -> list[str]:
    count, layers = tasks.sizes["task"], len(np.unique(tasks["layer"]))
    lines = [f"{count:,} tasks in {layers:,} layers, {tasks.sizes['edge']:,} edges; from left to right by depth"]
    if not kept:
        lines.append(f"A node a layer: above {MANY:,} tasks a page cannot show each")
    elif not whole:
        lines.append("A node a layer; click one to see its tasks, or a task to see its layer again")
    return lines


def _frame(tasks: xr.Dataset, whole: bool) -> figure:
    rows = float(np.ptp(tasks["y"].values)) if whole and tasks.sizes["task"] else 16.0
    plot = figure(
        height=int(np.clip(160 + 22 * rows, 260, 720)),
        sizing_mode="stretch_width",
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_scroll=None,
        x_axis_label="Depth",
        # Names of layers stand above their nodes.
        y_range=DataRange1d(range_padding=0.1 if whole else 0.4),
    )
    plot.xaxis.ticker = BasicTicker(min_interval=1)
    plot.yaxis.visible = False
    plot.grid.visible = False
    return plot


def _sources(shown: xr.Dataset) -> tuple[ColumnDataSource, ColumnDataSource, ColumnDataSource]:
    x, y = shown["x"].values, shown["y"].values
    read, reader = shown["read"].values, shown["reader"].values
    edges = shown["edges"].values if "edges" in shown else np.ones(read.size, int)
    links = {"x0": x[read], "y0": y[read], "x1": x[reader], "y1": y[reader], "edges": edges}
    steps = path(shown)
    return ColumnDataSource(columns(shown)), ColumnDataSource(links), ColumnDataSource({"x": x[steps], "y": y[steps]})


def columns(shown: xr.Dataset) -> dict[str, NDArray[Any]]:
    """What is drawn of each node: its place, size, words, and a colour for each way of colouring."""
    layer, owner, cost = (shown[name].values for name in ("layer", "owner", "cost"))
    names, code = np.unique(layer, return_inverse=True)
    workers = np.where(owner < 0, "several or unknown", owner.astype(str))
    layers, lanes = colours(names.tolist()), colours(np.unique(workers).tolist())
    many = shown["tasks"].values > 1
    return {
        "x": shown["x"].values,
        "y": shown["y"].values,
        "code": code,
        "layer": layer,
        "caption": np.where(many & (len(names) <= CAPTIONS), [short(name) for name in layer], ""),
        "label": np.where(many, "a layer", shown["key"].values.astype(str)),
        "tasks": shown["tasks"].values,
        "worker": workers,
        "bytes_text": np.array([METRICS["bytes_moved"].text(value) for value in shown["bytes"].values], str),
        "cost_text": np.array([text(value, shown["cost"]) for value in cost], str),
        "size": np.where(many, 12 + 4 * np.log10(np.maximum(shown["tasks"].values, 1)), 9.0),
        "by_layer": np.array([layers[name] for name in layer], str),
        "by_owner": np.array([lanes[name] for name in workers], str),
        "by_cost": _shades(cost),
    }


def _shades(cost: NDArray[np.float64]) -> NDArray[np.str_]:
    """Dark for the cheapest, bright for the dearest; grey where a cost is unknown."""
    known = np.isfinite(cost)
    top = np.max(cost[known], initial=0.0)
    place = np.zeros(cost.size, int)
    place[known] = (255 * cost[known] / top).astype(int) if top else 0
    return np.where(known, np.array(Viridis256)[place], QUIET)
