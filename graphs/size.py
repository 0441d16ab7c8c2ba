"""How large is the graph?"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.taskgraph import TaskGraph


def analyse(graph: TaskGraph) -> xr.Dataset:
    """Tasks, operations and bytes of each layer, and edges and depth of the whole.

    Parameters
    ----------
    graph : TaskGraph

    Returns
    -------
    xarray.Dataset
        `tasks`, `operations` (FLOP) and `nbytes` (B) along `layer`; `edges` and `depth`, the tasks on the
        longest chain, of the whole.
    """
    layers = len(graph.layers)

    def total(values: NDArray[np.int64]) -> tuple[str, NDArray[np.int64]]:
        return "layer", np.bincount(graph.layer, values, layers).astype(np.int64)

    return xr.Dataset(
        {
            "tasks": ("layer", np.bincount(graph.layer, minlength=layers)),
            "operations": (*total(graph.operations), {"units": "FLOP"}),
            "nbytes": (*total(graph.nbytes), {"units": "B"}),
            "edges": len(graph.reads),
            "depth": int(graph.depth.max(initial=0)),
        },
        coords={"layer": list(graph.layers)},
    )
