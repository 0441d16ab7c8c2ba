"""How long blame, the critical path and the metrics of many tasks take, and how much memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import click
import numpy as np
import xarray as xr

from benchmarks.measure import report
from daskcnn.blame import blame, critical_path
from daskcnn.metrics import metrics
from tests.blame import simulated

LANES = (4,) * 8
"""Threads of each worker."""


def peak(way: Callable[[xr.DataTree], object], trace: xr.DataTree) -> float:
    """Bytes that are held at most, beside the trace."""
    tracemalloc.start()
    way(trace)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(most)


@click.command()
@click.option("--tasks", default=100_000, show_default=True)
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(tasks: int, repeats: int, path: Path | None) -> None:
    """Explain the same simulated work again and again."""
    trace = simulated.run(simulated.many(tasks, LANES), LANES)
    rows, numbers = [], []
    for way in (blame, critical_path, metrics):
        seconds = []
        for _ in range(repeats):
            start = perf_counter()
            way(trace)
            seconds.append(perf_counter() - start)
        low, middle, high = np.percentile(seconds, (25, 50, 75))
        most = peak(way, trace)
        rows.append([way.__name__, f"{middle:.2f}  [{low:.2f}, {high:.2f}]", f"{most / 1e6:.0f}"])
        numbers.append({"way": way.__name__, "tasks": tasks, "seconds": seconds, "peak_bytes": most})
    report(["Way", "Time (s)", "Peak (MB)"], rows, numbers, path)


if __name__ == "__main__":
    main()
