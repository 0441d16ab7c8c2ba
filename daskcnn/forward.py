"""From a plan to tasks: the network's outputs as named dask arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import dask.array as da
import numpy as np
from dask.highlevelgraph import HighLevelGraph, MaterializedLayer

from daskcnn import kernels
from daskcnn.blocks.arrays import read_array
from daskcnn.blocks.compute import block_keys, tasks
from daskcnn.blocks.images import images
from daskcnn.blocks.layer import BlockLayer, Input, Key
from daskcnn.blocks.sends import Carrier, Sends, inputs
from daskcnn.blocks.weights import weights
from daskcnn.collector import paused
from daskcnn.errors import UsageError
from daskcnn.plan import Plan
from daskcnn.region import chunks
from daskcnn.segment import segments
from daskcnn.sources import Source
from daskcnn.stage import Stage

Sources = Mapping[str, Source | da.Array]
"""For each of a network's inputs where its images come from."""


@dataclass(frozen=True)
class Forward:
    """A plan as tasks."""

    plan: Plan
    setup: tuple[BlockLayer, ...]
    """What lies on the workers before the work begins: images and parameters."""
    work: tuple[BlockLayer, ...]
    """What is computed and sent."""
    names: dict[str, str]
    """For each layer that is kept, the name of its tasks."""
    arrays: tuple[da.Array, ...] = ()
    """The dask arrays among what is read."""

    @paused()
    def retagged(self, tag: str) -> Forward:
        """The same work under fresh keys, on the same images and parameters.

        Dask would answer a second run under the same keys from memory.
        """
        names = {layer.name: f"{layer.label}-{tag}" for layer in self.work}
        work = tuple(layer.retagged(tag, names) for layer in self.work)
        return replace(self, work=work, names={layer: names[name] for layer, name in self.names.items()})

    @property
    def layers(self) -> tuple[BlockLayer, ...]:
        """All, each after those it reads."""
        return self.setup + self.work

    def array(self, name: str, layers: Sequence[BlockLayer] | None = None) -> da.Array:
        """The output of a kept layer as a lazy dask array; of `work` alone where the rest is on the workers."""
        stage = self.plan.by_name[name]
        layers = self.layers if layers is None else layers
        known = {layer.name for layer in layers} | {array.name for array in self.arrays}
        own = HighLevelGraph(
            {layer.name: MaterializedLayer(layer.tasks) for layer in layers},
            {layer.name: known & layer.reads for layer in layers},
        )
        graph = HighLevelGraph.merge(own, *(array.dask for array in self.arrays))
        return da.Array(
            graph,
            self.names[name],
            chunks=chunks(stage.layout.grid),
            meta=np.empty((0,) * len(stage.shape), stage.op.output_dtype()),
        )


@paused()
def forward(
    plan: Plan,
    source: Source | Sources,
    *,
    engine: str = "onnxruntime",
    keep: Sequence[str] = (),
    granularity: str = "segment",
    tag: str = "0",
) -> Forward:
    """The tasks of a plan.

    Parameters
    ----------
    plan : Plan
        Its network has parameters.
    source : Source, or mapping of str to Source or dask array
        As many images as the plan has; by name where the network has several inputs.
    engine : str
        `onnxruntime` or `numpy`.
    keep : sequence of str
        Layers whose output is asked for besides the network's own outputs.
    granularity : str
        `segment` or `layer`: how many layers a task computes.
    tag : str
        What tells this forward's keys from any other's.

    Raises
    ------
    UsageError
        Images of another shape than the plan's, an unknown engine or layer, a network without parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from daskcnn import networks
    >>> from daskcnn.sources import ArraySource
    >>> plan = Plan.of(networks.mnist(), "spatial=2", images=5, workers=2)
    >>> forward(plan, ArraySource(np.zeros((5, 1, 28, 28)))).array("dense3")
    dask.array<flatten..dense3, shape=(5, 10), dtype=float32, chunksize=(3, 10), chunktype=numpy.ndarray>
    """
    sources = _named(plan, source)
    _check(plan, sources, engine, keep)
    kept = frozenset({*plan.network.outputs, *keep})
    setup: list[BlockLayer] = []
    work: list[BlockLayer] = []
    made: dict[str, list[Key]] = {}
    known: dict[str, dict[Carrier, Key]] = {}
    for segment in segments(plan, kept, granularity):
        held, keys = weights(segment, plan.network.parameters, tag)
        setup.append(held)
        read = []
        for stage, number in segment.reads:
            name = stage.layer.inputs[number]
            if name in sources:
                layer, own = _read(stage, number, sources[name], tag)
                setup.append(layer)
            else:
                slices, own = _sent(plan, stage, number, made[name], known.setdefault(name, {}), tag)
                work += [slices] if slices.tasks else []
            read.append(own)
        work.append(tasks(segment, read, keys, engine, tag))
        made[segment.last.layer.name] = block_keys(segment, tag)
    if twice := [label for label, times in Counter(layer.label for layer in (*setup, *work)).items() if times > 1]:
        raise UsageError(f"two kinds of tasks of {plan.network.name} are called {twice[0]!r}; rename that layer")
    names = {layer: made[layer][0][0] for layer in kept}
    arrays = tuple(array for array in sources.values() if isinstance(array, da.Array))
    return Forward(plan, tuple(setup), tuple(work), names, arrays)


def _named(plan: Plan, source: Source | Sources) -> Sources:
    inputs = tuple(plan.network.inputs)
    sources = source if isinstance(source, Mapping) else dict.fromkeys(inputs[:1], source)
    if sources.keys() != set(inputs):
        raise UsageError(f"{plan.network.name} reads {', '.join(inputs)}; give a mapping with just these names")
    return sources


def _check(plan: Plan, sources: Sources, name: str, keep: Sequence[str]) -> None:
    kernels.engine(name)
    network = plan.network
    for own, source in sources.items():
        images = (plan.images, *network.inputs[own])
        if source.shape != images:
            raise UsageError(f"{own} of shape {source.shape}, but the plan is for {images}; pass as many of that shape")
    if unknown := set(keep) - plan.by_name.keys():
        raise UsageError(f"no layer is named {min(unknown)!r}; keep one of {', '.join(plan.by_name)}")
    if missing := network.weight_shapes().keys() - network.parameters:
        raise UsageError(f"{network.name} has no parameter {min(missing)!r}; use with_parameters or initialised")


def _read(stage: Stage, number: int, source: Source | da.Array, tag: str) -> tuple[BlockLayer, list[Input]]:
    if isinstance(source, da.Array):
        label = f"{stage.layer.name}.{stage.layer.inputs[number]}{number + 1 if number else ''}"
        return read_array(source, stage.layout, stage.needs[number], label, tag)
    return images(stage, number, source, tag)


def _sent(
    plan: Plan, stage: Stage, number: int, keys: list[Key], known: dict[Carrier, Key], tag: str
) -> tuple[BlockLayer, list[Input]]:
    producer, exchange = plan.by_name[stage.layer.inputs[number]], stage.exchanges[number]
    assert exchange is not None
    kind = stage.kind if number == 0 else f"{stage.kind}{number + 1}"
    slices = BlockLayer(f"{stage.layer.name}.{kind}", tag, frozenset({keys[0][0]}), stage.exchange)
    sends = Sends(producer.layout, keys, producer.itemsize, slices, known)
    return slices, list(inputs(sends, exchange, stage.needs[number]))
