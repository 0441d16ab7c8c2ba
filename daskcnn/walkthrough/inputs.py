"""What a network is given: how it lies in memory, and how much of it workers read."""

from __future__ import annotations

import math

import xarray as xr

from daskcnn.plan import Plan
from daskcnn.plan_tables import times
from daskcnn.region import size_of
from daskcnn.walkthrough.cache import column_lines, lines, row_lines, strides
from daskcnn.walkthrough.shares import shares_of

COLUMNS = {
    "shape": {"long_name": "Shape"},
    "elements": {"units": "1", "long_name": "Elements of an image"},
    "image_bytes": {"units": "B", "long_name": "Bytes of an image"},
    "image_lines": {"units": "1", "long_name": "Cache lines of the first image"},
    "row_bytes": {"units": "B", "long_name": "Bytes of a run along the last axis"},
    "row_lines_fewest": {"units": "1", "long_name": "Fewest cache lines of a row"},
    "row_lines_most": {"units": "1", "long_name": "Most cache lines of a row"},
    "column_lines": {"units": "1", "long_name": "Cache lines of the first column"},
    "readers": {"units": "1", "long_name": "Workers that read of it"},
    "bytes_read": {"units": "B", "long_name": "Bytes that all workers read of it, layer by layer"},
}


def inputs(plan: Plan) -> xr.Dataset:
    """A row for each of a network's inputs, along `input`; what is read of them by all layers.

    Examples
    --------
    >>> from daskcnn import networks
    >>> found = inputs(Plan.of(networks.digit(), "channel=4", images=1, workers=4)).isel(input=0)
    >>> [found[name].item() for name in ("elements", "image_bytes", "image_lines", "row_bytes", "bytes_read")]
    [784, 3136, 49, 112, 12544]
    """
    names = list(plan.network.inputs)
    rows = [_row(plan, name, (plan.images, *plan.network.inputs[name])) for name in names]
    columns = zip(COLUMNS.items(), zip(*rows, strict=True), strict=True)
    found = {name: ("input", list(column), attrs) for (name, attrs), column in columns}
    return xr.Dataset(found, coords={"input": ("input", names, {"long_name": "Input"})})


def _row(plan: Plan, name: str, shape: tuple[int, ...]) -> tuple[str | int, ...]:
    image, steps = math.prod(shape[1:]), strides(shape)
    reads = [
        (share.worker, share.images * size_of(stage.needs[number][share.tile]))
        for stage in plan.stages
        for number, of in enumerate(stage.layer.inputs)
        if of == name
        for share in shares_of(stage)
    ]
    return (
        times(shape),
        image,
        steps[0],
        lines(shape, ((0, 1), *((0, size) for size in shape[1:]))),
        shape[-1] * steps[-1],
        *row_lines(shape),
        column_lines(shape),
        len({worker for worker, elements in reads if elements}),
        sum(elements for _, elements in reads) * steps[-1],
    )
