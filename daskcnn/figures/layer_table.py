"""What each layer of a run took: time, operations, bytes, exchange."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.figures.exchanges import OTHER, exchanges
from daskcnn.metrics import METRICS, one_repeat

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMNS = {
    "tasks": "Tasks",
    "seconds": "Compute time",
    "operations": "Operations",
    "operations_per_s": METRICS["operations_per_s"].label,
    "bytes_in": "Bytes in",
    "bytes_received": "Bytes received",
    "bytes_out": "Bytes out",
    "bytes_held": "Parameters",
    "intensity": "Operations per byte",
}
THROUGH = ("bytes_in", "bytes_out", "bytes_held")
"""What a thread must get from memory, or put there."""
UNITS = {"seconds": "s", "operations": "FLOP", "operations_per_s": "FLOP/s", "intensity": "FLOP/B"}


def layer_table(tree: xr.DataTree, repeat: int) -> xr.Dataset:
    """The layers of one repeat, in the order in which they first began.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    repeat : int

    Returns
    -------
    xarray.Dataset
        Along `layer`, over all its tasks: `tasks`; `seconds` of computing; `operations`; `operations_per_s` (FLOP/s),
        what a thread reaches; `bytes_in`, read from other tasks, whichever worker has them; `bytes_received` from
        other workers; `bytes_out`; `bytes_held`, of its parameters on all workers; `intensity`, operations for each
        byte of these in and out and held; and `exchange`, its kind, or nothing. NaN where nothing is known.
    """
    trace = one_repeat(tree.children["trace"], repeat)
    tasks = trace["tasks"].to_dataset()
    names, which = np.unique(tasks["layer"].values, return_inverse=True)
    columns = _computed(tasks, which, len(names))
    columns |= _passed(tree, trace, names, which)
    plan = tree["plan"].to_dataset() if "plan" in tree.children else None
    columns["bytes_held"] = _held(names.tolist(), plan) if plan is not None else np.full(len(names), np.nan)
    through = np.nansum([columns[name] for name in THROUGH], axis=0)
    columns["intensity"] = _ratio(columns["operations"], through)
    kinds = exchanges(tree) if "graph" in tree.children else {}
    words = [kinds.get(name, OTHER).replace(OTHER, "") for name in names.tolist()]
    start = np.full(len(names), np.inf)
    np.minimum.at(start, which, tasks["start"].values)
    return xr.Dataset(
        {name: ("layer", columns[name], _attrs(name)) for name in COLUMNS}
        | {"exchange": ("layer", words, {"long_name": "Exchange"})},
        {"layer": names.astype(str)},
    ).isel(layer=np.argsort(start, kind="stable"))


def _computed(tasks: xr.Dataset, which: Ints, layers: int) -> dict[str, NDArray[Any]]:
    """What the tasks of each layer did."""
    seconds = np.nan_to_num(np.maximum(tasks["stop"].values - tasks["start"].values, 0))
    operations = tasks["operations"].values
    known = np.isfinite(operations)
    done, busy = (np.bincount(which[known], values[known], layers).astype(float) for values in (operations, seconds))
    done[np.bincount(which[known], minlength=layers) == 0] = np.nan
    return {
        "tasks": np.bincount(which, minlength=layers),
        "seconds": np.bincount(which, seconds, layers).astype(float),
        "operations": done,
        "operations_per_s": _ratio(done, busy),
        "bytes_out": np.bincount(which, np.maximum(tasks["bytes"].values, 0), layers).astype(float),
    }


def _passed(tree: xr.DataTree, trace: xr.DataTree, names: NDArray[np.str_], which: Ints) -> dict[str, Floats]:
    """What the tasks of each layer read, and what of that came from other workers."""
    nbytes = np.maximum(trace["tasks"].dataset["bytes"].values, 0)
    edges, moved = (trace[node].to_dataset() for node in ("edges", "transfers"))
    if edges.sizes["edge"] or "graph" not in tree.children:
        into = np.bincount(which[edges["reader"].values], nbytes[edges["read"].values], len(names)).astype(float)
    else:
        into = _read(tree["graph"].to_dataset(), names)
    there = moved["consumer"].values >= 0
    sizes = np.maximum(moved["bytes"].values, 0)[there]
    received = np.bincount(which[moved["consumer"].values[there]], sizes, len(names)).astype(float)
    return {
        "bytes_in": into,
        "bytes_received": received if there.any() or not there.size else np.full(len(names), np.nan),
    }


def _ratio(amount: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(amount, whole, out=np.full(whole.size, np.nan), where=whole > 0))


def _attrs(name: str) -> dict[str, str]:
    unit = "B" if name.startswith("bytes") else UNITS.get(name, "")
    return {"long_name": COLUMNS[name]} | ({"units": unit} if unit else {})


def _read(graph: xr.Dataset, names: NDArray[np.str_]) -> Floats:
    """Bytes that each layer reads by the graph, for runs whose trace has no edges."""
    place = np.searchsorted(names, graph["layer"].values).clip(max=len(names) - 1)
    place = np.where(names[place] == graph["layer"].values, place, len(names))
    sizes = np.nan_to_num(graph["bytes"].values)[graph["read"].values]
    return np.bincount(place[graph["reader"].values], sizes, len(names) + 1)[: len(names)].astype(float)


def _held(names: list[str], plan: xr.Dataset) -> Floats:
    """Bytes of the parameters of each layer of tasks, from its first layer of the plan to its last."""
    layers, sizes = plan["layer"].values.tolist(), plan["weight_bytes"].values

    def of(label: str) -> float:
        first, _, last = label.partition("..")
        if first not in layers:
            return 0.0
        start = layers.index(first)
        return float(sizes[start : (layers.index(last) if last in layers else start) + 1].sum())

    return np.array([of(label) for label in names])
