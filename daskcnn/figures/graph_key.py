"""What the colours of a task graph mean: a key for each way to colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from bokeh.models import Div
from bokeh.palettes import Viridis256
from numpy.typing import NDArray

from daskcnn.figures.colours import DIFFERENT, QUIET
from daskcnn.figures.labels import short
from daskcnn.figures.notes import key, note
from daskcnn.quantity import quantity

STEPS = (0, 0.25, 0.5, 0.75, 1)
"""Shares of the dearest task's cost that the key shows."""


def keys(shown: Mapping[str, NDArray[Any]], cost: xr.DataArray, seen: str) -> dict[str, Div]:
    """The key of each way to colour, of which that of `seen` is visible.

    Parameters
    ----------
    shown : mapping of str to (task,) array
        `layer`, `worker`, and their colours `by_layer` and `by_owner`.
    cost : xarray.DataArray
        (task,) With its unit.
    seen : str
        `by_layer`, `by_owner` or `by_cost`.
    """
    found = {
        "by_layer": _names(shown["layer"].tolist(), shown["by_layer"].tolist()),
        "by_owner": _names(
            [f"worker {name}" if name.isdigit() else name for name in shown["worker"].tolist()],
            shown["by_owner"].tolist(),
        ),
        "by_cost": _scale(cost),
    }
    for field, own in found.items():
        own.visible = field == seen
    return found


def _names(names: Sequence[str], hues: Sequence[str]) -> Div:
    hue = dict(zip(names, hues, strict=True))
    if len(hue) > DIFFERENT:
        return note("", f"{len(hue):,} names share {DIFFERENT} colours: point at a task to see its own")
    return key(("■", hue, short(name)) for name, hue in hue.items())


def _scale(cost: xr.DataArray) -> Div:
    top = np.max(cost.values, where=np.isfinite(cost.values), initial=0.0)
    shades = [("■", Viridis256[int(255 * step)], text(step * top, cost)) for step in STEPS] if top else []
    unknown = [("■", QUIET, "not known")] if not np.isfinite(cost.values).all() else []
    return key([*shades, *unknown])


def text(value: float, cost: xr.DataArray) -> str:
    """A cost with its unit."""
    return quantity(value, cost.attrs.get("units", ""))
