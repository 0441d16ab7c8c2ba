"""One number worth comparing: what it is called, its unit, its formula, and whose definition it is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from daskcnn.metrics.repeat import Repeat
from daskcnn.quantity import quantity

GROUPS = ("time", "scaling", "latency", "efficiency", "communication", "memory", "answer")


@dataclass(frozen=True)
class Metric:
    """A row of `daskcnn.metrics.METRICS`.

    Examples
    --------
    >>> time = Metric("seconds", "Time", "s", "down", "time", "wall time")
    >>> time.title, time.text(0.0321), time.text(float("nan"))
    ('Time (s)', '32.10 ms', '–')
    >>> Metric("speedup", "Speedup", "", "up", "scaling", "serial time / time").text(1.868)
    '1.87×'
    """

    name: str
    """The variable's name in a run and in the store's table."""
    label: str
    """What people read."""
    unit: str
    """`s`, `B`, `images/s` and the like, or nothing for a ratio."""
    better: str
    """`up`, `down`, or nothing where neither is better."""
    group: str
    """One of `GROUPS`."""
    source: str
    """The definition, and whose it is."""
    formula: Callable[[Repeat], float] | None = None
    """From the trace of one repeat, where a trace is enough."""
    share: bool = False
    """A fraction of a whole, read as a percentage."""
    headline: bool = False
    """One of the few that are shown unless more is asked for."""

    @property
    def title(self) -> str:
        """The label with its unit, for an axis or a column."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def attrs(self) -> dict[str, str]:
        """What every xarray variable of this metric carries."""
        return {"units": self.unit, "long_name": self.label}

    def text(self, value: float) -> str:
        """The value as people read it, with its unit; a dash where there is none."""
        if not np.isfinite(value):
            return "–"
        if self.share:
            return f"{100 * value:.1f} %"
        match self.unit:
            case "":
                return f"{value:.2f}×"
            case "s" | "B" | "B/s" | "FLOP/s":
                return quantity(value, self.unit)
        return f"{value:,.0f} {self.unit}"
