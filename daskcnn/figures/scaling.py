"""What more workers bring: curves against their number, measured, ideal and fitted."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from bokeh.models import ColumnDataSource, Div, FixedTicker, GlyphRenderer, HoverTool, LayoutDOM, NumeralTickFormatter
from bokeh.plotting import figure

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.cells import cells
from daskcnn.figures.colours import QUIET, colours
from daskcnn.figures.comparison import BETTER
from daskcnn.figures.labels import STEPS, short
from daskcnn.figures.notes import key
from daskcnn.metrics import METRICS

SHOWN = ("seconds", "speedup", "efficiency", "images_per_s", "incremental_speedup", "scaling_loss")
MARKS = ("circle", "square", "triangle", "diamond", "inverted_triangle", "hex", "star", "plus")
GLYPHS = ("●", "■", "▲", "◆", "▼", "⬢", "★", "✚")
DASHES = {"amdahl": "dashed", "gustafson": "dotdash", "usl": "dotted"}
LAWS = {"amdahl": "Amdahl", "gustafson": "Gustafson", "usl": "Universal Scalability Law"}
STROKES = {"amdahl": "╌╌", "gustafson": "╌·", "usl": "····"}
STEEP, APART = ("seconds", "images_per_s"), 5
"""Metrics on a logarithmic axis where they differ so many times: cuts may by more than they scale."""
WIDE = 8
"""Times as many workers from which their axis is logarithmic too."""
COLUMNS = ("label", "value", "low", "high")
IDEAL = "#888888"


class Look(NamedTuple):
    """How a series is told from the others: by two things, for eyes that see no colours."""

    colour: str
    mark: str
    glyph: str


def looks(names: Sequence[str]) -> dict[str, Look]:
    """A look for each name, in their order; beyond eight the marks repeat, not with the same colour.

    Examples
    --------
    >>> looks(["batch", "channel"])["channel"].mark
    'square'
    """
    palette = colours(names)
    return {
        name: Look(palette[name], MARKS[place % len(MARKS)], GLYPHS[place % len(GLYPHS)])
        for place, name in enumerate(names)
    }


def scaling_curves(series: Mapping[str, xr.Dataset]) -> LayoutDOM:
    """A figure for each metric of scaling against the number of workers, one line a way of cutting.

    Parameters
    ----------
    series : mapping of str to xarray.Dataset
        By the way of cutting, what `daskcnn.metrics.curves` gives; at least one.
    """
    shown = [name for name in SHOWN if all(name in own for own in series.values())]
    return wrapped([scaling_curve(series, name) for name in shown], narrowest=350)


def scaling_curve(series: Mapping[str, xr.Dataset], metric: str) -> figure:
    """One metric against the number of workers: medians, their intervals, the ideal, and the fitted laws."""
    what = METRICS[metric]
    counts = sorted({int(count) for own in series.values() for count in own["workers"].values})
    # Few workers lie apart on a linear axis, where the ideal speedup is the line that people know.
    wide = "log" if counts[-1] > WIDE * counts[0] else "linear"
    steep = wide if metric == "speedup" else "log" if metric in STEEP and _apart(series, metric) else "linear"
    plot = figure(
        title=what.label,
        x_axis_label="Workers",
        y_axis_label=what.title + BETTER[what.better],
        x_axis_type=wide,
        y_axis_type=steep,
        height=300,
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_scroll=None,
        toolbar_location="above",
        sizing_mode="stretch_width",
    )
    plot.toolbar.logo = None
    plot.xaxis.ticker = FixedTicker(ticks=counts)
    plot.xaxis.major_label_overrides = {count: f"{count:,}" for count in counts}
    plot.yaxis.formatter = NumeralTickFormatter(format="0 %" if what.share else "0,0.[0000]")
    if steep == "log":
        plot.yaxis.ticker = FixedTicker(ticks=STEPS)
    ideal = _ideal(series, metric)
    plot.line(counts, [ideal[count] for count in counts], color=IDEAL, line_width=1, line_alpha=0.6)
    looked = looks(list(series))
    points = [_series(plot, own, metric, name, looked[name]) for name, own in series.items()]
    tips = [("", "@name"), ("workers", "@workers"), (what.label, "@text"), ("95 % interval", "@interval")]
    plot.add_tools(HoverTool(renderers=points, tooltips=tips))
    return plot


def scaling_key(series: Mapping[str, xr.Dataset]) -> Div:
    """What the lines and marks of the curves mean."""
    entries = [(look.glyph, look.colour, short(name)) for name, look in looks(list(series)).items()]
    laws = dict.fromkeys(str(law) for own in series.values() for law in own["law"].values)
    entries += [(STROKES[law], QUIET, f"fitted, {LAWS[law]}") for law in laws]
    return key([*entries, ("—", IDEAL, "ideal"), ("I", QUIET, "95 % interval of the median")])


def fitted_laws(series: Mapping[str, xr.Dataset]) -> Div:
    """The parameters of every law for every way of cutting, with their intervals and what the fit is worth."""
    rows = [row for name, own in series.items() for row in _laws(name, own)]
    about = "Bounded least squares of the relative error; intervals of 95 % confidence by bootstrap of the repeats"
    return cells("Fitted laws", ["", "Law", "Parameter", "Value", "95 % interval", "R²", "Residual"], rows, about)


def _laws(name: str, own: xr.Dataset) -> list[list[str]]:
    rows = []
    for law in own["law"].values.tolist():
        fit, found = own.sel(law=law), own.isel(parameter=own["of"].values == law)
        if note := str(fit["note"].item()):
            rows.append([short(name), LAWS[law], "–", note, "–", "–", "–"])
            continue
        worth = [_number(float(fit["r_squared"])), METRICS["efficiency"].text(float(fit["residual"]))]
        for parameter in found["parameter"].values.tolist():
            label, value, low, high = (found[key].sel(parameter=parameter).item() for key in COLUMNS)
            ends = f"{low:.4g} to {high:.4g}" if np.isfinite(low) else "–"
            rows.append([short(name), LAWS[law], label, _number(value), ends, *worth])
    return rows


def _number(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else "–"


def _apart(series: Mapping[str, xr.Dataset], metric: str) -> bool:
    values = np.concatenate([own[metric].values.ravel() for own in series.values()])
    return bool(np.nanmax(values) > APART * np.nanmin(values))


def _ideal(series: Mapping[str, xr.Dataset], metric: str) -> dict[int, float]:
    """By the number of workers, the median over the ways of cutting."""
    rows = [own[metric].sel(line="ideal").to_series() for own in series.values()]
    counts = {int(count) for row in rows for count in row.index}
    values = {count: [row[count] for row in rows if count in row.index] for count in counts}
    return {count: float(np.median(own)) for count, own in values.items()}


def _series(plot: figure, own: xr.Dataset, metric: str, name: str, look: Look) -> GlyphRenderer:
    what = METRICS[metric]
    workers, value, low, high = (
        own["workers"].values,
        *(own[metric].sel(line=line).values for line in ("measured", "low", "high")),
    )
    known = np.isfinite(low)
    ends = [f"{what.text(a)} to {what.text(b)}" if ok else "–" for a, b, ok in zip(low, high, known, strict=True)]
    data = {
        "workers": workers,
        "value": value,
        "low": low,
        "high": high,
        "text": [what.text(number) for number in value],
        "interval": ends,
        "name": [name] * workers.size,
    }
    source = ColumnDataSource(data)
    for law in own["law"].values[own["note"].values == ""].tolist():
        fitted = own[metric].sel(line=law).values
        plot.line(workers, fitted, color=look.colour, line_dash=DASHES[law], line_width=1.5, line_alpha=0.8)
    plot.line("workers", "value", source=source, color=look.colour, line_width=2)
    plot.segment("workers", "low", "workers", "high", source=source, color=look.colour, line_width=1.5)
    for end in ("low", "high"):
        plot.scatter("workers", end, source=source, marker="dash", size=9, color=look.colour)
    return plot.scatter("workers", "value", source=source, marker=look.mark, size=9, color=look.colour)
