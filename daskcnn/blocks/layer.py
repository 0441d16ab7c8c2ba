"""A layer of tasks: what `dask.array` calls a layer, with what is known of each task before it runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from dask._task_spec import Task

from daskcnn.blocks.gather import Gather

Key = tuple[Any, ...]
Input = tuple[Gather, tuple[Key, ...]]
"""What a block reads of one input: how it is put together, and the tasks that carry the parts."""


@dataclass
class BlockLayer:
    """Tasks of one kind, in order, and for each its owner, operations and bytes."""

    label: str
    """What it is, as people read it: `conv1`, `conv2.halo`."""
    tag: str
    """What tells its keys from those of any other run."""
    reads: frozenset[str] = frozenset()
    """Names of the layers whose tasks these read."""
    exchange: str = ""
    """How they come by what lies elsewhere: halo, all-gather, reduce or relayout; empty where nothing is sent."""
    tasks: dict[Key, Task] = field(default_factory=dict)
    owners: list[int] = field(default_factory=list)
    operations: list[int] = field(default_factory=list)
    nbytes: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """First part of every key; Dask's own pages show it without the tag."""
        return f"{self.label}-{self.tag}"

    def retagged(self, tag: str, names: dict[str, str]) -> BlockLayer:
        """The same tasks under other keys; `names` says how the layers that they read are called now."""
        fresh: dict[Key, Task] = {}
        for old, task in self.tasks.items():
            read = cast(frozenset[Key], task.dependencies)
            key = (f"{self.label}-{tag}", *old[1:])
            fresh[key] = task.substitute({k: (names[k[0]], *k[1:]) for k in read if k[0] in names}, key=key)
        reads = frozenset(names.get(name, name) for name in self.reads)
        return replace(self, tag=tag, reads=reads, tasks=fresh)

    def add(self, task: Task, owner: int, operations: int, nbytes: int) -> None:
        """Append a task."""
        self.tasks[cast(Key, task.key)] = task
        self.owners.append(owner)
        self.operations.append(operations)
        self.nbytes.append(nbytes)
