"""Curves made by hand: two ways of cutting on one, two and four workers, the second one not on four."""

import numpy as np
import xarray as xr

LINES = ("measured", "low", "high", "ideal", "amdahl")
WORKERS = (1, 2, 4)


def curves(**changes: object) -> xr.Dataset:
    """What figures for print are drawn from; `changes` replace variables, each (series, line, workers)."""
    nan = np.nan
    batch = [[4.0, 2.1, 1.2], [3.9, 2.0, 1.1], [4.2, 2.3, 1.4], [3.8, 1.9, 0.95], [4.0, 2.2, 1.3]]
    channel = [[4.4, 3.5, nan], [4.3, nan, nan], [4.5, nan, nan], [3.8, 1.9, nan], [nan, nan, nan]]
    seconds = np.array([batch, channel])
    speedup, workers = 3.8 / seconds, np.array(WORKERS)
    columns = {
        "seconds": seconds,
        "images_per_s": 100 / seconds,
        "speedup": speedup,
        "efficiency": speedup / workers,
        "scaling_loss": 1 - speedup / workers,
        "incremental_speedup": np.concatenate([np.full((2, 5, 1), nan), speedup[..., 1:] / speedup[..., :-1]], axis=2),
        "communication": 0.03 * (seconds - seconds[..., :1]) ** 2,
        "imbalance": 0.1 + 0 * seconds,
        "latency_min": seconds / 20,
        "latency_mean": seconds / 10,
        "latency_max": seconds * workers,
        "peak_memory_bytes": seconds * 2**28,
        "memory_total_bytes": seconds * workers * 2**28,
    } | changes
    along = ("series", "line", "workers")
    coords = {"series": ["batch", "channel"], "line": list(LINES), "workers": workers}
    return xr.Dataset({name: (along, values) for name, values in columns.items()}, coords)
