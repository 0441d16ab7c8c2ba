"""The ideal schedule of a graph: enough workers, nothing to send, every task as soon as what it reads is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daskcnn.taskgraph.columns import Floats, Ints
from daskcnn.taskgraph.cost import BANDWIDTH, RATE, costs
from daskcnn.taskgraph.graph import TaskGraph

ROUNDING = 1e-9
"""Of the span: slack below this is none."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """When each task starts at the earliest, and what must follow it.

    Work and span are those of Blumofe and Leiserson, Scheduling multithreaded computations by work stealing, JACM 46
    (1999), and of Cormen et al., Introduction to Algorithms, chapter on multithreaded algorithms.
    """

    graph: TaskGraph
    cost: Floats
    """Of each task; what is not known counts for nothing."""
    unit: str
    unknown: int
    """Tasks whose cost is not known."""
    start: Floats
    tail: Floats
    """The longest path from each task to an end, without the task."""

    @classmethod
    def of(cls, graph: TaskGraph, rate: float = RATE, bandwidth: float = BANDWIDTH) -> Schedule:
        """The schedule by the costs that are known."""
        cost, unit = costs(graph, rate, bandwidth)
        known = np.nan_to_num(cost)
        levels = graph.levels
        return cls(graph, known, unit, int(np.isnan(cost).sum()), levels.starts(known), levels.tails(known))

    @property
    def work(self) -> float:
        """T1: the cost of all tasks."""
        return float(self.cost.sum())

    @cached_property
    def span(self) -> float:
        """T∞: the cost of the longest path."""
        return float((self.start + self.cost).max(initial=0.0))

    @property
    def slack(self) -> Floats:
        """How much later each task may end without the whole ending later."""
        slack = self.span - self.start - self.cost - self.tail
        return np.where(slack > ROUNDING * self.span, slack, 0.0)

    @cached_property
    def path(self) -> Ints:
        """Tasks of a longest path, first to last."""
        if not len(self.graph):
            return np.zeros(0, dtype=np.int64)
        reader, read = self.graph.edges
        bound = self.start[read] + self.cost[read] == self.start[reader]
        before = np.full(len(self.graph), -1)
        before[reader[bound]] = read[bound]
        parent, task = before.tolist(), int((self.start + self.cost).argmax())
        steps = []
        while task >= 0:
            steps.append(task)
            task = parent[task]
        return np.array(steps[::-1], dtype=np.int64)
