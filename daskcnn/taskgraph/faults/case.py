"""A graph that is looked at for faults, and what is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daskcnn.taskgraph.columns import WORK, Floats, Ints
from daskcnn.taskgraph.cost import SECONDS
from daskcnn.taskgraph.graph import TaskGraph
from daskcnn.taskgraph.schedule import Schedule


@dataclass(frozen=True)
class Finding:
    """Something that is above its limit."""

    name: str
    value: float
    limit: float
    unit: str
    """Of both; empty for a ratio."""
    layer: str
    """Where it is worst."""
    found: str
    """The numbers behind it, in words."""
    change: str
    """What to do about it."""

    def __str__(self) -> str:
        return f"{self.name} ({self.severity}) at {self.layer}: {self.found}; {self.change}"

    @property
    def times(self) -> float:
        """How many times the limit it is."""
        return self.value / self.limit

    @property
    def severity(self) -> str:
        """Minor up to twice the limit, major up to ten times, severe above."""
        return "severe" if self.times > 10 else "major" if self.times > 2 else "minor"


@dataclass(frozen=True, eq=False)
class Case:
    """A graph, its ideal schedule, and what it is to run on."""

    graph: TaskGraph
    schedule: Schedule
    workers: int
    overhead: float
    """Seconds that the scheduler takes for a task."""
    memory: float
    """Bytes that a worker has for its results."""

    @property
    def timed(self) -> bool:
        """Whether costs are known: in seconds."""
        return self.schedule.unit == SECONDS

    @property
    def share(self) -> float:
        """An even share of the work: what it takes at best."""
        return self.schedule.work / self.workers

    @property
    def works(self) -> NDArray[np.bool_]:
        """Which tasks call a function."""
        return self.graph.kind < WORK

    def named(self, word: str) -> NDArray[np.bool_]:
        """Which tasks are of a layer that has a word in its name."""
        return np.array([word in layer for layer in self.graph.layers], dtype=bool)[self.graph.layer]

    @property
    def readers(self) -> Ints:
        """For each task how many read it."""
        return np.bincount(self.graph.reads, minlength=len(self.graph)).astype(np.int64)

    def layer_of(self, task: int) -> str:
        """Name of a task's layer."""
        return self.graph.layers[int(self.graph.layer[task])]

    def most(self, weights: Floats | Ints) -> str:
        """The layer that has most of something that is given by task."""
        return self.graph.layers[int(np.bincount(self.graph.layer, weights).argmax())]
