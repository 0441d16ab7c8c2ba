"""A run of a real plan that ran nowhere: one task after the other, each on its owner, everything sent as planned."""

from typing import Any

import numpy as np
import xarray as xr

from daskcnn import networks, plan_tables
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import DIMENSIONS, filled
from tests.runs import make_run

STEP, LASTING = 1e-3, 0.8e-3
"""Seconds from one task's start to the next one's, and that each takes."""


def planned_run(chunks: str = "spatial=2", workers: int = 2, images: int = 20, *, run: str = "planned") -> xr.DataTree:
    """A run with one repeat and the nodes `plan` and `graph`; its trace is that of the graph."""
    plan = Plan.of(networks.mnist(), chunks, images=images, workers=workers)
    graph = TaskGraph.of(forward(plan, MnistTest(images)))
    tree = make_run(chunks=chunks, workers=workers, repeats=1, run=run, bytes_planned=plan.bytes_moved)
    start = STEP * np.arange(len(graph))
    stamps = dict.fromkeys(("submitted", "ready", "sent", "received", "fetched"), np.zeros(len(graph)))
    tasks = stamps | {
        "key": [str(key) for key in graph.keys],
        "layer": np.array(graph.layers)[graph.layer],
        "worker": graph.owner,
        "thread": graph.owner,
        **dict.fromkeys(("begun", "start"), start),
        **dict.fromkeys(("stop", "in_memory"), start + LASTING),
        "deserialize": np.zeros(len(graph)),
        "bytes": graph.nbytes.astype(int),
        "operations": graph.operations,
        "repeat": np.zeros(len(graph), int),
    }
    reader, read = graph.edges
    number, to = graph.moves
    first = [
        int(reader[(read == task) & (graph.owner[reader] == there)].min())
        for task, there in zip(number, to, strict=True)
    ]
    moved = {
        "key": np.array(tasks["key"])[number],
        "source": graph.owner[number],
        "destination": to,
        "producer": number,
        "consumer": first,
        "bytes": graph.nbytes[number].astype(int),
        "start": start[number] + LASTING,
        "stop": start[number] + STEP,
        "repeat": np.zeros(number.size, int),
    }
    nodes = {node.path: node.to_dataset() for node in tree.subtree}
    nodes |= {"/plan": plan_tables.layers(plan), "/graph": graph.to_dataset()}
    tables: dict[str, dict[str, Any]] = {"tasks": tasks, "edges": {"reader": reader, "read": read}, "transfers": moved}
    for node, table in tables.items():
        columns = filled(node, table)
        if node != "edges":
            columns["number"] = number if node == "transfers" else np.arange(len(graph))
        nodes[f"/trace/{node}"] = xr.Dataset({name: (DIMENSIONS[node], values) for name, values in columns.items()})
    return xr.DataTree.from_dict(nodes)
