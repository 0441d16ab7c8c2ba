"""What the colours of a task graph mean: a key for each way to colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from bokeh.models import Div
from numpy.typing import NDArray

from daskcnn.figures.colours import DIFFERENT, QUIET
from daskcnn.figures.graph.columns import PATH, SEVERAL
from daskcnn.figures.graph.shades import Shades
from daskcnn.figures.labels import short
from daskcnn.figures.notes import key
from daskcnn.quantity import quantity

CRITICAL = ("━", PATH, "critical path")


def keys(shown: Sequence[Mapping[str, NDArray[Any]]], cost: xr.DataArray, shades: Shades, seen: str) -> dict[str, Div]:
    """The key of each way to colour, of which that of `seen` is visible.

    Parameters
    ----------
    shown : sequence of mappings of str to (node,) array
        Of tasks and of layers: `layer`, `worker`, and their colours `by_layer` and `by_owner`.
    cost : xarray.DataArray
        (task,) With its unit.
    shades : Shades
    seen : str
        `by_layer`, `by_owner` or `by_cost`.
    """
    layers, workers = (
        {name: hue for own in shown for name, hue in zip(own[what].tolist(), own[by].tolist(), strict=True)}
        for what, by in (("layer", "by_layer"), ("worker", "by_owner"))
    )
    workers = dict(sorted(workers.items(), key=lambda own: (own[0] == SEVERAL, len(own[0]), own[0])))
    found = {"by_layer": _names(layers), "by_owner": _names(workers), "by_cost": _scale(cost, shades)}
    for field, own in found.items():
        own.visible = field == seen
    return found


def _names(hue: Mapping[str, str]) -> Div:
    if len(hue) > DIFFERENT:
        return key(
            [CRITICAL, ("■", QUIET, f"{len(hue):,} names share {DIFFERENT} colours: point at a task for its own")]
        )
    return key([CRITICAL, *(("■", own, short(name)) for name, own in hue.items())])


def _scale(cost: xr.DataArray, shades: Shades) -> Div:
    unit, steps = cost.attrs.get("units", ""), shades.steps
    known = [("■", hue, quantity(step, unit)) for step, hue in zip(steps, shades.hues(steps).tolist(), strict=True)]
    unknown = [("■", QUIET, "not known")] if not np.isfinite(cost.values).all() else []
    return key([CRITICAL, *known, *unknown])
