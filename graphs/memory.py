"""How much memory do the results take, and does it fit?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import Residence, TaskGraph, column, many, memory_limit, told, whole

TITLE = "Memory"


def analyse(graph: TaskGraph, limit: float | str | None = None, top: int = 20) -> xr.Dataset:
    """The most bytes on each worker at a time, and what lies there then.

    Results that lie outside the graph are taken to be shared out evenly, as far as their size is known.
    Tasks are gone through in Dask's static order (`dask.order`, by which the scheduler picks among those that are
    ready), each on its own worker. A worker has what lay there beforehand, what it made, and copies of what it was
    sent, until all that read them are done and its next task too; what nobody reads stays. Outputs of unknown size
    count for nothing, and are counted.

    Parameters
    ----------
    graph : TaskGraph
        Where it gives no owners, each task comes to the worker that it probably comes to (`TaskGraph.placement`).
    limit : float or str, optional
        Bytes that a worker has for its results: 2e9, "2 GB".
    top : int
        How many of the results at the peak are told.

    Returns
    -------
    xarray.Dataset
        `held`, beforehand, and `peak` (B), `alive`, results and copies there at the peak, and `at`, the task that runs
        then (-1: none yet), along `worker`; of the fullest worker `alive_bytes` along `layer`, and `largest` (B) and
        `largest_layer` along `result`, numbers of the largest results there; `limit` (B, NaN: none), `over`, the
        workers above it, `unknown`, tasks whose size is not known, and `external`, results that lie outside. The
        attributes `placement` (owners `given` or `assumed`) and `order` say by what the tasks are gone through.
    """
    top = whole("top", top, least=0)
    residence, workers = Residence.of(graph), range(graph.workers)
    found = [residence.peak(worker, float(graph.held[worker])) for worker in workers]
    peak, step = np.array([size for size, _ in found]), np.array([step for _, step in found], dtype=np.int64)
    at = np.array([residence.step_task[own] if own >= 0 else -1 for own in step.tolist()], dtype=np.int64)
    fullest = int(step[peak.argmax()])
    there = residence.task[residence.there(fullest)] if fullest >= 0 else np.zeros(0, dtype=np.int64)
    nbytes = np.nan_to_num(graph.nbytes)
    largest = there[np.argsort(-nbytes[there], kind="stable")[:top]]
    allowed = memory_limit(limit)
    return xr.Dataset(
        {
            "held": column("worker", graph.held, "Held beforehand", "B"),
            "peak": column("worker", peak, "Most memory of results", "B"),
            "alive": column("worker", [int(residence.there(own).sum()) for own in step.tolist()], "Results then"),
            "alive_bytes": column(
                "layer", np.bincount(graph.layer[there], nbytes[there], len(graph.layers)), "At the peak", "B"
            ),
            "largest": column("result", graph.nbytes[largest], "Bytes of a result at the peak", "B"),
            "largest_layer": column("result", [graph.layers[own] for own in graph.layer[largest].tolist()], "Layer"),
            "limit": column((), allowed, "Memory limit of a worker", "B"),
            "external": column((), graph.external, "Results that are read and lie outside the graph"),
            "over": column((), int((peak > allowed).sum()), "Workers over the limit"),
            "unknown": column((), int(np.isnan(graph.nbytes).sum()), "Tasks whose output's size is not known"),
        },
        coords={
            "layer": list(graph.layers),
            "result": largest,
            "at": column("worker", at, "Task that runs at the peak"),
        },
        attrs={"placement": "given" if graph.owned else "assumed", "order": graph.order[1]},
    )


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    peak, unknown = found["peak"], int(found["unknown"])
    if unknown and not peak.any():
        return ["how large the outputs are is not known"]
    worker, there = int(peak.values.argmax()), found["alive_bytes"].sortby(found["alive_bytes"], ascending=False)[:3]
    where = [f"{layer} {told(size)}" for layer, size in zip(there["layer"].values, there.values, strict=True) if size]
    if held := float(found["held"][worker]):
        where.append(f"{told(held)} that lay there beforehand")
    most, alive = told(float(peak.max())), many(int(found["alive"][worker]), "result")
    lines = [
        f"at most {most} on worker {worker}, with {alive} there; {told(float(peak.sum()))} on all "
        f"(order: {found.attrs['order']}, owners {found.attrs['placement']})",
    ]
    if where:
        lines.append(f"then there are {', '.join(where)}")
    if np.isfinite(found["limit"]):
        over = f"{many(int(found['over']), 'worker')} above" if found["over"] else "every worker within"
        lines.append(f"{over} the limit of {told(float(found['limit']))}")
    if found["external"] and not found["held"].any():
        lines.append(f"{many(int(found['external']), 'result')} from outside, of unknown size, left out")
    return lines + ([f"{many(unknown, 'output')} of unknown size left out"] if unknown else [])
