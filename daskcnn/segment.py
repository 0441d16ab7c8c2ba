"""Layers whose blocks exchange nothing: one task a block."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from daskcnn.errors import UsageError
from daskcnn.plan import Plan
from daskcnn.region import Region, contains, shape_of
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

    @property
    def exchange(self) -> str:
        """Kind of what is sent for it, of the first layer where there is any."""
        return next((stage.exchange for stage, _ in self.reads if stage.exchange), "")

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
    rank = {stage.layer.name: number for number, stage in enumerate(plan.stages)}
    # For each segment so far its layers, by the name of its last.
    open_ends: dict[str, list[Stage]] = {}
    for stage in plan.stages:
        joined = _joined(stage, plan, open_ends, readers, keep) if granularity == "segment" else set()
        before = [own for end in list(open_ends) if end in joined for own in open_ends.pop(end)]
        open_ends[stage.layer.name] = sorted([*before, stage], key=lambda own: rank[own.layer.name])
    return tuple(Segment(tuple(own)) for own in open_ends.values())


def _joined(
    stage: Stage, plan: Plan, ends: Mapping[str, list[Stage]], readers: Mapping[str, set[str]], keep: Set[str]
) -> set[str]:
    """The last layers of the segments that a layer continues: all that nobody else reads, and nobody by exchange."""
    joined = _ancestors(stage, ends) - keep
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


def _ancestors(stage: Stage, ends: Mapping[str, list[Stage]]) -> set[str]:
    """The last layers of all segments that a layer depends on."""
    found: set[str] = set()
    unseen = set(stage.layer.inputs)
    while unseen:
        name = unseen.pop()
        if name in ends and name not in found:
            found.add(name)
            unseen |= {read for own in ends[name] for read in own.layer.inputs}
    return found


def _follows(plan: Plan, name: str, reader: str) -> bool:
    """Whether each block of a reader needs just the block of the same number, of the same worker."""
    before, stage = plan.by_name[name].layout, plan.by_name[reader]
    if stage.layout.grid[0] != before.grid[0] or stage.layout.owners != before.owners:
        return False
    needs = [need for read, need in zip(stage.layer.inputs, stage.needs, strict=True) if read == name]
    return all(need == before.tiles or _leaves_rest(stage, need, before.tiles) for need in needs)


def _leaves_rest(stage: Stage, needs: Sequence[Region], tiles: Sequence[Region]) -> bool:
    """Whether a window over the whole of each tile gives the same as over the part that it needs, at its start."""
    return stage.op.leaves_rest and all(
        contains(tile, need)
        and need[0] == tile[0]
        and [start for start, _ in need] == [start for start, _ in tile]
        and own.op.output_shape((1, *shape_of(tile)))[1:] == own.shape
        for need, tile, own in zip(needs, tiles, stage.tiles, strict=True)
    )
