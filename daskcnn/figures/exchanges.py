"""What passes from worker to worker, and what for: by a plan, and by a trace."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

KINDS = ("halo", "all-gather", "reduce", "relayout")
"""Of exchanges, the words of plans and of names of layers."""
OTHER = "other"
INSIDE, BETWEEN = "inside nodes", "between nodes"


def planned(tree: xr.DataTree) -> xr.Dataset:
    """What the owners of a run's tasks must send each other.

    Parameters
    ----------
    tree : xarray.DataTree
        With the nodes `graph` and `plan`.

    Returns
    -------
    xarray.Dataset
        Along `transfer`: the `number` of the task that made it, `source` and `destination` (workers), `bytes`, and
        `kind`, the exchange of the layer whose task reads it. What several tasks of a worker read is sent once.

    Examples
    --------
    >>> tasks = {"layer": ["conv1", "conv2"], "owner": [0, 1], "bytes": [8.0, 4.0], "exchange": ["", "halo"]}
    >>> graph = xr.Dataset({name: ("task", values) for name, values in tasks.items()})
    >>> graph = graph.assign(reader=("edge", [1]), read=("edge", [0]))
    >>> found = planned(xr.DataTree.from_dict({"/graph": graph}))
    >>> found["destination"].values, found["bytes"].values, found["kind"].item()
    (array([1]), array([8.]), 'halo')
    """
    graph = tree["graph"].to_dataset()
    owner, reader, read = (graph[name].values for name in ("owner", "reader", "read"))
    away = (owner[reader] != owner[read]) & (owner[reader] >= 0) & (owner[read] >= 0)
    (number, to), first = np.unique(np.stack([read[away], owner[reader[away]]]), axis=1, return_index=True)
    kinds = exchanges(tree)
    kind = [kinds[layer] for layer in graph["layer"].values[reader[away][first]].tolist()]
    return _transfers(number, owner[number], to, graph["bytes"].values[number], kind)


def measured(trace: xr.DataTree, repeat: int, plan: xr.Dataset | None = None) -> xr.Dataset:
    """What was sent in one repeat, as `planned` tells it, and the `seconds` of receiving.

    A transfer is of the kind that was planned for it, other if none was. Without a plan it has the name of the layer
    whose task is the first to read it.

    Parameters
    ----------
    trace : xarray.DataTree
    repeat : int
    plan : xarray.Dataset, optional
        What `planned` gives for the run.
    """
    rows = trace["transfers"].to_dataset()
    rows = rows.isel(transfer=(rows["repeat"] == repeat) & (rows["source"] >= 0) & (rows["destination"] >= 0))
    number = rows["number"].values if "number" in rows else np.full(rows.sizes["transfer"], -1)
    source, to, nbytes = (rows[name].values for name in ("source", "destination", "bytes"))
    if plan is None:
        kind = np.append(trace["tasks"].dataset["layer"].values.astype(object), OTHER)[rows["consumer"].values].tolist()
    else:
        pairs = zip(plan["number"].values.tolist(), plan["destination"].values.tolist(), strict=True)
        known = dict(zip(pairs, plan["kind"].values.tolist(), strict=True))
        kind = [known.get(pair, OTHER) for pair in zip(number.tolist(), to.tolist(), strict=True)]
    seconds = np.maximum(rows["stop"].values - rows["start"].values, 0)
    return _transfers(number, source, to, np.maximum(nbytes, 0), kind).assign(seconds=("transfer", seconds))


def sides(rows: xr.Dataset, node: Sequence[str]) -> xr.Dataset:
    """The same with the `side` of each transfer: inside a node or between nodes, by the node of each worker.

    >>> sides(_transfers([0, 1], [0, 0], [1, 2], [8.0, 4.0], ["halo", "halo"]), ["a", "a", "b"])["side"].values.tolist()
    ['inside nodes', 'between nodes']
    """
    own = np.asarray(node, object)
    same = own[rows["source"].values] == own[rows["destination"].values]
    return rows.assign(side=("transfer", np.where(same, INSIDE, BETWEEN)))


def between(rows: xr.Dataset, workers: int) -> NDArray[np.float64]:
    """(source, destination) Bytes.

    >>> between(_transfers([0, 1], [0, 0], [1, 1], [8.0, 4.0], ["halo", "halo"]), 2)
    array([[ 0., 12.],
           [ 0.,  0.]])
    """
    pair = rows["source"].values * workers + rows["destination"].values
    return np.bincount(pair, rows["bytes"].values, workers**2).reshape(workers, workers).astype(float)


def exchanges(tree: xr.DataTree) -> dict[str, str]:
    """The exchange that each layer of a run's graph reads through: halo, all-gather, reduce, relayout or other.

    Of runs whose graph does not say, it is what the layer's name says, else what the plan says of its layers.

    >>> graph = xr.Dataset({"layer": ("task", ["conv1", "conv2.halo", "conv2..relu2"])})
    >>> plan = xr.Dataset({"exchange": ("layer", ["read", "halo", "nothing"])}, {"layer": ["conv1", "conv2", "relu2"]})
    >>> exchanges(xr.DataTree.from_dict({"/graph": graph, "/plan": plan}))
    {'conv1': 'other', 'conv2..relu2': 'halo', 'conv2.halo': 'halo'}
    """
    graph = tree["graph"].to_dataset()
    layers, first = np.unique(graph["layer"].values, return_index=True)
    if "exchange" in graph:
        kinds = graph["exchange"].values[first].tolist()
        return {layer: kind or OTHER for layer, kind in zip(layers.tolist(), kinds, strict=True)}
    return {layer: _by_name(layer, tree["plan"].to_dataset()) for layer in layers.tolist()}


def _by_name(label: str, plan: xr.Dataset) -> str:
    names, kinds = plan["layer"].values.tolist(), plan["exchange"].values.tolist()
    word = label.rpartition(".")[2].rstrip("0123456789")
    first, _, last = label.partition("..")
    if word in KINDS or first not in names:
        return word if word in KINDS else OTHER
    start = names.index(first)
    stop = names.index(last) if last in names else start
    return next((kind for kind in kinds[start : stop + 1] if kind in KINDS), OTHER)


def _transfers(number: ArrayLike, source: ArrayLike, to: ArrayLike, nbytes: ArrayLike, kind: ArrayLike) -> xr.Dataset:
    columns = {"number": number, "source": source, "destination": to, "bytes": np.nan_to_num(nbytes)}
    own = {name: ("transfer", np.asarray(values)) for name, values in columns.items()}
    return xr.Dataset(own | {"kind": ("transfer", np.asarray(kind, object))})
