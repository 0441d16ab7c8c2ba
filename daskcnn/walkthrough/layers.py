"""What is true of a layer as a whole: shapes, operations, bytes, how its blocks go together, how it lies in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import xarray as xr

from daskcnn.layers import Total
from daskcnn.plan import Plan
from daskcnn.plan_tables import FLOP, times
from daskcnn.region import FLOAT, counts
from daskcnn.stage import Stage
from daskcnn.walkthrough.boxes import MULTIPLY_ADDS, PRODUCTS
from daskcnn.walkthrough.cache import column_lines, row_lines, strides
from daskcnn.walkthrough.favours import AXES, alone, degrees
from daskcnn.walkthrough.remarks import remark
from daskcnn.walkthrough.rows import short
from daskcnn.walkthrough.shares import itemsize_of

BYTES = {"units": "B"}


def layers(plan: Plan, stages: Sequence[Stage]) -> xr.Dataset:
    """A row a layer, along `layer`."""
    operations = plan.network.operations(plan.images)
    most = [degrees(*alone(stage), stage.inputs) for stage in stages]
    in_rows = [row_lines(stage.shape, stage.itemsize) for stage in stages]
    in_columns = [column_lines(stage.shape, stage.itemsize) for stage in stages]

    def column(value: Callable[[Stage], Any], **attrs: str) -> tuple[str, list[Any], dict[str, str]]:
        return "layer", [value(stage) for stage in stages], attrs

    def products(stage: Stage) -> int:
        return operations[stage.layer.name] // 2 if isinstance(stage.op, PRODUCTS) else 0

    return xr.Dataset(
        {
            "op": column(lambda stage: type(stage.op).__name__.lower(), long_name="Kind of layer"),
            "inputs": column(lambda stage: ", ".join(stage.layer.inputs), long_name="Reads"),
            "input_shapes": column(lambda stage: ", ".join(map(times, stage.inputs)), long_name="Shapes of the inputs"),
            "shape": column(lambda stage: times(stage.shape), long_name="Shape of the output"),
            "dtype": column(lambda stage: stage.op.output_dtype(), long_name="Type of the output"),
            "channels": column(lambda stage: (*stage.shape, 1)[1], long_name="Channels of the output"),
            "axes": column(lambda stage: ", ".join(stage.op.axes(len(stage.shape))), long_name="Axes of the output"),
            "parameters": column(_parameters, long_name="Shapes of the parameters"),
            "parameter_bytes": column(_parameter_bytes, **BYTES, long_name="Bytes of the parameters, once"),
            "partition": column(lambda stage: str(stage.partition), long_name="Cut"),
            "blocks": column(lambda stage: len(stage.layout.batches) * len(stage.layout.tiles), long_name="Blocks"),
            "outputs": column(lambda stage: math.prod(stage.shape), long_name="Elements of the output"),
            "operations": column(lambda stage: operations[stage.layer.name], **FLOP),
            "multiply_adds": column(products, **MULTIPLY_ADDS),
            "intensity": column(
                lambda stage: operations[stage.layer.name] / _bytes(plan, stage),
                units="FLOP/B",
                long_name="Operations for each byte of its inputs, parameters and output",
            ),
            **{f"most_{axis}": _counts(f"Most blocks along {axis}", [own[axis] for own in most]) for axis in AXES},
            "exchange": column(lambda stage: stage.kind, long_name="Exchange"),
            "bytes_moved": column(plan.bytes_sent, **BYTES, long_name="Bytes from worker to worker"),
            "together": column(together, long_name="How the blocks' results go together"),
            "strides": column(
                lambda stage: ", ".join(f"{step:,}" for step in strides(stage.shape, stage.itemsize)),
                **BYTES,
                long_name="From an element to the next along each axis",
            ),
            "row_lines_fewest": _counts("Fewest cache lines of a row", [fewest for fewest, _ in in_rows]),
            "row_lines_most": _counts("Most cache lines of a row", [longest for _, longest in in_rows]),
            "column_lines": _counts("Cache lines of the first column", in_columns),
            "remark": column(lambda stage: remark(plan.network.name, stage), long_name="What its report counts amiss"),
        },
        coords={"layer": column(lambda stage: stage.layer.name, long_name="Layer")},
    )


def together(stage: Stage) -> str:
    """How the results of a layer's blocks become one tensor.

    Examples
    --------
    >>> from daskcnn import networks
    >>> for chunks in ("channel=3", "spatial=2x2", "filter=3"):
    ...     plan = Plan.of(networks.mnist(), chunks, images=1, workers=4, fan_in=2)
    ...     print(together(plan.by_name["conv2"]))
    concatenated along channel, 3 blocks
    concatenated along height, width, 2×2 blocks
    sums of parts (0 + 1)
    """
    if isinstance(stage.op, Total):
        ends = stage.op.bounds_of_sums
        sums = [" + ".join(short(range(first, last))) for first, last in pairwise(ends)]
        added = f"sums of parts {', '.join(f'({text})' for text in short(sums))}"
    else:
        added = ""
    blocks = {
        axis: number
        for axis, number in zip(stage.op.axes(len(stage.shape)), counts(stage.layout.grid), strict=True)
        if number > 1
    }
    joined = f"concatenated along {', '.join(blocks)}, {times(tuple(blocks.values()))} blocks" if blocks else ""
    return "; ".join(filter(None, (added, joined))) or "nothing to join: one block"


def _counts(label: str, values: list[int]) -> tuple[str, list[int], dict[str, str]]:
    return "layer", values, {"units": "1", "long_name": label}


def _parameters(stage: Stage) -> str:
    shapes = stage.op.weight_shapes(*stage.inputs)
    return ", ".join(f"{name} {times(shape)}" for name, shape in shapes.items())


def _bytes(plan: Plan, stage: Stage) -> int:
    """Of all that the layer reads and gives, each tensor once."""
    given = {
        name: math.prod(shape) * itemsize_of(name, plan.by_name)
        for name, shape in zip(stage.layer.inputs, stage.inputs, strict=True)
    }
    return sum(given.values()) + math.prod(stage.shape) * stage.itemsize + _parameter_bytes(stage)


def _parameter_bytes(stage: Stage) -> int:
    return sum(map(math.prod, stage.op.weight_shapes(*stage.inputs).values())) * FLOAT
