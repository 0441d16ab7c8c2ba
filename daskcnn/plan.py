"""A plan: how every layer is cut, what the blocks exchange, and which worker owns each block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path

from daskcnn.assignment import Assignment, assign, read_plan_file, with_partial_sums
from daskcnn.chunks import Chunks, parse_chunks
from daskcnn.collector import paused
from daskcnn.errors import UsageError
from daskcnn.layers.partial import splittable
from daskcnn.markup import card
from daskcnn.network import Network
from daskcnn.quantity import quantity
from daskcnn.stage import Stage, connected, stage

MICRO_BATCHES = 4
"""Blocks of images for each stage of a pipeline, where nobody says how many."""


@dataclass(frozen=True)
class Plan:
    """A network, cut.

    Examples
    --------
    >>> from daskcnn import networks
    >>> plan = Plan.of(networks.mnist(), "channel=2", images=100, workers=2)
    >>> {stage.layer.name: plan.bytes_sent(stage) for stage in plan.stages if stage.kind == "all-gather"}
    {'conv2': 1254400, 'dense1': 627200, 'dense2': 80000, 'dense3': 80000}
    """

    network: Network
    """With a layer for every partial sum that the plan adds."""
    chunks: str
    """What was asked for, with all degrees."""
    images: int
    workers: int
    batch: int
    """Most images in a block."""
    pipeline: int
    """Stages of consecutive layers on workers of their own."""
    stages: tuple[Stage, ...]

    @classmethod
    @paused()
    def of(
        cls,
        network: Network,
        chunks: str,
        *,
        images: int,
        workers: int,
        batch: int | None = None,
        fan_in: int | None = None,
    ) -> Plan:
        """Cut every layer of a network as far as it can be cut so.

        A layer that cannot be cut along an axis (a dense layer has no rows, a class is named from all the
        features) is cut into as many blocks of images instead: that moves each byte once at most.

        Parameters
        ----------
        network : Network
        chunks : str
            As in `--chunks`: serial, batch, channel=3, spatial=2x2, batch=2,channel=2, pipeline=2 …, or the path of
            a plan file, `NAME.toml`.
        images : int
            Images in all.
        workers : int
            Workers that share the blocks.
        batch : int, optional
            Images in a block at most; all of a worker's images by default, in a pipeline four blocks a stage.
        fan_in : int, optional
            How many partial sums are added at a time; all by default.

        Raises
        ------
        UsageError
            Where a number is below 1 (a fan-in below 2), or a layer's axis is shorter than the degree asked for.
        """
        least = {"workers": (workers, 1), "images": (images, 1), "batch": (batch, 1), "fan_in": (fan_in, 2)}
        for name, (value, limit) in least.items():
            if value is not None and not (isinstance(value, Integral) and value >= limit):
                raise UsageError(f"{name}={value}: at least {limit} is needed; pass {name}={limit} or more")
        if chunks.endswith(".toml"):
            assigned, label, pipeline = read_plan_file(Path(chunks), network, workers), Path(chunks).name, 1
        else:
            words = _fitted(network, parse_chunks(chunks, workers), images)
            assigned, label, pipeline = assign(network, words, workers), str(words), words.pipeline
        _check(network, assigned, images)
        net, assigned = with_partial_sums(network, assigned, fan_in)
        batch = min(batch or (images if pipeline == 1 else -(-images // (MICRO_BATCHES * pipeline))), images)
        shapes = net.shapes(images)
        stages: dict[str, Stage] = {}
        for layer in net.layers:
            stages[layer.name] = stage(layer, assigned[layer.name], shapes, stages, batch)
        return cls(net, label, images, workers, batch, pipeline, connected(list(stages.values())))

    def _repr_html_(self) -> str:
        rows = [
            (
                own.layer.name,
                type(own.op).__name__.lower(),
                str(own.partition),
                quantity(len(own.layout.blocks)),
                own.kind,
                quantity(self.bytes_sent(own), "B"),
            )
            for own in self.stages
        ]
        titles = ("Layer", "Kind", "Cut", "Blocks", "Exchange", "Bytes moved")
        numbers = {"Images": self.images, "Batch": self.batch, "Workers": self.workers}
        facts = {name: quantity(number) for name, number in numbers.items()}
        facts["Bytes moved"] = quantity(self.bytes_moved, "B")
        left = {"Layer", "Kind", "Cut", "Exchange"}
        return card(f"Plan of {self.network.name}: {self.chunks}", facts, titles, rows, left)

    @cached_property
    def by_name(self) -> dict[str, Stage]:
        """The stages by their layers' names."""
        return {stage.layer.name: stage for stage in self.stages}

    def bytes_sent(self, stage: Stage) -> int:
        """Bytes sent from worker to worker so that a layer's blocks have what they need.

        What several layers read counts for the first of them.
        """
        return sum(
            part.elements * self.by_name[name].itemsize
            for name, part in zip(stage.layer.inputs, stage.exchanges, strict=True)
            if part is not None
        )

    @property
    def bytes_moved(self) -> int:
        """Bytes sent from worker to worker in all."""
        return sum(self.bytes_sent(stage) for stage in self.stages)

    @property
    def bubble(self) -> float:
        """The share of the workers' time that a pipeline idles while it fills and drains, by operations.

        Source: Huang et al., "GPipe" (2019), section 2.3, with the stages' own operations in place of equal ones.
        """
        operations = self.network.operations(1)
        work: Counter[int] = Counter()
        for own in self.stages:
            # Layers whose blocks begin on the same worker take turns there, be they of one stage or of two.
            work[own.layout.owners[0][0]] += operations[own.layer.name]
        blocks = len(self.stages[0].layout.batches)
        span = work.total() + (blocks - 1) * max(work.values())
        return 1 - blocks * work.total() / (len(work) * span) if span else 0.0


def _fitted(network: Network, chunks: Chunks, images: int) -> Chunks:
    """Degrees that nobody asked for, no larger than the shortest axis that they cut."""
    for axis in chunks.axes.keys() - chunks.asked - {"pipeline"}:
        limit = _limit(network, {layer.name for layer in network.layers}, axis, images)
        if limit:
            chunks = chunks.at_most(axis, limit[0])
    stages = len(network.layers)
    return chunks if "pipeline" in chunks.asked else chunks.at_most("pipeline", stages)


def _check(network: Network, assigned: Mapping[str, Assignment], images: int) -> None:
    """Refuse a degree that was asked for and is larger than the shortest axis that it cuts."""
    asked = {(axis, parts) for own in assigned.values() for axis, parts in own.partition.items() if axis in own.asked}
    for axis, parts in sorted(asked):
        cut = {
            name for name, own in assigned.items() if dict(own.partition.items())[axis] == parts and axis in own.asked
        }
        limit = _limit(network, cut, axis, images)
        if limit and parts > limit[0]:
            where = f"there are {images} images" if axis == "batch" else f"{limit[1]} has {limit[0]}"
            raise UsageError(f"{axis}={parts} is more blocks than {axis} is long: {where}; use {limit[0]} or less")


def _limit(network: Network, layers: Set[str], axis: str, images: int) -> tuple[int, str] | None:
    """The shortest of an axis over those of the layers that can be cut along it, and that layer's name.

    An axis of one element is cut by nobody, as after a global pool. Input channels are few in a first layer,
    whatever comes after: of them it is the longest.
    """
    shapes = network.shapes(images)
    own = [layer for layer in network.layers if layer.name in layers]
    if axis == "filter":
        return max(((shapes[layer.inputs[0]][1], layer.name) for layer in own if splittable(layer.op)), default=None)
    sizes = [
        (size, layer.name)
        for layer in own
        for name, size in zip(layer.op.axes(len(shapes[layer.name])), shapes[layer.name], strict=True)
        if name == axis and axis in layer.op.cuts
    ]
    return min((size for size in sizes if size[0] > 1), default=max(sizes, default=None))
