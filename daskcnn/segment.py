"""Layers whose blocks exchange nothing: one task a block."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from daskcnn.errors import UsageError
from daskcnn.plan import Plan
from daskcnn.stage import Stage

GRANULARITIES = ("segment", "layer")


@dataclass(frozen=True)
class Segment:
    """Layers that run as one task a block; all but the last keep their output to themselves."""

    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        """First and last layer, as in `conv1..relu1`."""
        names = [stage.layer.name for stage in self.stages]
        return names[0] if len(names) == 1 else f"{names[0]}..{names[-1]}"

    @property
    def last(self) -> Stage:
        """The layer that is kept."""
        return self.stages[-1]

    @cached_property
    def reads(self) -> tuple[tuple[Stage, int], ...]:
        """What comes from outside: layers of the segment, and which of their inputs."""
        own = {stage.layer.name for stage in self.stages}
        return tuple(
            (stage, number)
            for stage in self.stages
            for number, name in enumerate(stage.layer.inputs)
            if name not in own
        )

    def operations(self, images: int, tile: int) -> int:
        """Floating-point operations of a tile of so many images."""
        return sum(stage.tiles[tile].operations(images) for stage in self.stages)

    def nbytes(self, images: int, tile: int) -> int:
        """Bytes of what a tile of so many images gives."""
        return images * math.prod(self.last.tiles[tile].shape) * self.last.itemsize


def segments(plan: Plan, keep: Set[str] = frozenset(), granularity: str = "segment") -> tuple[Segment, ...]:
    """The segments of a plan, each after those it reads.

    Parameters
    ----------
    plan : Plan
    keep : set of str
        Layers whose output is asked for: none runs on past one of these.
    granularity : str
        `segment`: as many layers in a task as exchange nothing; `layer`: one.

    Examples
    --------
    >>> from daskcnn import networks
    >>> plan = Plan.of(networks.mnist(), "channel=2", images=100, workers=2)
    >>> [segment.name for segment in segments(plan)]
    ['conv1..relu1', 'conv2..flatten', 'dense1..relu3', 'dense2..relu4', 'dense3']
    """
    if granularity not in GRANULARITIES:
        raise UsageError(f"unknown granularity {granularity!r}; use {' or '.join(GRANULARITIES)}")
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for stage in plan.stages:
        for name in stage.layer.inputs:
            readers[name].add(stage.layer.name)
    # For each segment so far its layers, by the name of its last.
    open_ends: dict[str, list[Stage]] = {}
    for stage in plan.stages:
        joined = _joined(stage, plan, open_ends, readers, keep) if granularity == "segment" else set()
        before = [own for end in list(open_ends) if end in joined for own in open_ends.pop(end)]
        open_ends[stage.layer.name] = [*before, stage]
    return tuple(Segment(tuple(own)) for own in open_ends.values())


def _joined(
    stage: Stage, plan: Plan, ends: Mapping[str, list[Stage]], readers: Mapping[str, set[str]], keep: Set[str]
) -> set[str]:
    """The last layers of the segments that a layer continues: those that nobody else reads, and nobody by exchange."""
    joined = {name for name in stage.layer.inputs if name in ends and name not in keep}
    while True:
        inside = {stage.layer.name, *(own.layer.name for name in joined for own in ends[name])}
        staying = {
            name
            for name in joined
            if readers[name] <= inside and all(_follows(plan, name, reader) for reader in readers[name])
        }
        if staying == joined:
            return joined
        joined = staying


def _follows(plan: Plan, name: str, reader: str) -> bool:
    """Whether each block of a reader needs just the block of the same number, of the same worker."""
    before, stage = plan.by_name[name].layout, plan.by_name[reader]
    return (
        stage.layout.grid[0] == before.grid[0]
        and stage.layout.owners == before.owners
        and all(
            need == before.tiles for read, need in zip(stage.layer.inputs, stage.needs, strict=True) if read == name
        )
    )
