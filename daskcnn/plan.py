"""A plan: how every layer is cut, what the blocks exchange, and which worker owns each block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral
from pathlib import Path

import numpy as np

from daskcnn import degrees
from daskcnn.assignment import assign, read_plan_file, with_partial_sums
from daskcnn.chunks import parse_chunks
from daskcnn.collector import paused
from daskcnn.errors import UsageError
from daskcnn.markup import card
from daskcnn.network import Network
from daskcnn.nodes import Ints, arranged, between, even
from daskcnn.quantity import quantity
from daskcnn.stage import Stage, connected, stage

MICRO_BATCHES = 4
"""Blocks of images for each stage of a pipeline, where nobody says how many."""
BETWEEN = "Bytes moved between nodes"


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
    nodes: tuple[int, ...]
    """(worker,) The node that each is on."""

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
        nodes: int | Sequence[int] = 1,
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
        nodes : int or sequence of int
            Over how many nodes the workers are spread evenly, or how many workers each of them takes at most.

        Raises
        ------
        UsageError
            Where a number is below 1 (a fan-in below 2), a layer's axis is shorter than the degree asked for, or the
            nodes have no room for the workers.
        """
        least = {"workers": (workers, 1), "images": (images, 1), "batch": (batch, 1), "fan_in": (fan_in, 2)}
        for name, (value, limit) in least.items():
            if value is not None and not (isinstance(value, Integral) and value >= limit):
                raise UsageError(f"{name}={value}: at least {limit} is needed; pass {name}={limit} or more")
        if chunks.endswith(".toml"):
            assigned, label, pipeline = read_plan_file(Path(chunks), network, workers), Path(chunks).name, 1
        else:
            words = degrees.fitted(network, parse_chunks(chunks, workers), images)
            assigned, label, pipeline = assign(network, words, workers), str(words), words.pipeline
        degrees.check(network, assigned, images)
        net, assigned = with_partial_sums(network, assigned, fan_in)
        batch = min(batch or (images if pipeline == 1 else -(-images // (MICRO_BATCHES * pipeline))), images)
        shapes = net.shapes(images)
        stages: dict[str, Stage] = {}
        for layer in net.layers:
            stages[layer.name] = stage(layer, assigned[layer.name], shapes, stages, batch)
        room = nodes if isinstance(nodes, Sequence) else even(workers, nodes)
        made = connected(list(stages.values()))
        return cls(net, label, images, workers, batch, pipeline, made, (0,) * workers).on(room)

    def on(self, room: Sequence[int]) -> Plan:
        """The same plan on nodes that take so many workers each, arranged so that little passes between them.

        Raises
        ------
        UsageError
            They do not take all, or one takes none.

        Examples
        --------
        >>> from daskcnn import networks
        >>> plan = Plan.of(networks.mnist(), "spatial=2x2", images=100, workers=4)
        >>> plan.on([2, 2]).nodes, plan.on([2, 2]).bytes_between_nodes < plan.bytes_moved
        ((0, 0, 1, 1), True)
        """
        if sum(room) < self.workers or min(room) < 1:
            told = " + ".join(map(str, room)) or "no"
            raise UsageError(
                f"nodes with room for {told} workers: the plan has {self.workers}, and each node at least 1"
            )
        return replace(self, nodes=arranged(self.traffic, room) if len(room) > 1 else (0,) * self.workers)

    def _repr_html_(self) -> str:
        several = len(self.sizes) > 1
        rows = [
            (
                own.layer.name,
                type(own.op).__name__.lower(),
                str(own.partition),
                quantity(len(own.layout.blocks)),
                own.kind,
                quantity(self.bytes_sent(own), "B"),
                *([quantity(self.sent_between_nodes(own), "B")] if several else []),
            )
            for own in self.stages
        ]
        titles = ("Layer", "Kind", "Cut", "Blocks", "Exchange", "Bytes moved", *([BETWEEN] if several else []))
        numbers = {"Images": self.images, "Batch": self.batch, "Workers": self.workers}
        facts = {name: quantity(number) for name, number in numbers.items()}
        facts["Bytes moved"] = quantity(self.bytes_moved, "B")
        if several:
            facts |= {"Nodes": quantity(len(self.sizes)), BETWEEN: quantity(self.bytes_between_nodes, "B")}
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

    @cached_property
    def traffic(self) -> Ints:
        """(source, destination) Bytes sent from worker to worker."""
        found: Ints = sum((self.traffic_of(stage) for stage in self.stages), np.zeros((self.workers,) * 2, np.int64))
        return found

    def traffic_of(self, stage: Stage) -> Ints:
        """(source, destination) Bytes sent from worker to worker so that a layer's blocks have what they need."""
        found = np.zeros((self.workers,) * 2, np.int64)
        for name, part in zip(stage.layer.inputs, stage.exchanges, strict=True):
            if part is not None:
                read = self.by_name[name]
                found += part.traffic(read.layout, self.workers) * read.itemsize
        return found

    def sent_between_nodes(self, stage: Stage) -> int:
        """Bytes sent from node to node for a layer."""
        return between(self.traffic_of(stage), self.nodes) if len(self.sizes) > 1 else 0

    @property
    def bytes_between_nodes(self) -> int:
        """Bytes sent from node to node in all; the others of `bytes_moved` stay inside a node."""
        return between(self.traffic, self.nodes) if len(self.sizes) > 1 else 0

    @property
    def sizes(self) -> dict[int, int]:
        """How many workers each node has."""
        return dict(sorted(Counter(self.nodes).items()))

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
