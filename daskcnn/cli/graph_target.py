"""The task graph that `daskcnn graph` is asked about: a network's, a collection's, a stored run's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daskcnn import networks
from daskcnn.errors import RunError
from daskcnn.figures import middle_repeat
from daskcnn.metrics import one_repeat
from daskcnn.named import named
from daskcnn.opening import opened
from daskcnn.provenance import cores
from daskcnn.quantity import many
from daskcnn.runs import Run
from daskcnn.store import Store
from daskcnn.subject import Subject
from daskcnn.taskgraph import TaskGraph, table_of_run

WORKERS = 4
"""That there are to run a collection, unless told."""


@dataclass(frozen=True)
class Target:
    """What was asked about, and the settings that its graph depends on."""

    name: str
    store: Store
    chunks: str
    workers: int | None
    images: int | None
    batch: int | None
    fan_in: int | None
    granularity: str
    optimize: bool
    inputs: str | Mapping[str, str] | None = None

    @property
    def is_network(self) -> bool:
        """Whether it is to be cut first."""
        return self.name in networks.INPUTS or self.name.endswith(".onnx")

    def graph(self) -> tuple[str, TaskGraph]:
        """A line that says what it is, and the graph."""
        if self.is_network:
            return self.cut(self.chunks)
        if ":" in self.name:
            return self._collection(named(self.name))
        run = Run(self.store.open(self.name))
        if "graph" in run.tree:
            return f"run {run.id}", TaskGraph.from_dataset(run.tree["graph"].to_dataset())
        ran = table_of_run(run.tree, one_repeat(run.tree.children["trace"], middle_repeat(run.tree)))
        if not ran.sizes["task"]:
            raise RunError(f"run {run.id!r} recorded no task: ask about another")
        return f"run {run.id}, as it ran", TaskGraph.from_dataset(ran)

    def cut(self, chunks: str) -> tuple[str, TaskGraph]:
        """The same of a network's plan."""
        net, sources = opened(self.name, self.inputs, self.images)
        subject = Subject(net, sources, granularity=self.granularity)
        plan = subject.plan(chunks, self.workers or cores(), self.batch, self.fan_in)
        graph = TaskGraph.of(subject.frozen(plan, "plan").work)
        # Plan files may be called alike, each in its own folder.
        way = chunks if chunks.endswith(".toml") else plan.chunks
        return f"{net.name}, {way} on {many(plan.workers, 'worker')}, {many(plan.images, 'image')}", graph

    def _collection(self, found: Any) -> tuple[str, TaskGraph]:
        workers = self.workers or WORKERS
        if isinstance(found, Mapping):
            return self.name, TaskGraph.from_graph(found, workers=workers)
        written = "as optimized" if self.optimize else "as written"
        return f"{self.name}, {written}", TaskGraph.from_collection(found, optimize=self.optimize, workers=workers)
