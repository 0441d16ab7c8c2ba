"""The store's table as text: what a column is called, and a value as people read it."""

from __future__ import annotations

import math
from typing import Any

from daskcnn.metrics import METRICS
from daskcnn.noise import CONFIDENCE

INTERVAL = f"{100 * CONFIDENCE:g} % interval"
"""Title of what `interval` gives."""


def label(name: str) -> str:
    """A column's title.

    >>> label("bytes_moved"), label("chunks")
    ('Bytes moved', 'Chunks')
    """
    return METRICS[name].label if name in METRICS else name.capitalize().replace("_", " ")


def cell(name: str, value: Any) -> str:
    """A value with its unit; a dash where a run has none.

    >>> cell("seconds", 0.5), cell("images", 10_000), cell("images", math.nan), cell("chunks", "batch=2")
    ('500.00 ms', '10,000', '–', 'batch=2')
    """
    if isinstance(value, str):
        return value
    if name in METRICS:
        return METRICS[name].text(value)
    if name == "same_as_serial" and math.isfinite(value):
        return "yes" if value == 1 else "NO"
    return f"{value:,.0f}" if math.isfinite(value) else "–"


def interval(low: float, high: float) -> str:
    """Both ends of the interval of a time in seconds; a dash where one repeat says nothing of the noise.

    >>> interval(0.5, 1.25), interval(math.nan, math.nan)
    ('500.00 ms to 1.25 s', '–')
    """
    seconds = METRICS["seconds"].text
    return f"{seconds(low)} to {seconds(high)}" if math.isfinite(low) else seconds(low)
