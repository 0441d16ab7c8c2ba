"""The task graph that `daskcnn graph` is asked about: a network's, a collection's, a stored run's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import xarray as xr

from daskcnn import networks
from daskcnn.cli import show
from daskcnn.errors import RunError, UsageError
from daskcnn.metrics import one_repeat
from daskcnn.named import named
from daskcnn.opening import opened
from daskcnn.provenance import cores
from daskcnn.quantity import many
from daskcnn.runs import Run
from daskcnn.store import Store
from daskcnn.subject import Subject
from daskcnn.taskgraph import TaskGraph, collections_in, table_of_run

WORKERS = 4
"""That there are to run a collection, unless told."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A graph that is asked about."""

    title: str
    """A line that says what it is."""
    base: str
    """The same without how a network is cut."""
    way: str
    """How it is cut; empty for others."""
    graph: TaskGraph


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
    def kind(self) -> str:
        """A network, a collection or a run."""
        if self.name in networks.INPUTS or self.name.endswith(".onnx"):
            return "network"
        return "collection" if ":" in self.name else "run"

    def asked(self) -> Asked:
        """The graph."""
        match self.kind:
            case "network":
                return self.cut(self.chunks)
            case "collection":
                return self._collection(named(self.name))
        return self._run(self._stored())

    def cut(self, chunks: str) -> Asked:
        """That of a network's plan."""
        net, sources = opened(self.name, self.inputs, self.images)
        subject = Subject(net, sources, granularity=self.granularity)
        plan = subject.plan(chunks, self.workers or cores(), self.batch, self.fan_in)
        graph = TaskGraph.of(subject.frozen(plan, "plan").work)
        # Plan files may be called alike, each in its own folder.
        way = chunks if chunks.endswith(".toml") else plan.chunks
        title, base = (_title(net.name, own, plan.workers, plan.images) for own in (way, ""))
        return Asked(title, base, way, graph)

    def _collection(self, found: Any) -> Asked:
        workers = self.workers or WORKERS
        where = f"on {many(workers, 'worker')}"
        if collections := list(collections_in(found)):
            graph = TaskGraph.from_collection(collections, optimize=self.optimize, workers=workers)
            return _other(f"{self.name}, {'as optimized' if self.optimize else 'as written'}, {where}", graph)
        if not isinstance(found, Mapping) or isinstance(found, xr.Dataset):
            raise UsageError(
                f"{self.name} is no dask collection, but {type(found).__name__}: name an array, delayed, data frame, "
                "bag or xarray object of Dask, several in a list or dict, or a raw graph"
            )
        return _other(f"{self.name}, {where}", TaskGraph.from_graph(found, workers=workers))

    def _stored(self) -> Run:
        """The run that is meant, by its id or by its file."""
        file = Path(self.name)
        if file.suffix == ".nc" and file.is_file():
            return Run(Store(file.parent).open(file.stem))
        if self.name.endswith(".py"):
            raise UsageError(f"{self.name!r} names no collection: say which of that script, as in {self.name}:total")
        ids = self.store.ids()
        if not any(name.startswith(self.name) for name in ids):
            near = get_close_matches(self.name, [*networks.INPUTS, *ids], 1)
            way_out = f"nearest is {near[0]!r}" if near else f"networks are {', '.join(networks.INPUTS)}"
            raise UsageError(f"no network and no run {self.name!r} in store {self.store.path}: {way_out}")
        return Run(self.store.open(self.name))

    def _run(self, run: Run) -> Asked:
        row = {name: run.tree[name].item() for name in ("network", "chunks", "workers", "images")}
        title = f"run {run.id}: {_title(**row)}"
        if "graph" in run.tree:
            return _other(title, TaskGraph.from_dataset(run.tree["graph"].to_dataset()))
        # Figures take a second to import.
        from daskcnn.figures import middle_repeat

        ran = table_of_run(run.tree, one_repeat(run.tree.children["trace"], middle_repeat(run.tree)))
        if not ran.sizes["task"]:
            raise RunError(f"run {run.id!r} recorded no task: ask about another")
        show.doubted(run.tree.to_dataset().expand_dims(run=[run.id]))
        return _other(f"{title}, as it ran", TaskGraph.from_dataset(ran))


def _other(title: str, graph: TaskGraph) -> Asked:
    return Asked(title, title, "", graph)


def _title(network: str, chunks: str, workers: int, images: int) -> str:
    """Of a run of other work it is not known how it was cut.

    >>> _title("mnist", "batch=2", 2, 1), _title("sums.py", "", 2, 0)
    ('mnist, batch=2 on 2 workers, 1 image', 'sums.py on 2 workers')
    """
    cut = f", {chunks}" if chunks else ""
    return f"{network}{cut} on {many(workers, 'worker')}" + (f", {many(images, 'image')}" if images else "")
