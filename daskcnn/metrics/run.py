"""Every metric of a run, repeat by repeat."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.blame.lanes import lanes
from daskcnn.blame.repeats import Traced, repeats, trace_of
from daskcnn.metrics.clock import along_repeat, serial_fraction
from daskcnn.metrics.repeat import Floats, Repeat, one_repeat
from daskcnn.metrics.table import METRICS


def metrics(run: Traced, *, peak_operations_per_s: float = np.nan, peak_bandwidth: float = np.nan) -> xr.Dataset:
    """Every metric that is known of a run, for each of its repeats.

    Parameters
    ----------
    run : Run or xarray.DataTree
        A run or its tree, as the store opens it, or a trace alone, as the recorder makes it. Tasks and transfers of
        a negative `repeat` (the warm-up) are left out, unless all are: then they are one repeat, -1.
    peak_operations_per_s : float, optional
        FLOP/s that one thread of the machine is measured to do; the run's own variable of that name by default.
    peak_bandwidth : float, optional
        B/s that one worker of the machine is measured to receive from another; likewise.

    Returns
    -------
    xarray.Dataset
        A float64 variable along `repeat` for each of `METRICS` that a trace is enough for, and of a run for those
        that it was clocked for too, with units and labels as attributes. NaN where a number is not known.

    Raises
    ------
    UsageError
        There is no trace.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"worker": [0, 0, 1], "start": [0.0, 4.0, 4.0], "stop": [2.0, 7.0, 5.0], "repeat": [0, 1, 1]}
    >>> workers = {"threads": [1, 1]}
    >>> found = metrics(trace({"tasks": filled("tasks", tasks), "workers": filled("workers", workers)}, started=0.0))
    >>> found["imbalance"].values, found["makespan"].values
    (array([1. , 0.5]), array([2., 3.]))
    """
    tree, trace = run if isinstance(run, xr.DataTree) else run.tree, trace_of(run)
    known = np.array(repeats(trace, lanes(trace)), np.int64)
    parts = [Repeat(one_repeat(trace, repeat)) for repeat in known]
    found = {m.name: np.array([m.formula(part) for part in parts], float) for m in METRICS.values() if m.formula}
    rate = _known(tree, "peak_operations_per_s", peak_operations_per_s)
    band = _known(tree, "peak_bandwidth", peak_bandwidth)
    found |= {"operations_share": found["operations_per_s"] / rate, "bandwidth_share": found["bandwidth"] / band}
    return along_repeat(_clocked(tree, known, found["makespan"]) | found).assign_coords(
        repeat=("repeat", known, {"long_name": "Repeat"})
    )


def _known(tree: xr.DataTree, name: str, given: float) -> float:
    return float(tree.dataset[name]) if np.isnan(given) and name in tree.dataset else given


def _clocked(tree: xr.DataTree, known: NDArray[np.int64], makespan: Floats) -> dict[str, Floats]:
    """What a run has of its repeats that a trace does not say."""
    kept = tree.children["metrics"].to_dataset() if "metrics" in tree.children else xr.Dataset()
    if "repeat" not in kept.sizes:
        return {}
    kept = kept.assign_coords(repeat=kept.get("repeat", np.arange(kept.sizes["repeat"]))).reindex(repeat=known)
    found = {name: kept[name].values for name, metric in METRICS.items() if name in kept and not metric.formula}
    if "seconds" in found:
        found["client_seconds"] = found["seconds"] - makespan
    if "speedup" in found and "workers" in tree.dataset:
        found["serial_fraction"] = serial_fraction(found["speedup"], tree.dataset["workers"].values)
    return found
