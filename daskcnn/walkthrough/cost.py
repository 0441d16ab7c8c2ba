"""What one layer alone asks of its workers, cut in some way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from daskcnn.assignment import Assignment, with_partial_sums
from daskcnn.exchange import Ints
from daskcnn.layers import Identity, Op
from daskcnn.network import Layer, Network
from daskcnn.partition import Partition
from daskcnn.region import Shape
from daskcnn.stage import Stage, connected, stage
from daskcnn.walkthrough.shares import held, shares_of, touched
from daskcnn.walkthrough.traffic import flows

LAYER = "layer"


@dataclass(frozen=True)
class Input:
    """A tensor that a layer reads."""

    shape: Shape
    dtype: str | None
    """Its dtype; None for a network's own input, which each worker reads for itself."""
    number: int = 0
    """Which tensor it is: a layer may read one twice."""


@dataclass(frozen=True)
class Given(Identity):
    """A layer that gives what another one reads, of some dtype."""

    dtype: str = "float32"

    def output_dtype(self) -> str:
        """The dtype."""
        return self.dtype


@dataclass(frozen=True)
class Cost:
    """What a cut asks of its workers."""

    operations: int
    """FLOP of the busiest worker."""
    imbalance: float
    """Those over the mean of all workers, less one; 0 if nothing is computed."""
    bytes_touched: int
    """The most bytes that one worker reads and writes in its memory, parameters among them."""
    bytes_moved: int
    """Bytes from worker to worker in all."""
    bytes_worker: int
    """The most that one worker sends or receives."""
    messages: int
    """The most that one worker sends or receives."""
    parameter_bytes: int
    """The most bytes of parameters on one worker."""


@lru_cache(maxsize=4096)
def cost(op: Op, inputs: tuple[Input, ...], partition: Partition, workers: int) -> Cost:
    """What a layer alone asks of its workers, its inputs cut as elementwise layers would be.

    Parameters
    ----------
    op : Op
    inputs : tuple of Input
    partition : Partition
        As the layer can be cut.
    workers : int
        Who share the blocks; each has its images in one.

    Examples
    --------
    All-gather: each of two workers sends its half of 200 features of 100 images to the other.

    >>> from daskcnn.layers import Dense
    >>> found = cost(Dense(10), (Input((100, 200), "float32"),), Partition(channel=2), workers=2)
    >>> found.operations, found.bytes_moved, found.bytes_worker, found.messages, found.parameter_bytes
    (200000, 80000, 40000, 1, 4020)

    In its memory it reads 100 · 200 inputs and 5 · 201 parameters and writes 100 · 5 outputs.

    >>> found.bytes_touched == 4 * (100 * 200 + 5 * 201 + 100 * 5)
    True
    """
    stages = _alone(op, inputs, partition, workers)
    before = {own.layer.name: own for own in stages}
    work, memory, parameters = np.zeros((3, workers), np.int64)
    nbytes, messages = np.zeros((2, 2, workers), np.int64)
    for own in stages:
        if not isinstance(own.op, Given):
            work += operations(own, workers)
            memory += touched(own, before, workers)
            parameters += held(own, workers)
        sent = [(flow.source, flow.destination, flow.bytes, flow.messages) for flow in flows(own, before)]
        *ends, size, number = np.array(sent, np.int64).reshape(-1, 4).T
        for way, worker in enumerate(ends):
            np.add.at(nbytes[way], worker, size)
            np.add.at(messages[way], worker, number)
    busiest = int(work.max())
    return Cost(
        busiest,
        float(busiest / work.mean() - 1) if busiest else 0.0,
        int(memory.max()),
        int(nbytes[0].sum()),
        int(nbytes.max()),
        int(messages.max()),
        int(parameters.max()),
    )


def operations(own: Stage, workers: int) -> Ints:
    """(worker,) FLOP of each worker."""
    found = np.zeros(workers, np.int64)
    for share in shares_of(own):
        found[share.worker] += share.operations
    return found


def _alone(op: Op, inputs: tuple[Input, ...], partition: Partition, workers: int) -> tuple[Stage, ...]:
    """The layer, the sums of its parts if it is cut along its input channels, and what gives its inputs."""
    images = {f"images{own.number}": own.shape[1:] for own in inputs}
    given = {
        own.number: Layer(f"given{own.number}", Given(own.dtype), (f"images{own.number}",))
        for own in inputs
        if own.dtype is not None
    }
    reads = tuple(given[own.number].name if own.number in given else f"images{own.number}" for own in inputs)
    network = Network(LAYER, images, (*given.values(), Layer(LAYER, op, reads)))
    everyone = Assignment(partition, tuple(range(workers)))
    network, assigned = with_partial_sums(network, dict.fromkeys(network.by_name, everyone), None)
    count = inputs[0].shape[0]
    shapes, stages = network.shapes(count), dict[str, Stage]()
    for layer in network.layers:
        stages[layer.name] = stage(layer, assigned[layer.name], shapes, stages, batch=count)
    return connected(list(stages.values()))
