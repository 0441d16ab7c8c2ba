"""Faults of a graph's shape: what all wait for, what all comes to, too few blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.quantity import many
from daskcnn.taskgraph.cost import totals
from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.placement import BANDWIDTH
from daskcnn.taskgraph.table import told

WAIT = 0.2
"""Cost of a task that all wait for, over an even share of the work."""
CROWD = 2
"""Times the workers: tasks that read what all wait for, where its cost is not known."""
RECEIVE = 0.1
"""Time in which data comes to one, over an even share of the work."""
LEAST = 1e6
"""Bytes below which it does not matter where they go."""
BETTER_PART = 0.5
"""Of the data: of all outputs of one depth."""
SENT = 0.9
"""Of what is sent: what one worker receives."""
GATHERED, QUARTER = 64, 0.25
"""Results that one task reads where their size is not known, and their share of all tasks."""
NARROW = 0.5
"""Share of the cost at depths with fewer tasks than workers."""
BARRIER = "barrier"
"""In the names of tasks that all wait for by design: of Dask's shuffles."""


def waited_for(case: Case) -> Iterator[Finding]:
    """One task alone at its depth: every deeper one waits for it.

    A chain of d tasks ends in each task of depth d, and has one task at every depth before.
    """
    graph = case.graph
    width = np.bincount(graph.depth)
    deeper = len(graph) - np.cumsum(width)
    alone = (width[graph.depth] == 1) & (deeper[graph.depth] >= case.workers)
    before = len(graph) - deeper[graph.depth] - 1
    alone &= case.works & ((before >= case.workers) | (graph.depth == 1))
    alone &= np.array([BARRIER not in layer for layer in graph.layers], dtype=bool)[graph.layer]
    if not alone.any():
        return
    name, change = "one task that everything waits for", "split it, or let the others begin without it"
    if case.timed:
        task = int(np.where(alone, case.schedule.cost, -1.0).argmax())
        cost, waiting = float(case.schedule.cost[task]), int(deeper[graph.depth[task]])
        share = f"an even share of all work is {told(case.share, 's')}"
        found = f"{many(waiting, 'task')} must wait for one of {told(cost, 's')}; {share}"
        yield Finding(name, cost / case.share, WAIT, "", case.layer_of(task), found, change)
        return
    crowd = np.where(graph.depth == 1, case.readers, np.minimum(case.readers, np.diff(graph.starts)))
    task = int(np.where(alone, crowd, -1).argmax())
    waiting, readers = int(deeper[graph.depth[task]]), int(case.readers[task])
    found = f"{many(waiting, 'task')} must wait for one, {readers:,} of them for its result"
    yield Finding(name, float(crowd[task]), CROWD * case.workers - 1, "tasks", case.layer_of(task), found, change)


def all_to_one(case: Case) -> Iterator[Finding]:
    """One task, or one worker, receives the better part of the data."""
    graph = case.graph
    reader, read = graph.edges
    reads = np.diff(graph.starts)
    name, change = "all to one", "gather in a tree, or keep each part where it is"
    nbytes = totals(reader, graph.nbytes[read], len(graph))
    level = np.bincount(graph.depth, np.nan_to_num(graph.nbytes)).max()
    task = int(np.where(reads > case.workers, np.nan_to_num(nbytes), 0.0).argmax())
    if case.timed and nbytes[task] > max(LEAST, BETTER_PART * level) and reads[task] > case.workers:
        value = nbytes[task] / BANDWIDTH / case.share
        found = f"one task reads {reads[task]:,} results, {told(float(nbytes[task]))} of {told(float(level))}"
        yield Finding(name, value, RECEIVE, "", case.layer_of(task), found, change)
    elif not case.timed:
        free = np.array([BARRIER not in layer for layer in graph.layers], dtype=bool)[graph.layer]
        task = int(np.where(free, reads, 0).argmax())
        if reads[task] >= GATHERED:
            found = f"one task reads {reads[task]:,} results of {len(graph):,}"
            yield Finding(name, reads[task] / len(graph), QUARTER, "", case.layer_of(task), found, change)
    if graph.owned:
        yield from _to_one_worker(case, name, change)


def _to_one_worker(case: Case, name: str, change: str) -> Iterator[Finding]:
    graph = case.graph
    task, to = graph.moves
    if graph.workers < 3 or not len(task):
        return
    received = np.bincount(to, np.nan_to_num(graph.nbytes[task]), graph.workers)
    worker, total = int(received.argmax()), received.sum()
    sources = len(np.unique(graph.owner[task[to == worker]]))
    if received[worker] > max(LEAST, SENT * total) and sources == graph.workers - 1 and case.timed:
        value = received[worker] / BANDWIDTH / case.share
        found = f"worker {worker} receives {told(float(received[worker]))} of {told(float(total))} that are sent"
        reader, read = graph.edges
        away = (graph.owner[reader] == worker) & (graph.owner[read] != worker)
        layer = case.layer_of(int(reader[away][np.nan_to_num(graph.nbytes[read[away]]).argmax()]))
        yield Finding(name, float(value), RECEIVE, "", layer, found, change)


def fewer_blocks(case: Case) -> Iterator[Finding]:
    """Most of the work lies at depths at which there are fewer tasks than workers."""
    graph, cost = case.graph, case.schedule.cost
    if not case.schedule.work:
        return
    width = np.bincount(graph.depth[case.works], minlength=int(graph.depth.max()) + 1)
    narrow = width[graph.depth] < case.workers
    spent = np.where(narrow, cost, 0.0)
    part = float(spent.sum() / case.schedule.work)
    few = f"fewer than {many(case.workers, 'task')} can run; at most {int(width.max())} can"
    found = f"{part:.0%} of the work lies where {few}"
    yield Finding(
        "fewer blocks than workers",
        part,
        NARROW,
        "",
        case.most(spent),
        found,
        f"cut into {many(case.workers, 'block')} at least, or take fewer workers",
    )
