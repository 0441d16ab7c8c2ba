"""Which cut a layer favours: each that it allows, priced by one simple model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import xarray as xr

from daskcnn.errors import UsageError
from daskcnn.layers import Op, Partial, Total
from daskcnn.layers.partial import splittable
from daskcnn.partition import Partition
from daskcnn.plan import Plan
from daskcnn.region import Shape
from daskcnn.stage import Stage
from daskcnn.walkthrough.cost import Cost, Input, cost

AXES = ("batch", "channel", "filter", "height", "width")
MOST = {"channel": 64, "filter": 64}
"""Most blocks that are priced along an axis."""
PRICES = {
    "operations": {"units": "FLOP", "long_name": "Operations of the busiest worker"},
    "imbalance": {"units": "1", "long_name": "Busiest worker over the mean of all, less one"},
    "bytes_touched": {"units": "B", "long_name": "Most bytes that a worker reads and writes in its memory"},
    "bytes_moved": {"units": "B", "long_name": "Bytes from worker to worker"},
    "bytes_worker": {"units": "B", "long_name": "Most bytes that a worker sends or receives"},
    "messages": {"units": "1", "long_name": "Most messages that a worker sends or receives"},
    "parameter_bytes": {"units": "B", "long_name": "Most bytes of parameters on a worker"},
}
"""What `Cost` says, as `cuts` labels it."""


@dataclass(frozen=True)
class Machine:
    """What a machine is taken to do.

    Seconds = max(operations / rate, bytes touched / memory) + bytes sent / bandwidth + messages · latency: a roofline
    (Williams et al. 2009) and a line (Hockney 1994).

    Parameters
    ----------
    rate : float
        FLOP/s of a worker. By default about half of what AVX2 can do at 3 GHz.
    memory : float
        B/s between a worker and its memory. By default those of a core; of what caches hold it is more.
    bandwidth : float
        B/s between two workers. By default those of a loopback, or a network of 10 Gbit/s.
    latency : float
        Seconds of a message, however small. By default what Dask takes on both sides.

    Raises
    ------
    UsageError
        One of them is not a number above 0.

    Examples
    --------
    >>> round(Machine().seconds(operations=5e10, touched=1e9, sent=1e9, messages=2), 6)
    2.002
    """

    rate: float = 5e10
    memory: float = 1e10
    bandwidth: float = 1e9
    latency: float = 1e-3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 < value < float("inf"):
                raise UsageError(f"{field.name}={value} is no rate; use a number above 0")

    def seconds(self, operations: float, touched: float, sent: float, messages: float) -> float:
        """Time that the busiest worker takes."""
        return max(operations / self.rate, touched / self.memory) + sent / self.bandwidth + messages * self.latency


def candidates(workers: int) -> list[Partition]:
    """No cut, and all workers along one axis, or along rows and columns.

    Along channels no more than 64: there each worker sends to each, and the number of messages is its square.

    >>> [str(partition) for partition in candidates(6)]
    ['serial', 'batch=6', 'channel=6', 'filter=6', 'height=6', 'width=6', 'height=3,width=2']
    """
    single = [Partition(**{axis: min(workers, MOST.get(axis, workers))}) for axis in AXES]
    width = max(number for number in range(1, workers + 1) if workers % number == 0 and number**2 <= workers)
    return list(dict.fromkeys([Partition(), *single, Partition(height=workers // width, width=width)]))


def fitted(op: Op, asked: Partition, shape: Shape, inputs: Sequence[Shape]) -> Partition | None:
    """The cut, no finer than the layer's axes are long; None where it has no such axis, or one of a single element.

    >>> from daskcnn.layers import Dense
    >>> [str(fitted(Dense(3), Partition(**{axis: 4}), (9, 3), [(9, 8)])) for axis in ("channel", "filter", "width")]
    ['channel=3', 'filter=4', 'None']
    """
    sizes = degrees(op, shape, inputs)
    own = {axis: min(parts, sizes[axis]) for axis, parts in asked.items() if parts > 1}
    return Partition(**own) if min(own.values(), default=2) > 1 else None


def degrees(op: Op, shape: Shape, inputs: Sequence[Shape]) -> dict[str, int]:
    """Into how many blocks a layer can be cut along each axis; 1 where it cannot be.

    >>> from daskcnn.layers import Conv2d
    >>> degrees(Conv2d(64, (3, 3)), (16, 64, 11, 11), [(16, 32, 13, 13)])
    {'batch': 16, 'channel': 64, 'filter': 32, 'height': 11, 'width': 11}
    """
    sizes = {axis: size for axis, size in zip(op.axes(len(shape)), shape, strict=True) if axis in op.cuts}
    sizes["filter"] = inputs[0][1] if splittable(op) else 1
    return {axis: sizes.get(axis, 1) for axis in AXES}


def alone(own: Stage) -> tuple[Op, Shape]:
    """A layer's op and output as they are where it is not cut along its input channels."""
    op = own.op.op if isinstance(own.op, Partial) else own.op
    return op, op.output_shape(*own.inputs)


def cuts(plan: Plan, stages: Sequence[Stage], machine: Machine) -> xr.Dataset:
    """Every cut that each layer allows, and the plan's own; each layer's best first, along `cut`.

    What a layer reads is taken to be cut the same way, as an elementwise layer would be; a network's input is read by
    each worker for itself. A layer and the sums of its parts count as one, under the name of the parts.
    """
    of = [own for own in stages if not isinstance(own.op, Total)]
    rows = [(own, *priced) for own in of for priced in _ranked(plan, own, machine)]
    columns: dict[str, tuple[list[Any], dict[str, str]]] = {
        "layer": ([own.layer.name for own, *_ in rows], {"long_name": "Layer"}),
        "partition": ([str(cut) for _, cut, *_ in rows], {"long_name": "Cut"}),
        "planned": ([cut == own.partition for own, cut, *_ in rows], {"long_name": "Whether the plan cuts so"}),
        **{name: ([getattr(price, name) for *_, price, _ in rows], attrs) for name, attrs in PRICES.items()},
        "seconds": ([seconds for *_, seconds in rows], {"units": "s", "long_name": "Time by the model"}),
    }
    return xr.Dataset({name: ("cut", values, attrs) for name, (values, attrs) in columns.items()})


def _ranked(plan: Plan, own: Stage, machine: Machine) -> list[tuple[Partition, Cost, float]]:
    """Cuts with what they cost and the time they take, the shortest first."""
    op, shape = alone(own)
    allowed = (fitted(op, partition, shape, own.inputs) for partition in candidates(plan.workers))
    inputs = tuple(_input(plan, own, number) for number in range(len(own.inputs)))
    prices = {cut: cost(op, inputs, cut, plan.workers) for cut in (*allowed, own.partition) if cut}
    timed = (
        (cut, own, machine.seconds(own.operations, own.bytes_touched, own.bytes_worker, own.messages))
        for cut, own in prices.items()
    )
    return sorted(timed, key=lambda row: row[-1])


def _input(plan: Plan, own: Stage, number: int) -> Input:
    name = own.layer.inputs[number]
    dtype = plan.by_name[name].op.output_dtype() if name in plan.by_name else None
    return Input(own.inputs[number], dtype, own.layer.inputs.index(name))
