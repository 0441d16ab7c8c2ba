"""Models side by side where there is room, beneath each other where there is none."""

from collections.abc import Sequence

from bokeh.layouts import row
from bokeh.models import LayoutDOM

NARROWEST = 330
"""Pixels: a figure's least width, which a phone has."""


def wrapped(models: Sequence[LayoutDOM], narrowest: int = NARROWEST) -> LayoutDOM:
    """As many a line as fit, each as wide as the others.

    Parameters
    ----------
    models : sequence of LayoutDOM
        They stretch.
    narrowest : int
        Pixels that each has at least.
    """
    tracks = f"repeat(auto-fit, minmax(min(100%, {narrowest}px), 1fr))"
    return row(list(models), sizing_mode="stretch_width", styles={"display": "grid", "grid-template-columns": tracks})
