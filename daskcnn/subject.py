"""What is measured, however it is cut: a network on images, and its serial run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from daskcnn import execution
from daskcnn.answer import Answer, Reduced, asked, reduced
from daskcnn.blocks.layer import Key
from daskcnn.forward import forward
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.region import FLOAT
from daskcnn.sink import Target
from daskcnn.sources import First, Labels, Source

SERIAL_BYTES = 16 << 20
"""Of inputs and outputs that the serial run holds at a time."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A network with its images, and how their tasks are made.

    Examples
    --------
    >>> from daskcnn.opening import opened
    >>> subject = Subject(*opened("mnist", images=100))
    >>> frozen = subject.frozen(subject.plan("batch=2", workers=2), "a-run")
    >>> frozen.work.plan.chunks, subject.first(10).images
    ('batch=2', 10)
    """

    network: Network
    sources: Mapping[str, Source]
    """For each of its inputs."""
    engine: str = "onnxruntime"
    granularity: str = "segment"

    @property
    def images(self) -> int:
        """How many."""
        return self._first.shape[0]

    @cached_property
    def labels(self) -> Labels | None:
        """The class of each image, where it is known."""
        return self._first.labels()

    def first(self, images: int) -> Subject:
        """The same network on the first images.

        Raises
        ------
        UsageError
            There are fewer.
        """
        return replace(self, sources={name: First(source, images) for name, source in self.sources.items()})

    def plan(self, chunks: str, workers: int, batch: int | None = None, fan_in: int | None = None) -> Plan:
        """The network cut, with a last layer that names the class where it classifies; see `Plan.of`."""
        return Plan.of(asked(self.network), chunks, images=self.images, workers=workers, batch=batch, fan_in=fan_in)

    def frozen(self, plan: Plan, tag: str, targets: Mapping[str, Target] | None = None) -> Reduced:
        """The tasks of a plan, whose keys end with the tag, and of what is written besides.

        Raises
        ------
        UsageError
            The engine is not known, or the network lacks parameters.
        """
        found = forward(
            plan,
            self.sources,
            engine=self.engine,
            keep=tuple(targets or ()),
            granularity=self.granularity,
            tag=tag,
        )
        return reduced(found, self.network, targets)

    def serial(self) -> tuple[float, Answer]:
        """Seconds and answer of the same kernels without Dask, on one thread of this process."""
        seconds, results = execution.serial(self.alone.work, self.alone.ends, self._near)
        return seconds, self.alone.answer(results)

    @cached_property
    def alone(self) -> Reduced:
        """The tasks of the serial run."""
        shapes = self.network.shapes(1)
        each = sum(math.prod(shapes[name]) for name in (*self.network.inputs, *self.network.outputs))
        plan = self.plan("serial", workers=1, batch=max(1, SERIAL_BYTES // (FLOAT * each)))
        return reduced(forward(plan, self.sources, engine=self.engine), self.network)

    @cached_property
    def _near(self) -> dict[Key, Any]:
        return execution.held(self.alone.work)

    @property
    def _first(self) -> Source:
        return next(iter(self.sources.values()))
