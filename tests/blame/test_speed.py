"""Many tasks are explained in a moment, however they hang together."""

import tracemalloc
from time import process_time

import numpy as np
import pytest
import xarray as xr

from daskcnn.blame import blame, critical_path
from daskcnn.trace import SCHEMA, filled, trace
from tests.blame import simulated

TASKS = 20_000
SECONDS = 3.0
"""Ten times what it takes."""
BYTES = 400e6
"""Three times what it takes."""


def chain(tasks: int, lanes: int) -> xr.DataTree:
    """One task after the other on two lanes in turn, and at the end one on every lane: each waits through them all."""
    start = np.r_[np.arange(tasks), np.full(lanes, tasks)].astype(float)
    lane = np.r_[np.arange(tasks) % 2, np.arange(lanes)]
    stamps = {"begun": start, "start": start, "stop": start + 0.5, "submitted": np.zeros(start.size)}
    tables = {
        "tasks": {"worker": lane, "repeat": np.zeros(start.size, int), **stamps},
        "edges": {
            "reader": np.r_[np.arange(1, tasks), tasks + np.arange(lanes)],
            "read": np.r_[np.arange(tasks - 1), np.full(lanes, tasks - 1)],
        },
        "workers": {"threads": np.ones(lanes, int)},
    }
    return trace({node: filled(node, tables.get(node, {})) for node in SCHEMA}, started=0.0)


@pytest.mark.parametrize("kind", ["random", "chain"])
def test_many_tasks_take_little_time_and_memory(kind: str) -> None:
    if kind == "chain":
        tree = chain(TASKS, 32)
        waited = blame(tree)["waited"].item()
        # Half a second for each task of the chain, on every lane but its own two, which compute every other one.
        assert waited == 30 * TASKS / 2 + 2 * TASKS / 4
    else:
        tree = simulated.run(simulated.many(TASKS, (4,) * 8), (4,) * 8)
    begun = process_time()
    critical_path(tree)
    blame(tree)
    assert process_time() - begun < SECONDS
    tracemalloc.start()
    blame(tree)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < BYTES
