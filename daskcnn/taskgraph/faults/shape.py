"""Faults of a graph's shape: what all comes to, too few blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.quantity import many
from daskcnn.taskgraph.columns import Floats, Ints
from daskcnn.taskgraph.cost import totals
from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.faults.waiting import BARRIER
from daskcnn.taskgraph.placement import BANDWIDTH
from daskcnn.taskgraph.table import told

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
ENOUGH = 0.8
"""Of the workers: tasks that run at a time on average, from which on there are enough."""


def all_to_one(case: Case) -> Iterator[Finding]:
    """One task, or one worker, receives the better part of the data, and few others as much."""
    graph = case.graph
    if case.workers < 2 or (case.timed and not case.schedule.work):
        return
    reader, read = graph.edges
    reads = np.diff(graph.starts)
    name, change = "all to one", "gather in a tree, or keep each part where it is"
    if not case.timed:
        task = int(np.where(case.named(BARRIER), 0, reads).argmax())
        if reads[task] >= GATHERED and _few_alike(case, task, reads):
            found = f"one task reads {reads[task]:,} results of {len(graph):,}"
            yield Finding(name, reads[task] / len(graph), QUARTER, "", case.layer_of(task), found, change)
        return
    nbytes = np.nan_to_num(totals(reader, graph.nbytes[read], len(graph)))
    level = float(np.bincount(graph.depth, np.nan_to_num(graph.nbytes)).max())
    task = int(np.where(reads > case.workers, nbytes, 0.0).argmax())
    size = float(nbytes[task])
    if reads[task] > case.workers and size > max(LEAST, BETTER_PART * level) and _few_alike(case, task, nbytes):
        found = (
            f"one task reads {reads[task]:,} results, {told(size)}; no depth of the graph gives more than {told(level)}"
        )
        yield Finding(name, size / BANDWIDTH / case.share, RECEIVE, "", case.layer_of(task), found, change)
    if graph.owned:
        yield from _to_one_worker(case, name, change)


def _few_alike(case: Case, task: int, values: Floats | Ints) -> bool:
    """Whether at most half of the workers have such a task: where all have one, all gather, and nobody waits."""
    layer = case.graph.layer
    alike = int(((layer == layer[task]) & (values > BETTER_PART * values[task])).sum())
    return alike <= max(1, case.workers // 2)


def _to_one_worker(case: Case, name: str, change: str) -> Iterator[Finding]:
    graph = case.graph
    task, to = graph.moves
    if graph.workers < 3 or not len(task):
        return
    received = np.bincount(to, np.nan_to_num(graph.nbytes[task]), graph.workers)
    worker, total = int(received.argmax()), received.sum()
    sources = len(np.unique(graph.owner[task[to == worker]]))
    if received[worker] > max(LEAST, SENT * total) and sources == graph.workers - 1:
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
    if width.max() >= case.workers and case.schedule.work >= ENOUGH * case.workers * case.schedule.span:
        return  # Chains of several lengths lie at several depths, and run side by side.
    narrow = width[graph.depth] < case.workers
    spent = np.where(narrow, cost, 0.0)
    part = float(spent.sum() / case.schedule.work)
    average = case.schedule.work / case.schedule.span
    found = (
        f"{part:.0%} of the work lies where fewer than {many(case.workers, 'task')} can run; "
        f"{int(width.max())} at most, {average:.1f} on average"
    )
    yield Finding(
        "fewer blocks than workers",
        part,
        NARROW,
        "",
        case.most(spent),
        found,
        f"cut into {many(case.workers, 'block')} at least, or take fewer workers",
    )
