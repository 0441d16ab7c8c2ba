"""Consecutive layers whose blocks exchange nothing: one task a block."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from daskcnn.plan import Plan, Stage


@dataclass(frozen=True)
class Segment:
    """Layers that run as one task a block; only the first reads what another task made."""

    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        """First and last layer, as in `conv1..relu1`."""
        names = [stage.layer.name for stage in self.stages]
        return names[0] if len(names) == 1 else f"{names[0]}..{names[-1]}"

    @property
    def first(self) -> Stage:
        """The layer that reads."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """The layer that is kept."""
        return self.stages[-1]

    def operations(self, images: int, tile: int) -> int:
        """Floating-point operations of a tile of so many images."""
        return sum(stage.tiles[tile].operations(images) for stage in self.stages)

    def nbytes(self, images: int, tile: int) -> int:
        """Bytes of what a tile of so many images gives."""
        return images * math.prod(self.last.tiles[tile].shape) * self.last.itemsize


def segments(plan: Plan, keep: frozenset[str] = frozenset()) -> tuple[Segment, ...]:
    """The segments of a plan, in order.

    Parameters
    ----------
    plan : Plan
    keep : set of str
        Layers whose output is asked for: none runs on past one of these.

    Examples
    --------
    >>> from daskcnn import networks
    >>> plan = Plan.of(networks.mnist(), "channel=2", images=100, workers=2)
    >>> [segment.name for segment in segments(plan)]
    ['conv1..relu1', 'conv2..flatten', 'dense1..relu3', 'dense2..relu4', 'dense3']
    """
    readers = Counter(name for stage in plan.stages for name in stage.layer.inputs)
    open_ends: dict[str, list[Stage]] = {}
    found: list[list[Stage]] = []
    for stage in plan.stages:
        before = stage.layer.inputs[0]
        run = open_ends.get(before)
        if run is not None and readers[before] == 1 and before not in keep and _follows(run[-1], stage):
            run.append(stage)
        else:
            run = [stage]
            found.append(run)
        open_ends[stage.layer.name] = run
    return tuple(Segment(tuple(run)) for run in found)


def _follows(before: Stage, stage: Stage) -> bool:
    """Whether each block needs just the block of the same number, of the same worker."""
    return (
        len(stage.layer.inputs) == 1
        and stage.layout.grid[0] == before.layout.grid[0]
        and stage.layout.owners == before.layout.owners
        and stage.needs[0] == before.layout.tiles
    )
