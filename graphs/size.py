"""How large is the graph?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import KINDS, TaskGraph, column, many, told, totals

TITLE = "Size"


def analyse(graph: TaskGraph) -> xr.Dataset:
    """Tasks, edges, layers and depth; what the tasks give, and what they take themselves when they are sent.

    What is not known is left out of the sums and counted; a layer of which nothing is known has NaN.

    Parameters
    ----------
    graph : TaskGraph

    Returns
    -------
    xarray.Dataset
        `tasks`, `operations` (FLOP), `bytes` (B) of the outputs and `definition` (B), the tasks themselves, along
        `layer`; `kinds`, tasks along `kind`; of the whole `edges`, `depth` (the tasks on the longest chain), `roots`
        (tasks that read no other), `leaves` (tasks that no other reads), `external` (results that are read and lie
        outside), `unknown_operations` and `unknown_bytes` (tasks of which they are not known).
    """
    layers = len(graph.layers)
    unread = np.ones(len(graph), dtype=bool)
    unread[graph.reads] = False
    operations, nbytes, definition = (
        totals(graph.layer, values, layers) for values in (graph.operations, graph.nbytes, graph.definition)
    )
    unknown = {name: int(np.isnan(values).sum()) for name, values in (("FLOP", graph.operations), ("B", graph.nbytes))}
    return xr.Dataset(
        {
            "tasks": column("layer", np.bincount(graph.layer, minlength=layers), "Tasks"),
            "operations": column("layer", operations, "Floating-point operations", "FLOP"),
            "bytes": column("layer", nbytes, "Bytes of the outputs", "B"),
            "definition": column("layer", definition, "Bytes of the tasks themselves", "B"),
            "kinds": column("kind", np.bincount(graph.kind, minlength=len(KINDS)), "Tasks"),
            "edges": column((), len(graph.reads), "Edges"),
            "depth": column((), int(graph.depth.max(initial=0)), "Tasks on the longest chain"),
            "roots": column((), int((np.diff(graph.starts) == 0).sum()), "Tasks that read no other"),
            "leaves": column((), int(unread.sum()), "Tasks that no other reads"),
            "external": column((), graph.external, "Results that are read and lie outside the graph"),
            "unknown_operations": column((), unknown["FLOP"], "Tasks whose operations are not known"),
            "unknown_bytes": column((), unknown["B"], "Tasks whose output's size is not known"),
        },
        coords={"layer": list(graph.layers), "kind": list(KINDS)},
    )


def summary(found: xr.Dataset) -> list[str]:
    """The answer in lines."""
    kinds = dict(zip(found["kind"].values.tolist(), found["kinds"].values.tolist(), strict=True))
    others = [f"{n:,} {kind}" for kind, n in kinds.items() if n and kind != "task"]
    tasks, unknown, external = (int(found[name].sum()) for name in ("tasks", "unknown_bytes", "external"))
    outputs, own = (told(float(found[name].sum(min_count=min(tasks, 1)))) for name in ("bytes", "definition"))
    return [
        f"{many(tasks, 'task')} in {many(found.sizes['layer'], 'layer')}"
        + (f" (of them {', '.join(others)})" if others else "")
        + f", {many(int(found['edges']), 'edge')}, {int(found['depth']):,} deep",
        f"outputs of {'unknown size' if outputs == 'unknown' else outputs}"
        + (f", and {unknown:,} of unknown size" if 0 < unknown < tasks else ""),
        f"the graph itself {own}" + (f", reads {many(external, 'result')} from outside" if external else ""),
    ]
