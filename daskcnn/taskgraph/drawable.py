"""A graph's table with what a drawing needs."""

from __future__ import annotations

import numpy as np
import xarray as xr

from daskcnn.taskgraph.cost import costs
from daskcnn.taskgraph.graph import TaskGraph
from daskcnn.taskgraph.schedule import Schedule


def drawable(graph: TaskGraph) -> xr.Dataset:
    """The graph's table with what figures need besides: depth, cost, and which tasks are on the critical path.

    Where it gives no owners, they are the workers that tasks probably come to; `placement` says which of both.
    """
    cost, unit = costs(graph)
    critical = np.zeros(len(graph), dtype=bool)
    critical[Schedule.of(graph).path] = True
    more = {"depth": graph.depth, "cost": cost, "critical": critical, "owner": graph.placement}
    table = graph.to_dataset().assign({name: ("task", values) for name, values in more.items()})
    table["cost"].attrs["units"] = unit
    return table.assign_attrs(placement="given" if graph.owned else "assumed")
