"""What must pass from worker to worker?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph import TaskGraph


def analyse(graph: TaskGraph) -> xr.Dataset:
    """Bytes between every two workers, and bytes sent of each layer's outputs.

    Each output counts once for each other worker that reads it, as Dask fetches it once and keeps it.

    Parameters
    ----------
    graph : TaskGraph

    Returns
    -------
    xarray.Dataset
        `between` (B) along `source` and `destination`; `sent` (B) along `layer`.
    """
    task, destination = graph.moves
    workers = len(graph.held)
    source, nbytes = graph.owner[task], graph.nbytes[task]
    between = np.bincount(source * workers + destination, nbytes, workers**2).astype(np.int64)
    sent = np.bincount(graph.layer[task], nbytes, len(graph.layers)).astype(np.int64)
    return xr.Dataset(
        {
            "between": (("source", "destination"), between.reshape(workers, workers), {"units": "B"}),
            "sent": ("layer", sent, {"units": "B"}),
        },
        coords={"layer": list(graph.layers)},
    )
