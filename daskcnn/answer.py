"""What comes back of a run: predictions or checksums, reduced on the workers; outputs stay where they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.blocks.checksums import checksums, total
from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.writes import writes, written
from daskcnn.forward import Forward
from daskcnn.network import Network
from daskcnn.sink import Target
from daskcnn.sources import Labels

PREDICT = "predict"
CLOSE = 1e-4
"""How far two checksums may lie apart, relative to the sum of absolute values: law 1's own bound."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What one execution gave."""

    predictions: NDArray[np.int64] | None
    """The class of each image, where the network names one."""
    checksums: Mapping[str, NDArray[np.float64]]
    """For each of the other outputs its sum and its sum of absolute values."""

    def same_as(self, other: Answer) -> bool:
        """Whether every prediction is the same, and every sum within rounding."""
        if self.predictions is not None and not np.array_equal(self.predictions, other.predictions):  # type: ignore[arg-type]
            return False
        pairs = ((own, other.checksums[name]) for name, own in self.checksums.items())
        return all(
            np.array_equal(own, theirs)
            or (np.isfinite(theirs).all() and np.abs(own - theirs).max() <= CLOSE * theirs[1])
            for own, theirs in pairs
        )

    def accuracy(self, labels: Labels | None) -> float:
        """Share of the images whose class is their label; NaN where either is not known."""
        if self.predictions is None or labels is None:
            return float("nan")
        return float(np.mean(self.predictions == labels))


@dataclass(frozen=True)
class Reduced:
    """A forward whose last tasks give an answer."""

    work: Forward
    outputs: tuple[str, ...]
    """Outputs that come back as checksums."""
    bytes_aligned: int
    """Bytes sent so that each worker writes whole chunks."""

    @property
    def ends(self) -> list[BlockLayer]:
        """The layers whose results come back, or are waited for."""
        labels = {f"{name}.{kind}" for name in self.work.names for kind in ("checksum", "write")}
        predict = self.work.names.get(PREDICT)
        return [layer for layer in self.work.work if layer.label in labels or layer.name == predict]

    def retagged(self, tag: str) -> Reduced:
        """The same under fresh keys."""
        return replace(self, work=self.work.retagged(tag))

    def answer(self, results: Mapping[Key, Any]) -> Answer:
        """Put the results of the last tasks together."""
        found = {layer.name: [results[key] for key in layer.tasks] for layer in self.ends}
        tag = self.work.work[0].tag
        classes = found.get(self.work.names.get(PREDICT, ""))
        return Answer(
            None if classes is None else np.concatenate(classes),
            {name: total(found[f"{name}.checksum-{tag}"]) for name in self.outputs},
        )


def classifies(network: Network) -> bool:
    """Whether a network's only output is a row of numbers an image, the largest of which names its class."""
    shape = network.shapes(1)[network.outputs[0]]
    return len(network.outputs) == 1 and len(shape) == 2 and shape[1] > 1


def asked(network: Network) -> Network:
    """The network with a last layer that names the class, where it classifies."""
    return network.classifier() if classifies(network) else network


def reduced(found: Forward, network: Network, targets: Mapping[str, Target] | None = None) -> Reduced:
    """Add the tasks that reduce each output, and those that write it.

    Parameters
    ----------
    found : Forward
        Of `asked(network)`, which keeps the network's outputs if they are written.
    network : Network
        As it was before.
    targets : mapping of str to Target, optional
        Where outputs are written.
    """
    tag, added, aligned = found.work[0].tag, [], 0
    outputs = () if classifies(network) else network.outputs
    keys = {name: _keys(found, name) for name in {*outputs, *(targets or {})}}
    for name in outputs:
        added.append(checksums(name, found.plan.by_name[name].layout, keys[name], tag))
    for name, target in (targets or {}).items():
        stage = found.plan.by_name[name]
        slices, last = writes(name, stage.layout, keys[name], stage.itemsize, target, tag)
        added += [slices, last] if slices.tasks else [last]
        aligned += written(stage.layout, target)[1].elements * stage.itemsize
    return Reduced(replace(found, work=(*found.work, *added)), outputs, aligned)


def _keys(found: Forward, name: str) -> list[Key]:
    return next(list(layer.tasks) for layer in found.work if layer.name == found.names[name])
