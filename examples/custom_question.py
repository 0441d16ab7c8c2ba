"""A question of one's own: which layers hand most bytes to a layer that is cut another way?

daskcnn graph mnist --chunks channel --workers 2 --ask examples/custom_question.py

"""

import numpy as np
import xarray as xr

from daskcnn import TaskGraph

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
    """A line for each layer that sends anything."""
    rows = found.where(found["sent"] > 0, drop=True)
    return [f"{layer}: {float(rows['sent'].sel(layer=layer)):,.0f} B sent" for layer in rows["layer"].values]
