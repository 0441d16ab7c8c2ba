"""Who sends whom how much, and what for: planned against measured."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xarray as xr
from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    Div,
    FixedTicker,
    HoverTool,
    LayoutDOM,
    LinearColorMapper,
    Range1d,
    Select,
    Span,
)
from bokeh.palettes import Blues256
from bokeh.plotting import figure

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.cells import cells
from daskcnn.figures.exchanges import BETWEEN, INSIDE, between, measured, planned, sides
from daskcnn.figures.labels import plain, short, workers_of
from daskcnn.metrics import METRICS

ALL = "all"
NUMBERS = 10
"""Workers up to which bytes are written into the squares, and all pairs have one."""
SHADES = Blues256[255:90:-1]
"""None is too dark for black letters."""
CHOOSE = """
const most = Math.max(...sources.map((source) => source.data[`bytes${this.value}`].reduce((a, b) => Math.max(a, b), 0)))
scale.high = Math.max(1, most)
for (const source of sources) {
  const shown = source.data[`bytes${this.value}`], text = source.data[`text${this.value}`]
  source.data = {...source.data, shown, text}
}
"""
HEAD = ("Exchange", "Planned", "Measured", "Transfers planned", "Transfers measured", "Time of receiving", "Bandwidth")


def communication(tree: xr.DataTree, repeat: int) -> LayoutDOM:
    """Matrices of bytes from worker to worker, planned and measured, of a kind of exchange that is chosen, and a table.

    Where workers are on several nodes, lines part those of one from those of the next.

    Parameters
    ----------
    tree : xarray.DataTree
        A run; where it has no plan, what was measured stands alone.
    repeat : int
        Which repeat was measured.
    """
    known = {"graph", "plan"} <= tree.children.keys()
    rows = {"Planned": planned(tree)} if known else {}
    rows["Measured"] = measured(tree.children["trace"], repeat, rows.get("Planned"))
    kinds = [ALL, *sorted({kind for own in rows.values() for kind in own["kind"].values.tolist()})]
    node = tree["trace/workers"].dataset["node"].values.tolist()
    if len({*node}) > 1:
        rows, kinds = {what: sides(own, node) for what, own in rows.items()}, [*kinds, INSIDE, BETWEEN]
    return column(matrices(rows, kinds, workers_of(tree), node), sums(rows, kinds), sizing_mode="stretch_width")


def sums(rows: dict[str, xr.Dataset], kinds: Sequence[str]) -> Div:
    """A table with a row for each kind of exchange."""
    lines = []
    for kind in kinds:
        own = _of_kind(rows["Measured"], kind)
        plan = _of_kind(rows["Planned"], kind) if "Planned" in rows else None
        size, seconds = float(own["bytes"].sum()), float(own["seconds"].sum())
        ends = [METRICS["seconds"].text(seconds), METRICS["bandwidth"].text(size / seconds if seconds else np.nan)]
        sizes = [_bytes(float(plan["bytes"].sum())) if plan is not None else "–", _bytes(size)]
        counts = [f"{part.sizes['transfer']:,}" if part is not None else "–" for part in (plan, own)]
        lines.append([short(kind), *sizes, *counts, *ends])
    about = "Time of receiving: of all transfers together, though several may go on at once"
    return cells("By exchange" if "Planned" in rows else "By the layer that reads it", HEAD, lines, about)


def matrices(rows: dict[str, xr.Dataset], kinds: Sequence[str], names: Sequence[str], node: Sequence[str]) -> LayoutDOM:
    """A matrix for what was planned and one for what was measured, on one scale."""
    scale = LinearColorMapper(palette=SHADES, low=0, low_color="#ffffff", high=1)
    sources = [_source(own, kinds, names) for own in rows.values()]
    scale.high = max(1.0, *(float(source.data["shown"].max(initial=0)) for source in sources))
    plots = [_matrix(what, source, names, node, scale) for what, source in zip(rows, sources, strict=True)]
    options = [(str(place), short(kind)) for place, kind in enumerate(kinds)]
    choose = Select(name="exchange", title="Exchange", value="0", options=options, width=200)
    choose.js_on_change("value", CustomJS(args={"sources": sources, "scale": scale}, code=CHOOSE))
    return column(choose, wrapped(plots), sizing_mode="stretch_width")


def _source(rows: xr.Dataset, kinds: Sequence[str], names: Sequence[str]) -> ColumnDataSource:
    """A row a pair of workers, of many only those that something passes between."""
    count = len(names)
    sizes = np.array([between(_of_kind(rows, kind), count).ravel() for kind in kinds])
    kept = np.flatnonzero((sizes[0] > 0) | (count <= NUMBERS))
    source, to = np.divmod(kept, count)
    data = {"x": to, "y": source, "source": np.array(names)[source], "destination": np.array(names)[to]}
    for place, size in enumerate(sizes[:, kept]):
        data |= {f"bytes{place}": size, f"text{place}": np.array([_bytes(value) if value else "" for value in size])}
    return ColumnDataSource(data | {"shown": data["bytes0"], "text": data["text0"]})


def _matrix(
    what: str, source: ColumnDataSource, names: Sequence[str], node: Sequence[str], scale: LinearColorMapper
) -> figure:
    count = len(names)
    plot = figure(
        title=f"{what}: bytes from row to column",
        x_range=Range1d(-0.5, count - 0.5),
        y_range=Range1d(count - 0.5, -0.5),
        height=int(np.clip(140 + 44 * count, 200, 560)),
        x_axis_label="Receiving",
        y_axis_label="Sending",
        tools="reset,save",
        toolbar_location="above",
        sizing_mode="stretch_width",
    )
    plot.toolbar.logo = None
    colour = {"field": "shown", "transform": scale}
    drawn = plot.rect("x", "y", 0.96, 0.94, fill_color=colour, line_color="#d1d5db", source=source)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=[("from", "@source"), ("to", "@destination"), ("", "@text")]))
    if count <= NUMBERS:
        look = {"text_align": "center", "text_baseline": "middle", "text_font_size": "11px", "text_color": "#111827"}
        plot.text("x", "y", "text", source=source, **look)
    every = list(range(0, count, -(-count // 32)))
    for axis in (*plot.xaxis, *plot.yaxis):
        axis.ticker = FixedTicker(ticks=every)
        axis.major_label_overrides = {place: plain(names[place]) for place in every}
    if count > NUMBERS // 2:
        plot.xaxis.major_label_orientation = 0.9
    for place in (place for place, (one, other) in enumerate(pairwise(node)) if one != other):
        for dimension in ("width", "height"):
            plot.add_layout(Span(location=place + 0.5, dimension=dimension, line_color="#4b5563", line_width=2))
    plot.grid.visible = False
    return plot


def _of_kind(rows: xr.Dataset, kind: str) -> xr.Dataset:
    if kind == ALL:
        return rows
    return rows.isel(transfer=rows["side" if kind in (INSIDE, BETWEEN) else "kind"].values == kind)


def _bytes(value: float) -> str:
    return METRICS["bytes_moved"].text(value)
