"""One task that everything waits for, while there is next to nothing else to do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.quantity import many
from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.table import told

NAME, CHANGE = "one task that everything waits for", "split it, or let the others begin without it"
WAIT = 0.2
"""How long the others have nothing to do while it runs, over an even share of the work."""
CROWD = 2
"""Times the workers: tasks that read what all wait for, where its cost is not known."""
BARRIER = "barrier"
"""In the names of tasks that all wait for by design: of Dask's shuffles."""
LOOKED_AT = 8
"""Tasks of the critical path that are looked at, the longest: each takes three passes over all edges."""


def waited_for(case: Case) -> Iterator[Finding]:
    """A task that much waits for, and that little can run beside."""
    if case.workers > 1:
        yield from _by_cost(case) if case.timed else _by_readers(case)


def _by_cost(case: Case) -> Iterator[Finding]:
    """What can run beside a task is all that neither leads to it nor waits for it."""
    graph, cost = case.graph, case.schedule.cost
    path = case.schedule.path
    long = path[case.works[path] & (cost[path] > WAIT * case.share)]
    idle, worst, waiting = 0.0, -1, 0
    for task in long[np.argsort(-cost[long], kind="stable")][:LOOKED_AT].tolist():
        mark = np.zeros(len(graph))
        mark[task] = 1
        after, before = graph.levels.starts(mark) > 0, graph.levels.tails(mark) > 0
        beside = np.where(after | before, 0.0, cost)
        beside[task] = 0
        others = max(beside.sum() / (case.workers - 1), (graph.levels.starts(beside) + beside).max())
        after &= case.works
        # What follows one after the other could not run side by side anyway.
        several = after.sum() >= case.workers and np.bincount(graph.depth[after]).max() > 1
        if several and cost[task] - others > idle:
            idle, worst, waiting = float(cost[task] - others), task, int(after.sum())
    if worst >= 0:
        found = (
            f"{many(waiting, 'task')} must wait for one of {told(float(cost[worst]), 's')}; "
            f"an even share of all work is {told(case.share, 's')}"
        )
        yield Finding(NAME, idle / case.share, WAIT, "", case.layer_of(worst), found, CHANGE)


def _by_readers(case: Case) -> Iterator[Finding]:
    """A task alone at its depth: every deeper one waits for it, as a chain that ends there has one of every depth.

    Of several that follow each other the first gathers and the last deals out.
    """
    graph = case.graph
    width = np.bincount(graph.depth)
    deeper = len(graph) - np.cumsum(width)
    tasks = np.flatnonzero((width[graph.depth] == 1) & ~case.named(BARRIER))
    if not tasks.size:
        return
    depth = graph.depth[tasks]
    breaks = np.flatnonzero(np.diff(depth) > 1)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(tasks) - 1)
    gathered = np.where(depth[first] == 1, np.inf, np.diff(graph.starts)[tasks[first]])
    dealt = case.readers[tasks[last]]
    calls = np.maximum.reduceat(case.works[tasks], first)
    crowd = np.where(calls, np.minimum(gathered, dealt), 0.0)
    worst = int(crowd.argmax())
    task, waiting = int(tasks[last[worst]]), int(deeper[depth[last[worst]]])
    found = f"{many(waiting, 'task')} must wait for one, {dealt[worst]:,} of them for its result"
    yield Finding(NAME, float(crowd[worst]), CROWD * case.workers - 1, "tasks", case.layer_of(task), found, CHANGE)
