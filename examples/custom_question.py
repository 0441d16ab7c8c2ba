"""A question of one's own: which layers hand most bytes to a layer that is cut another way?

daskcnn graph mnist --chunks channel --workers 2 --ask examples/custom_question.py

"""

import numpy as np
import xarray as xr

from daskcnn import TaskGraph
from daskcnn.taskgraph import told

TITLE = "Hand-over"


def analyse(graph: TaskGraph) -> xr.Dataset:
    """Bytes that each layer's tasks hand to tasks of other layers, on their own worker and on others."""
    reader, read = graph.edges
    away = graph.placement[reader] != graph.placement[read]
    layers = len(graph.layers)
    found = {
        name: np.bincount(graph.layer[read[these]], graph.nbytes[read[these]], layers)
        for name, these in (("kept", ~away), ("sent", away))
    }
    return xr.Dataset(
        {name: ("layer", values, {"units": "B", "long_name": f"Bytes {name}"}) for name, values in found.items()},
        {"layer": list(graph.layers)},
    )


def summary(found: xr.Dataset) -> list[str]:
    """A line for each layer that sends anything, or of which it is not known."""
    rows = found["sent"].to_series()
    return [f"{layer}: {told(sent)} sent" for layer, sent in rows.items() if sent != 0]
