"""What each worker makes and reads, row by row: the box of a tile that it owns, and those that it reads for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.layers import Conv2d, ConvTranspose2d, Dense, Partial, axes_of
from daskcnn.plan import Plan
from daskcnn.plan_tables import FLOP, times
from daskcnn.region import Interval, shape_of, size_of
from daskcnn.stage import Stage
from daskcnn.walkthrough.cache import runs
from daskcnn.walkthrough.shares import Share, itemsize_of

PRODUCTS = (Conv2d, ConvTranspose2d, Dense, Partial)
"""Layers that are sums of products: their operations come in pairs, a multiplication and an addition."""
MULTIPLY_ADDS = {"units": "1", "long_name": "Multiply-adds, two operations each"}
WHOSE = {"layer": {"long_name": "Layer"}, "worker": {"long_name": "Worker"}, "tile": {"long_name": "Tile of an image"}}
RUNS = {
    "runs": {"units": "1", "long_name": "Contiguous runs in each image"},
    "run_bytes": {"units": "B", "long_name": "Bytes of each run"},
}
MADE = {
    **WHOSE,
    "blocks": {"units": "1", "long_name": "Blocks of images"},
    "images": {"units": "1", "long_name": "Images"},
    "operations": FLOP,
    "multiply_adds": MULTIPLY_ADDS,
    "parameters": {"long_name": "Shapes of the parameters it uses"},
    "first": {"long_name": "Number of its first element among those of an image"},
    "elements": {"units": "1", "long_name": "Elements of each image"},
    "bytes_written": {"units": "B", "long_name": "Bytes written"},
    **RUNS,
    "lines_written": {"units": "1", "long_name": "Cache lines written, in the whole tensor"},
    "lines_written_fewest": {"units": "1", "long_name": "The fewest cache lines that hold as much"},
}
READ = {
    **WHOSE,
    "input": {"long_name": "Layer or input that is read"},
    "bytes_read": {"units": "B", "long_name": "Bytes read"},
    **RUNS,
    "lines_read": {"units": "1", "long_name": "Cache lines read, in the whole tensor"},
    "lines_read_fewest": {"units": "1", "long_name": "The fewest cache lines that hold as much"},
}
BOX = {
    "start": {"long_name": "First index along each axis, -1 without such an axis"},
    "stop": {"long_name": "Index behind the last, -1 without such an axis"},
}
Attrs = Mapping[str, dict[str, str]]


def made(shares: Sequence[Share]) -> xr.Dataset:
    """What each share gives: its box, operations, bytes and cache lines, along `share`."""
    return _table("share", MADE, [_made(share) for share in shares], [share.box for share in shares])


def read(plan: Plan, shares: Sequence[Share]) -> xr.Dataset:
    """What each share reads of each of its inputs: the box, its bytes and cache lines, along `read`."""
    of = [(share, number) for share in shares for number in range(len(share.stage.layer.inputs))]
    axes = (input_axes(plan, share.stage, number) for share, number in of)
    needs = ((share.span, *share.stage.needs[number][share.tile]) for share, number in of)
    boxes = [dict(zip(*box, strict=True)) for box in zip(axes, needs, strict=True)]
    return _table("read", READ, [_read(plan, share, number) for share, number in of], boxes)


def input_axes(plan: Plan, stage: Stage, number: int) -> tuple[str, ...]:
    """Names of the axes of one of a layer's inputs."""
    own, count = plan.by_name.get(stage.layer.inputs[number]), len(stage.inputs[number])
    return own.op.axes(count) if own else axes_of(count)


def _made(share: Share) -> tuple[Any, ...]:
    stage, itemsize, box = share.stage, share.stage.itemsize, share.stage.layout.tiles[share.tile]
    count, length = runs(stage.shape[1:], box)
    weights = stage.tiles[share.tile].weights
    return (
        stage.layer.name,
        share.worker,
        share.tile,
        len(share.blocks),
        share.images,
        share.operations,
        share.operations // 2 if isinstance(stage.op, PRODUCTS) else 0,
        ", ".join(f"{name.rpartition('.')[2]} {times(shape_of(region))}" for name, region in weights),
        int(np.ravel_multi_index([start for start, _ in box], stage.shape[1:])) if box else 0,
        size_of(box),
        share.images * size_of(box) * itemsize,
        count,
        length * itemsize,
        *share.lines(stage.shape, box, itemsize),
    )


def _read(plan: Plan, share: Share, number: int) -> tuple[Any, ...]:
    stage = share.stage
    name, box, shape = stage.layer.inputs[number], stage.needs[number][share.tile], stage.inputs[number]
    itemsize = itemsize_of(name, plan.by_name)
    count, length = runs(shape[1:], box)
    return (
        stage.layer.name,
        share.worker,
        share.tile,
        name,
        share.images * size_of(box) * itemsize,
        count,
        length * itemsize,
        *share.lines(shape, box, itemsize),
    )


def _table(
    dimension: str, columns: Attrs, rows: Sequence[tuple[Any, ...]], boxes: Sequence[Mapping[str, Interval]]
) -> xr.Dataset:
    """Rows as a Dataset, and their boxes along `axis`."""
    axes = list(dict.fromkeys(axis for box in boxes for axis in box))
    ends = np.array([[box.get(axis, (-1, -1)) for axis in axes] for box in boxes], np.int64)
    values = zip(columns, zip(*rows, strict=True), strict=True)
    found = {name: (dimension, list(column), columns[name]) for name, column in values}
    bounds = {name: ((dimension, "axis"), ends[:, :, end], BOX[name]) for end, name in enumerate(BOX)}
    return xr.Dataset({**found, **bounds}, coords={"axis": ("axis", axes, {"long_name": "Axis"})})
