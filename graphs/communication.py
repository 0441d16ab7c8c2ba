"""What must pass from worker to worker?"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from daskcnn.taskgraph import Floats, Ints, TaskGraph, column, costs, many, positive, told, totals, whole

TITLE = "Communication"
KINDS, OTHER = ("halo", "all-gather", "reduce", "relayout"), "other"


def analyse(graph: TaskGraph, uneven: float = 0.1, top: int = 10) -> xr.Dataset:
    """Bytes between every two workers, of each layer and of each kind of exchange; what any fair placement must send.

    Each output counts once for each other worker that reads it, as Dask fetches it once and keeps it. Outputs of
    unknown size are left out and counted.

    The lower bound holds for any placement that gives no worker more than (1 + `uneven`) of an equal share of the cost:
    tasks that hang together and cost as much as k such shares lie on k workers at least, and k - 1 of their outputs
    pass from one to another. It is 0 where the work falls into parts enough; balanced cuts are hard to bound closer
    (Garey, Johnson and Stockmeyer, Some simplified NP-complete graph problems, Theor. Comput. Sci. 1, 1976).

    Parameters
    ----------
    graph : TaskGraph
        Where it gives no owners, each task comes to the worker that it probably comes to (`TaskGraph.placement`).
    uneven : float
        How far above an equal share a worker of the lower bound may be.
    top : int
        How many hot spots are told.

    Returns
    -------
    xarray.Dataset
        `between` (B) along `source` and `destination`; `sent` (B) along `layer`; `exchanged` (B) along `exchange`:
        halo, all-gather, reduce, relayout and other, for collections as the names of Dask's layers say it;
        `bytes_moved`, `lower_bound` (B); `unknown` outputs that move and whose size is not known. Hot spots: `reads`
        (tasks) and `bytes_read` along `fan_in`, numbers of the tasks that read most bytes; `readers` and `bytes_served`
        (to all that read it) along `fan_out`, of those that give most.
        The attribute `placement` says whether owners are `given` or `assumed`.
    """
    top = whole("top", top, least=0)
    uneven = positive("uneven", uneven, or_zero=True)
    task, destination = graph.moves
    workers, source, nbytes = graph.workers, graph.placement[task], graph.nbytes[task]
    between = totals(source * workers + destination, nbytes, workers**2).reshape(workers, workers)
    names, kind = _exchanges(graph)
    reader, read = graph.edges
    reads, readers = np.diff(graph.starts), np.bincount(read, minlength=len(graph))
    bytes_read, served = totals(reader, graph.nbytes[read], len(graph)), readers * graph.nbytes
    fan_in, fan_out = _largest(bytes_read, reads, top), _largest(served, readers, top)
    return xr.Dataset(
        {
            "between": column(("source", "destination"), between, "Bytes from worker to worker", "B"),
            "sent": column("layer", totals(graph.layer[task], nbytes, len(graph.layers)), "Bytes sent", "B"),
            "exchanged": column("exchange", totals(kind, nbytes, len(names)), "Bytes sent", "B"),
            "bytes_moved": column((), totals(0 * task, nbytes, 1)[0], "Bytes that pass from worker to worker", "B"),
            "lower_bound": column((), _least(graph, uneven), "Bytes that any fair placement sends", "B"),
            "unknown": column((), int(np.isnan(nbytes).sum()), "Outputs of unknown size that move"),
            "reads": column("fan_in", reads[fan_in], "Tasks that it reads"),
            "bytes_read": column("fan_in", bytes_read[fan_in], "Bytes that it reads", "B"),
            "readers": column("fan_out", readers[fan_out], "Tasks that read it"),
            "bytes_served": column("fan_out", served[fan_out], "Bytes that they read of it", "B"),
            "reading_layer": column("fan_in", _layers(graph, fan_in), "Layer"),
            "serving_layer": column("fan_out", _layers(graph, fan_out), "Layer"),
        },
        coords={"layer": list(graph.layers), "exchange": names, "fan_in": fan_in, "fan_out": fan_out},
        attrs={"placement": "given" if graph.owned else "assumed"},
    )


def _exchanges(graph: TaskGraph) -> tuple[list[str], Ints]:
    """Kinds of exchange, and that of each move: of the layer of the first task that it is made for."""
    names = [*KINDS, *sorted({name for name in graph.exchanges if name} - set(KINDS)), OTHER]
    codes = np.array([names.index(name or OTHER) for name in graph.exchanges], dtype=np.int64)
    reader, read = graph.edges
    to = graph.placement[reader]
    away = to != graph.placement[read]
    _, first = np.unique(read[away] * graph.workers + to[away], return_index=True)
    return names, codes[graph.layer[reader[away][first]]]


def _largest(values: Floats, ties: NDArray[np.integer], top: int) -> Ints:
    """Numbers of the tasks with the largest values, of more than one other task."""
    several = np.flatnonzero(ties > 1)
    return several[np.lexsort((-ties[several], -np.nan_to_num(values[several])))[:top]]


def _layers(graph: TaskGraph, tasks: Ints) -> list[str]:
    return [graph.layers[layer] for layer in graph.layer[tasks].tolist()]


def _least(graph: TaskGraph, uneven: float) -> float:
    """The lower bound."""
    if not len(graph.reads):
        return 0.0
    cost = np.nan_to_num(costs(graph)[0])
    share = max((1 + uneven) * cost.sum() / graph.workers, cost.max())
    edges = sparse.csr_array((np.ones(len(graph.reads), np.int8), graph.reads, graph.starts), shape=(len(graph),) * 2)
    parts, part = connected_components(edges, directed=False)
    smallest = np.full(parts, np.inf)
    np.minimum.at(smallest, part[graph.reads], np.nan_to_num(graph.nbytes[graph.reads]))
    needed = np.ceil(np.bincount(part, cost, parts) / share - 1e-9) if share else np.zeros(parts)
    split = needed > 1
    return float(((needed[split] - 1) * smallest[split]).sum())


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    unknown = int(found["unknown"])
    kinds = [
        f"{name} {told(value)}"
        for name, value in zip(found["exchange"].values, found["exchanged"].values, strict=True)
        if value != 0
    ]
    lines = [
        f"{told(float(found['bytes_moved']))} between workers, owners {found.attrs['placement']}; no fair placement "
        f"sends less than {told(float(found['lower_bound']))}" + (f"; {unknown:,} of unknown size" if unknown else ""),
        f"of that {', '.join(kinds) or 'nothing'}",
    ]
    for side, reads, nbytes, verb in (
        ("reading", "reads", "bytes_read", "reads"),
        ("serving", "readers", "bytes_served", "is read by"),
    ):
        if found[reads].size:
            layer, size = str(found[f"{side}_layer"].values[0]), told(float(found[nbytes][0]))
            lines.append(f"hot spot: a task of {layer} {verb} {many(int(found[reads][0]), 'task')}, {size}")
    return lines
