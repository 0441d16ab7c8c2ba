"""Runs whose numbers are planted: repeats, their serial times, and what follows from both."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.metrics import METRICS, rates
from daskcnn.noise import median_interval
from daskcnn.store import SCHEMA, Store

JITTER = np.array([1.0, 0.99, 1.01, 0.995, 1.005, 0.998, 1.002])
"""Repeats of one thing, as multiples of their median."""
FIRST = (5.276, 2.767, 1.912, 1.440, 1.296, 1.164, 1.064, 0.975)
"""Seconds of 10,000 images on one to eight processes, as a published report has them."""


def repeats(seconds: float, count: int = 7, jitter: float = 1.0) -> list[float]:
    """Times around a median, the same for every call."""
    return [seconds * (1 + jitter * (factor - 1)) for factor in JITTER[:count].tolist()]


def planted(
    way: str,
    workers: int,
    seconds: Sequence[float],
    *,
    serial: float | None = 5.2,
    images: int = 10_000,
    memory: Sequence[int] | None = None,
    name: str = "",
    texts: dict[str, str] | None = None,
    machine: str = "a cpu",
    **each: Sequence[float],
) -> xr.DataTree:
    """A run as the store keeps it, with `each` metric of its repeats as it is given."""
    count = len(seconds)
    clock = rates(seconds, max(images, 1), workers, np.nan if serial is None else [serial] * count)
    columns = {str(key): value.values for key, value in clock.items()}
    columns |= {"serial_seconds": np.full(count, np.nan if serial is None else serial)}
    columns |= {key: np.asarray(values, float) for key, values in each.items()}
    row = {"network": "mnist", "chunks": f"{way}={workers}", "engine": "numpy", "cluster": "processes"} | (texts or {})
    peaks = np.array(memory or [100 << 20] * workers)
    numbers = {key: float(np.median(values)) for key, values in columns.items()}
    numbers |= {"peak_memory_bytes": int(peaks.max()), "memory_total_bytes": int(peaks.sum())}
    whole = {"workers": workers, "images": images, "repeats": count, "same_as_serial": np.int8(1)}
    root = xr.Dataset({key: ((), value) for key, value in {**row, **whole, **numbers}.items()})
    low, high = median_interval(seconds)
    root = root.assign(seconds_low=low, seconds_high=high)
    root.attrs = {"run": name or f"{way}-{workers}", "schema": SCHEMA, "cpu": machine, "cores": 8}
    metrics = xr.Dataset({key: ("repeat", values) for key, values in columns.items()})
    assert not [key for key in each if key not in METRICS]
    trace = xr.Dataset({"peak_memory": ("worker", peaks), "threads": ("worker", np.ones(workers, int))})
    return xr.DataTree.from_dict({"/": root, "/metrics": metrics, "/trace/workers": trace})


def first_report(path: Path) -> Store:
    """A store with the published times: seven repeats on one to eight workers, and a pipeline on five."""
    store = Store(path)
    for workers, seconds in enumerate(FIRST, 1):
        more: dict[str, Any] = {
            "latency_min": repeats(seconds / 2e4),
            "latency_mean": repeats(seconds / 1e4),
            "latency_max": repeats(0.0008 * workers**1.5),
            "communication": repeats(0.005 * (workers - 1)),
            "imbalance": repeats(0.01 * (workers - 1)),
        }
        memory = [100 << 20] + [30 << 20] * (workers - 1)
        store.append(planted("batch", workers, repeats(seconds), serial=FIRST[0], memory=memory, **more))
    store.append(planted("pipeline", 5, repeats(3.368), serial=FIRST[0]))
    return store
