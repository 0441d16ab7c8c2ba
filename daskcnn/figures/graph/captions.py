"""Names of layers beside their nodes, or above their columns: as many as do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.figures.graph.layout import Floats
from daskcnn.figures.labels import short

MOST = 200
"""Names that are tried."""
GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it, less their whole parts, are spread evenly however many there are."""
FLAT, STEEP = 0.4, 1.2
"""Angles, in radians, between which names lean."""
NODE, START = 5.0, 8.0
"""How near to the middle of a node no name may come, and how far from its own it begins."""


@dataclass(frozen=True)
class Scale:
    """How large a drawing is, in pixels or in points."""

    across: float
    """From one depth to the next."""
    up: float
    """From one rank to the next."""
    letter: float = 6.5
    """How wide one is."""
    line: float = 14.0
    """How high one is."""

    @property
    def angle(self) -> float:
        """How far names lean: the closer the columns, the steeper, so that neighbours do not touch.

        >>> Scale(across=100, up=20).angle, round(Scale(across=15, up=20).angle, 2)
        (0.4, 1.2)
        """
        return float(np.clip(np.arcsin(min(1.0, self.line / self.across)), FLAT, STEEP))

    def reach(self, name: str) -> float:
        """How far a name goes across."""
        return (self.letter * len(name) + self.line) * float(np.cos(self.angle))

    def room(self, names: Sequence[str]) -> float:
        """How high the longest of the names stands."""
        return self.letter * max(map(len, names), default=0) * float(np.sin(self.angle)) + 2 * self.line


def beside(layers: xr.Dataset, scale: Scale) -> list[str]:
    """For each node of a collapsed graph its name, or nothing where that would cover another name or node.

    Parameters
    ----------
    layers : xarray.Dataset
        As `collapsed` gives it.
    scale : Scale
    """
    names = [short(str(name)) for name in layers["layer"].values]
    # Of layers that are alike, such as lie far from each other.
    spread = np.argsort(np.argsort(layers["x"].values)) * GOLDEN % 1
    first = np.lexsort((spread, -layers["tasks"].values, ~layers["critical"].values))[:MOST]
    kept = _apart(layers["x"].values, layers["y"].values, names, first, scale, NODE)
    return [name if node in kept else "" for node, name in enumerate(names)]


def above(tasks: xr.Dataset, scale: Scale) -> dict[float, str]:
    """For each depth the names of its layers, from top to bottom; depths for whose names there is no room are left out.

    Parameters
    ----------
    tasks : xarray.Dataset
        As `placed` gives it.
    scale : Scale
    """
    depths = np.unique(tasks["x"].values)
    if depths.size > MOST:
        return {}
    found: dict[float, list[str]] = {depth: [] for depth in depths.tolist()}
    order = np.lexsort((-tasks["y"].values, tasks["x"].values))
    for depth, layer in zip(tasks["x"].values[order].tolist(), tasks["layer"].values[order].tolist(), strict=True):
        # Tasks of a layer lie together.
        if layer not in found[depth][-1:]:
            found[depth].append(layer)
    names = [short(", ".join(own)) for own in found.values()]
    kept = _apart(depths, np.zeros(depths.size), names, np.arange(depths.size), scale, None)
    return {depth: name for place, (depth, name) in enumerate(zip(found, names, strict=True)) if place in kept}


def _apart(
    x: Floats, y: Floats, names: Sequence[str], order: NDArray[np.integer], scale: Scale, node: float | None
) -> set[int]:
    """Which names can be beside their nodes: each, in this order, that covers none before, and no node of a radius."""
    across, up, angle = x * scale.across, y * scale.up, scale.angle
    # Along the names, and away from them.
    along, aside = across * np.cos(angle) + up * np.sin(angle), up * np.cos(angle) - across * np.sin(angle)
    ends = along + scale.letter * np.array([len(name) for name in names])
    kept: list[int] = []
    for own in order.tolist():
        off = np.abs(aside - aside[own])
        covers = (along > along[own] + START) & (along < ends[own] + (node or 0)) & (off < scale.line / 2 + (node or 0))
        touches = (ends > along[own]) & (along < ends[own]) & (off < 0.9 * scale.line)
        if not touches[kept].any() and not (node and covers.any()):
            kept.append(own)
    return set(kept)
