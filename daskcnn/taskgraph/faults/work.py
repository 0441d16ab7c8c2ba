"""Faults of what tasks cost: too small, too many one after the other, too much in the graph itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.quantity import many
from daskcnn.taskgraph.columns import KINDS
from daskcnn.taskgraph.definition import ARGUMENTS
from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.table import told

MANY = 100
"""Tasks below which it does not matter what scheduling each takes."""
SMALL = 0.5
"""Scheduling of tasks too small over all the work."""
DEEP = 32
"""Tasks one after the other below which it does not matter what scheduling each takes."""
CHAIN = 0.5
"""Share of the edges that hand on to one task alone."""
EMBEDDED = 10e6
"""Bytes of a graph from which Dask warns: `distributed.admin.large-graph-warning-threshold`."""


def tasks_too_small(case: Case) -> Iterator[Finding]:
    """Scheduling those that cost less than that takes the better part of the work."""
    cost = case.schedule.cost
    small = case.works & (cost > 0) & (cost < case.overhead)
    count, work = int(small.sum()), case.schedule.work
    if case.timed and count >= MANY:
        yield Finding(
            "tasks too small",
            count * case.overhead / work,
            SMALL,
            "",
            case.most(small.astype(np.float64)),
            f"{count:,} tasks cost {told(cost[small].sum(), 's')}, and scheduling them some "
            f"{told(count * case.overhead, 's')}",
            "cut into larger blocks, or let Dask fuse the tasks",
        )


def too_many_layers(case: Case) -> Iterator[Finding]:
    """Each task of the longest chain waits for the scheduler longer than it runs; or all hand on to one task alone."""
    graph, span = case.graph, case.schedule.span
    depth = int(graph.depth.max(initial=0))
    if depth < DEEP or not span:
        return
    name, change = "too many layers for the span", "let one task do several layers: fuse them, or call them in one"
    found = f"the longest chain has {depth:,} tasks"
    if case.timed:
        value = depth * case.overhead / span
        found += f" that cost {told(span, 's')}, and scheduling them takes some {told(depth * case.overhead, 's')}"
        yield Finding(name, value, 1.0, "", case.most(case.works.astype(np.float64)), found, change)
        return
    reader, read = graph.edges
    alone = (np.diff(graph.starts)[reader] == 1) & (case.readers[read] == 1)
    found += f", and {int(alone.sum()):,} of {len(read):,} results go to one task that reads nothing else"
    yield Finding(name, float(alone.mean()), CHAIN, "", case.most(case.works.astype(np.float64)), found, change)


def embedded(case: Case) -> Iterator[Finding]:
    """Data that is sent with the graph, and with a task again each time that it is a literal of one."""
    definition = np.nan_to_num(case.graph.definition)
    large = (definition > ARGUMENTS) | (case.graph.kind == KINDS.index("data"))
    data = np.where(large, definition, 0.0)
    yield Finding(
        "parameters embedded in the graph",
        float(data.sum()),
        EMBEDDED,
        "B",
        case.most(data),
        f"{many(int(large.sum()), 'task')} with {told(data.sum())} of data, the largest {told(data.max(initial=0))}; "
        "all of it goes through the scheduler",
        "load it in a task, or scatter it once and pass the future",
    )
