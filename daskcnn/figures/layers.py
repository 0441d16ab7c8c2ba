"""The layers of a run: their time and bytes, and their operations per second under the machine's roof."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from bokeh.layouts import column
from bokeh.models import (
    AdaptiveTicker,
    ColumnDataSource,
    Div,
    FixedTicker,
    HoverTool,
    LabelSet,
    LayoutDOM,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.plotting import figure

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.cells import cells
from daskcnn.figures.colours import colours
from daskcnn.figures.labels import STEPS, plain, short
from daskcnn.figures.layer_table import layer_table
from daskcnn.figures.notes import note
from daskcnn.metrics import METRICS
from daskcnn.quantity import quantity

MOST = 40
"""Layers that are drawn: those that took longest."""
NAMED = 12
"""Layers up to which names stand beside their points."""
INK = "#888888"
SIDES = {"bytes_in": ("in", "#4477AA"), "bytes_out": ("out", "#EE6677"), "bytes_received": ("received", "#228833")}
LABEL = {"text_baseline": "middle", "text_font_size": "12px"}
GIGA = 1e9
NO_RATES = "How many operations the tasks do is not known, so their rates are not drawn"
NO_ROOF = "No calibration of this machine in the store, so no roof is drawn: daskcnn calibrate measures it"


class Roof(NamedTuple):
    """What one thread of a machine can do at most; NaN where that is not known."""

    operations_per_s: float = np.nan
    """FLOP/s of a matrix product."""
    bandwidth: float = np.nan
    """B/s of its memory."""

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return bool(np.isfinite(self.operations_per_s))

    def at(self, intensity: float) -> float:
        """FLOP/s with so many operations for each byte."""
        return float(np.fmin(self.operations_per_s, intensity * self.bandwidth))


def layers(tree: xr.DataTree, repeat: int, roof: Roof) -> LayoutDOM:
    """Three figures and a table of the layers of one repeat.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    repeat : int
    roof : Roof
        Of the machine that it ran on.
    """
    found = layer_table(tree, repeat)
    longest = np.sort(np.argsort(-found["seconds"].values, kind="stable")[:MOST])
    shown = found.isel(layer=longest)
    left_out = found.sizes["layer"] - shown.sizes["layer"]
    about = [f"The {MOST} layers that took longest; {left_out:,} others are in the table only"] if left_out else []
    rate, band = METRICS["operations_per_s"].text(roof.operations_per_s), METRICS["bandwidth"].text(roof.bandwidth)
    known = bool((shown["operations_per_s"].values > 0).any())
    about.append(NO_RATES if not known else f"Roof of one thread: {rate}, {band}" if roof.known else NO_ROOF)
    figures = [times(shown), *([roofline(shown, roof)] if known else []), nbytes(shown)]
    return column(note("", *about), wrapped(figures, narrowest=380), layer_cells(found), sizing_mode="stretch_width")


def times(found: xr.Dataset) -> figure:
    """A bar a layer: the time that threads computed."""
    plot, places = _bars(found, "Compute time", "Time (s), over all threads")
    what = METRICS["seconds"]
    value = found["seconds"].values
    source = ColumnDataSource(
        {
            "place": places,
            "layer": found["layer"].values,
            "value": value,
            "text": [what.text(number) for number in value],
            "colour": list(_palette(found).values()),
        }
    )
    drawn = plot.hbar("place", left=0, right="value", height=0.7, line_width=0, color="colour", source=source)
    plot.add_layout(LabelSet(x="value", y="place", text="text", x_offset=5, source=source, **LABEL))
    plot.x_range = Range1d(0, 1.4 * float(np.max(value, initial=0)) or 1)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=[("layer", "@layer"), ("time", "@text")]))
    return plot


def nbytes(found: xr.Dataset) -> figure:
    """Bars a layer: bytes that its tasks read, gave, and got from other workers."""
    plot, places = _bars(found, "Bytes", "Bytes (B), of all tasks")
    drawn = []
    for number, (name, (label, colour)) in enumerate(SIDES.items()):
        value = found[name].values
        texts = [METRICS["bytes_moved"].text(number) for number in value]
        data = {"place": places + 0.26 * (number - 1), "layer": found["layer"].values, "value": value, "text": texts}
        source = ColumnDataSource(data | {"side": [label] * len(texts)})
        look = {"height": 0.24, "line_width": 0, "color": colour, "legend_label": label}
        drawn.append(plot.hbar("place", left=0, right="value", source=source, **look))
    plot.legend.orientation = "horizontal"
    plot.add_layout(plot.legend[0], "above")
    longest = np.nanmax(np.concatenate([[0], *(found[name].values for name in SIDES)]))
    plot.x_range = Range1d(0, 1.05 * float(longest) or 1)
    plot.xaxis.ticker = AdaptiveTicker(base=2, mantissas=[1], desired_num_ticks=3)
    plot.xaxis.formatter = NumeralTickFormatter(format="0 b")
    plot.add_tools(HoverTool(renderers=drawn, tooltips=[("layer", "@layer"), ("@side", "@text")]))
    return plot


def roofline(found: xr.Dataset, roof: Roof) -> figure:
    """Operations per second of a thread against operations per byte, under the roof.

    Source: Williams, Waterman and Patterson, "Roofline" (2009). Bytes are those of the tasks' inputs, results and
    parameters; the images, which are on the workers beforehand, are not among them.
    """
    known = found.isel(layer=(found["operations_per_s"].values > 0) & (found["intensity"].values > 0))
    x, y = known["intensity"].values, known["operations_per_s"].values
    plot = figure(
        title="Rate of a thread, and the roof",
        x_axis_label="Operations per byte (FLOP/B)",
        y_axis_label="Rate (GFLOP/s)",
        x_axis_type="log",
        y_axis_type="log",
        height=_height(found),
        tools="pan,wheel_zoom,reset,save",
        active_scroll=None,
        toolbar_location="above",
        sizing_mode="stretch_width",
    )
    plot.toolbar.logo = None
    plot.xaxis.ticker = plot.yaxis.ticker = FixedTicker(ticks=STEPS)
    plot.xaxis.formatter = plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[000]")
    palette = _palette(found)
    data = {
        "x": x,
        "y": y / GIGA,
        "layer": known["layer"].values,
        "label": [short(name) for name in known["layer"].values],
        "colour": [palette[name] for name in known["layer"].values],
        "text": [METRICS["operations_per_s"].text(value) for value in y],
        "share": [METRICS["operations_share"].text(rate / roof.at(at)) for at, rate in zip(x, y, strict=True)],
    }
    source = ColumnDataSource(data)
    if x.size and roof.known:
        ends = np.geomspace(x.min() / 3, 3 * x.max(), 60)
        plot.line(ends, [roof.at(at) / GIGA for at in ends], color=INK, line_width=2)
    drawn = plot.scatter("x", "y", size=11, color="colour", line_color=INK, source=source)
    if x.size <= NAMED:
        plot.add_layout(LabelSet(x="x", y="y", text="label", x_offset=8, source=source, **LABEL))
        plot.x_range.range_padding = 0.3
    tips = [("layer", "@layer"), ("rate", "@text"), ("operations per byte", "@x{0.00}"), ("of the roof", "@share")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tips))
    return plot


def layer_cells(found: xr.Dataset) -> Div:
    """All layers with all numbers."""
    head = ["Layer", *(str(column.attrs["long_name"]) for column in found.values())]
    units = [str(column.attrs.get("units", "")) for column in found.values()]
    columns = [column.values.tolist() for column in found.values()]
    rows = zip(found["layer"].values.tolist(), *columns, strict=True)
    texts = (
        [short(layer), *(short(quantity(*pair)) or "–" for pair in zip(own, units, strict=True))]
        for layer, *own in rows
    )
    return cells("Layers", head, texts)


def _bars(found: xr.Dataset, title: str, label: str) -> tuple[figure, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    places = np.arange(found.sizes["layer"])
    plot = figure(
        title=title,
        x_axis_label=label,
        y_range=Range1d(places.size - 0.4, -0.6),
        height=_height(found),
        toolbar_location=None,
        sizing_mode="stretch_width",
    )
    plot.yaxis.ticker = FixedTicker(ticks=places)
    plot.yaxis.major_label_overrides = {
        int(place): plain(name) for place, name in zip(places, found["layer"].values.tolist(), strict=True)
    }
    plot.ygrid.visible = False
    return plot, places


def _height(found: xr.Dataset) -> int:
    return max(300, 90 + 26 * found.sizes["layer"])


def _palette(found: xr.Dataset) -> dict[str, str]:
    return colours(found["layer"].values.tolist())
