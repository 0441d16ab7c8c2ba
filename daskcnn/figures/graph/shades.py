"""What costs look like: one logarithmic scale for tasks and for layers, which are sums of tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from bokeh.palettes import Viridis256
from numpy.typing import NDArray

from daskcnn.figures.colours import QUIET
from daskcnn.figures.graph.layout import Floats

DECADES = 6
"""Between the dearest and what is told apart."""
STEPS = 5
"""Costs that a key shows."""


@dataclass(frozen=True)
class Shades:
    """Dark for the cheapest, bright for the dearest, grey where a cost is not known."""

    low: float
    high: float

    @classmethod
    def of(cls, *costs: Floats) -> Shades:
        """Such that all of these costs have their shades.

        >>> Shades.of(np.array([1.0, np.nan, 0.0]), np.array([100.0]))
        Shades(low=1.0, high=100.0)
        """
        every = np.concatenate(costs)
        some = every[np.isfinite(every) & (every > 0)]
        high = float(some.max(initial=0.0))
        return cls(max(float(some.min(initial=high)), high / 10**DECADES), high)

    def hues(self, cost: Floats) -> NDArray[np.str_]:
        """The colour of each cost."""
        known = np.isfinite(cost)
        place = np.zeros(cost.size)
        if self.high > self.low:
            within = np.clip(np.where(known, cost, self.low), self.low, self.high)
            place = np.log(within / self.low) / np.log(self.high / self.low)
        return np.where(known, np.array(Viridis256)[(255 * place).astype(int)], QUIET)

    @property
    def steps(self) -> Floats:
        """Costs from the least to the greatest; fewer where they are alike, none where nothing costs anything."""
        return np.unique(np.geomspace(self.low, self.high, STEPS)) if self.high else np.zeros(0)
