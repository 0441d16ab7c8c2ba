"""The task graph: layered by depth, collapsed layer by layer and expandable, the critical path on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bokeh.plotting import figure
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET
from daskcnn.figures.graph.columns import PATH, columns
from daskcnn.figures.graph.key import keys
from daskcnn.figures.graph.layout import Ints, collapsed, layer_path, path, placed
from daskcnn.figures.graph.shades import Shades
from daskcnn.figures.graph.view import View, of_layers, of_tasks
from daskcnn.figures.notes import note
from daskcnn.quantity import many

FEW = 300
"""Tasks that are all shown at first; of more, one node a layer."""
ALL = 20_000
"""Tasks up to which a browser shows all at once in a moment."""
EXPAND = Path(__file__).with_name("expand.mjs")
RECOLOUR = """
nodes.glyph.fill_color = {field: this.value}
spans.glyph.line_color = {field: this.value}
for (const [field, key] of Object.entries(keys)) key.visible = field === this.value
"""
BY = {"by_layer": "layer", "by_owner": "owner", "by_cost": "cost"}
TOOLTIPS = [("", "@label"), ("layer", "@layer"), ("tasks", "@tasks{0,0}"), ("worker", "@worker")]
TOOLTIPS += [("bytes out", "@bytes_text"), ("cost", "@cost_text")]
AT_ONCE = 2
"""Tasks on one spot that are told."""
WIDTHS = {11: 0.25, 3.5: 1.0}
"""Of the critical path, and how much each covers: a line within a paler, broader one."""

LETTERS = "#737b88"
"""Of names: readable on light and on dark."""

Columns = Mapping[str, NDArray[Any]]
Sources = Mapping[str, ColumnDataSource]


def task_graph(graph: xr.Dataset, colour: str = "layer", title: str = "Task graph", most: int = ALL) -> LayoutDOM:
    """Tasks from left to right by depth; where there are many, a node a layer, which a click expands.

    Parameters
    ----------
    graph : xarray.Dataset
        `key`, `layer`, `owner`, `bytes`, `cost` (with its unit), `depth` and `critical` (on the critical path) along
        `task`, `reader` and `read` along `edge`; the attribute `placement`: whether owners are `given` or `assumed`.
    colour : str
        `layer`, `owner` or `cost`; a choice on the figure changes it.
    title : str
        What it is a graph of.
    most : int
        Tasks up to which each is kept, so that layers can be expanded; they take some 170 bytes each.
    """
    tasks = placed(graph.assign(tasks=("task", np.ones(graph.sizes["task"], int))))
    layers = collapsed(tasks)
    views = of_layers(layers, float(tasks["x"].max())), of_tasks(tasks)
    whole = tasks.sizes["task"] <= FEW
    shades = Shades.of(tasks["cost"].values, layers["cost"].values)
    data = [columns(own, shades, 1 + int(tasks["owner"].max())) for own in (layers, tasks)]
    steps = path(tasks) if whole else layer_path(tasks)
    sources = _sources(tasks if whole else layers, steps, data[whole], views[whole])
    field = next(name for name, of in BY.items() if of == colour)
    faint = float(np.clip(20 / np.sqrt(tasks.sizes["edge"] + 1), 0.1, 0.5))
    plot = _frame(views[whole], sources)
    nodes, spans = _drawn(plot, sources, field, faint, views[whole].angle)
    choose = Select(title="Colour", value=field, options=list(BY.items()), width=120)
    meant = keys(data[::-1], graph["cost"], shades, field)
    choose.js_on_change("value", CustomJS(args={"nodes": nodes, "spans": spans, "keys": meant}, code=RECOLOUR))
    controls: list[LayoutDOM] = [choose]
    if tasks.sizes["task"] <= most:
        plot.add_tools(TapTool(renderers=[nodes]))
        controls += _expandable(plot, tasks, data, sources, views, whole)
    above = note(title, *_about(tasks, whole, most)), row(controls), *meant.values()
    return column(*above, plot, sizing_mode="stretch_width")


def _frame(view: View, sources: Sources) -> figure:
    plot = figure(
        height=view.height,
        sizing_mode="stretch_width",
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_scroll=None,
        x_axis_label="Depth",
        x_range=DataRange1d(range_padding=0.0),
        y_range=DataRange1d(range_padding=0.02),
    )
    plot.xaxis.ticker = BasicTicker(min_interval=1, desired_num_ticks=10)
    plot.yaxis.visible = False
    plot.grid.visible = False
    # Nothing that is seen: ranges follow it.
    plot.quad("left", "right", "top", "bottom", source=sources["frame"], alpha=0)
    return plot


def _drawn(plot: figure, sources: Sources, field: str, faint: float, angle: float) -> tuple[Any, Any]:
    """Draw edges, the critical path above them, and nodes; the renderers of nodes and of the depths they span.

    The more edges, the fainter: a few hundred are lines, thousands a shade.
    """
    nodes = sources["nodes"]
    plot.segment("x0", "y0", "x1", "y1", source=sources["links"], line_color=QUIET, line_alpha=faint, name="edges")
    spans = plot.segment("first", "y", "last", "y", source=nodes, line_color=field, line_width=6, line_alpha=0.4)
    for width, alpha in WIDTHS.items():
        plot.line("x", "y", source=sources["line"], line_color=PATH, line_width=width, line_alpha=alpha, name="path")
    drawn = plot.scatter(
        "x", "y", size="size", fill_color=field, line_color="ring", line_width=2.5, source=nodes, name="nodes"
    )
    look = {"x_offset": 3, "y_offset": "lift", "text_font_size": "12px", "text_color": LETTERS}
    plot.text("x", "y", "text", source=sources["names"], angle=angle, **look)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=TOOLTIPS, limit=AT_ONCE))
    return drawn, spans


def _expandable(
    plot: figure,
    tasks: xr.Dataset,
    data: Sequence[Columns],
    sources: Sources,
    views: Sequence[View],
    whole: bool,
) -> list[LayoutDOM]:
    """Let clicks expand and collapse layers; buttons that do so with all."""
    sources["nodes"].tags = [list(range(data[0]["x"].size)) if whole else []]
    args: dict[str, Any] = {
        "layers": ColumnDataSource(data[0]),
        "tasks": ColumnDataSource(data[1]),
        "edges": ColumnDataSource({name: tasks[name].values for name in ("reader", "read")}),
        "chain": ColumnDataSource({"task": path(tasks)}),
        "views": [{"frame": view.frame, "names": view.names, "height": view.height} for view in views],
        "plot": plot,
        **sources,
    }
    sources["nodes"].selected.js_on_change("indices", CustomJS.from_file(EXPAND, **args, all=None))
    buttons: list[LayoutDOM] = []
    for label, everything in (("Expand all", True), ("Collapse all", False)):
        if not everything or tasks.sizes["task"] <= ALL:
            button = Button(label=label, width=110, align="end")
            button.js_on_click(CustomJS.from_file(EXPAND, **args, all=everything))
            buttons.append(button)
    return buttons


def _about(tasks: xr.Dataset, whole: bool, most: int) -> list[str]:
    count, edges = tasks.sizes["task"], tasks.sizes["edge"]
    size = f"{many(count, 'task')} in {many(len(np.unique(tasks['layer'])), 'layer')}, {many(edges, 'edge')}"
    lines = [f"{size}; from left to right by depth"]
    if count > most:
        lines.append(f"A node a layer: above {most:,} tasks a page cannot show each")
    elif not whole:
        lines.append("A node a layer; click one to see its tasks, or a task to see its layer again")
    if tasks.attrs.get("placement") == "assumed":
        lines.append("Owners are assumed: the workers that tasks would probably come to")
    return lines


def _sources(shown: xr.Dataset, steps: Ints, nodes: Columns, view: View) -> Sources:
    x, y = shown["x"].values, shown["y"].values
    read, reader = shown["read"].values, shown["reader"].values
    edges = shown["edges"].values if "edges" in shown else np.ones(read.size, int)
    found: dict[str, Any] = {
        "nodes": nodes,
        "links": {"x0": x[read], "y0": y[read], "x1": x[reader], "y1": y[reader], "edges": edges},
        "line": {"x": x[steps], "y": y[steps]},
        "frame": view.frame,
        "names": view.names,
    }
    return {name: ColumnDataSource(own) for name, own in found.items()}
