"""Figures for print: Dataset in, Matplotlib figure out; nothing is read and nothing written.

Each takes one Dataset along `series` (what is compared), `line` (`measured`, the medians; `low` and `high`, the ends of
their intervals; `ideal`; the fitted laws) and `workers`, with metrics as variables.
"""

from collections.abc import Callable
from functools import partial

import xarray as xr
from matplotlib.figure import Figure

from daskcnn.figures.prints.bars import LITTLE, bars
from daskcnn.figures.prints.curves import FAIR, GOOD, curve, efficiency, speedup, throughput
from daskcnn.figures.prints.latency import latency
from daskcnn.figures.prints.letters import MONO, SANS, printable, wide, wrapped
from daskcnn.figures.prints.ranking import ranking
from daskcnn.figures.prints.sheet import sheet

__all__ = ["FAIR", "GOOD", "LITTLE", "MONO", "PRINTS", "SANS", "printable", "wide", "wrapped"]

_time = partial(curve, metric="seconds")
_communication = partial(bars, metric="communication", threshold=LITTLE)
_imbalance = partial(bars, metric="imbalance", threshold=LITTLE)
_all = partial(bars, metric="memory_total_bytes")
_largest = partial(bars, metric="peak_memory_bytes", title="Peak memory of the largest worker")
_more, _lost = (partial(curve, metric=name) for name in ("incremental_speedup", "scaling_loss"))

PRINTS: dict[str, Callable[[xr.Dataset], Figure]] = {
    "execution_time": lambda data: sheet(data, _time),
    "speedup": lambda data: sheet(data, speedup),
    "efficiency": lambda data: sheet(data, efficiency),
    "throughput": lambda data: sheet(data, throughput),
    "latency": latency,
    "communication_overhead": lambda data: sheet(data, _communication, laws=False),
    "load_imbalance": lambda data: sheet(data, _imbalance, laws=False),
    "memory_usage": lambda data: sheet(data, _all, _largest, laws=False, intervals=False),
    "scaling_analysis": lambda data: sheet(data, _more, _lost),
    "implementation_comparison": ranking,
    "performance_dashboard": lambda data: sheet(
        data, _time, speedup, efficiency, throughput, _communication, _imbalance
    ),
}
"""The figures of a report, by name and in their order."""
