"""A plan as labelled tables: one row a layer, one row a block."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

import xarray as xr

from daskcnn.plan import Plan
from daskcnn.region import FLOAT, Region, shape_of, size_of
from daskcnn.stage import Stage

FLOP = {"units": "FLOP", "long_name": "Floating-point operations"}


def layers(plan: Plan) -> xr.Dataset:
    """What each layer of a plan does and sends.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    xarray.Dataset
        Along `layer`: its op, partition, number of blocks, output shape, exchange, bytes sent from worker to
        worker, and of those inside a node and between nodes, operations in all, and the bytes of its parameters on all
        workers together.

    Examples
    --------
    >>> from daskcnn import networks
    >>> plan = Plan.of(networks.mnist(), "spatial=2", images=100, workers=2)
    >>> layers(plan).sel(layer="conv2")[["exchange", "bytes_moved"]].to_pandas().to_dict()
    {'exchange': 'halo', 'bytes_moved': 89600}
    """

    def column(value: Callable[[Stage], Any], **attrs: str) -> tuple[str, list[Any], dict[str, str]]:
        return "layer", [value(stage) for stage in plan.stages], attrs

    def size(values: list[int], label: str) -> tuple[str, list[int], dict[str, str]]:
        return "layer", values, {"units": "B", "long_name": label}

    moved, between = ([sent(stage) for stage in plan.stages] for sent in (plan.bytes_sent, plan.sent_between_nodes))
    inside = [whole - part for whole, part in zip(moved, between, strict=True)]
    return xr.Dataset(
        {
            "op": column(lambda stage: type(stage.op).__name__.lower(), long_name="Kind of layer"),
            "partition": column(lambda stage: str(stage.partition), long_name="Partition"),
            "blocks": column(lambda stage: len(stage.layout.blocks), long_name="Blocks"),
            "shape": column(lambda stage: times(stage.shape), long_name="Shape of the output"),
            "exchange": column(lambda stage: stage.kind, long_name="Exchange"),
            "bytes_moved": size(moved, "Bytes moved"),
            "bytes_inside_nodes": size(inside, "Bytes moved inside nodes"),
            "bytes_between_nodes": size(between, "Bytes moved between nodes"),
            "operations": column(_operations, **FLOP),
            "weight_bytes": column(_weight_bytes, units="B", long_name="Parameters on all workers"),
        },
        coords={"layer": column(lambda stage: stage.layer.name, long_name="Layer")},
    )


def blocks(plan: Plan) -> xr.Dataset:
    """Every block of a plan: its layer, region, shape, operations, bytes and owner, along `block`."""
    rows = [
        (stage.layer.name, box, owner, tile.operations(box[0][1] - box[0][0]), stage.itemsize)
        for stage in plan.stages
        for (box, owner), tile in zip(stage.layout.blocks, cycle(stage.tiles), strict=False)
    ]
    names, boxes, owners, operations, itemsizes = zip(*rows, strict=True)
    nbytes = [size_of(box) * itemsize for box, itemsize in zip(boxes, itemsizes, strict=True)]
    return xr.Dataset(
        {
            "layer": ("block", list(names)),
            "region": (
                "block",
                [region_text(box) for box in boxes],
                {"long_name": "First index an axis, and the one behind the last"},
            ),
            "shape": ("block", [times(shape_of(box)) for box in boxes]),
            "operations": ("block", list(operations), FLOP),
            "nbytes": ("block", nbytes, {"units": "B", "long_name": "Bytes of the output"}),
            "owner": ("block", list(owners), {"long_name": "Worker"}),
        }
    )


def times(shape: tuple[int, ...]) -> str:
    """A shape as people write it.

    >>> times((100, 16, 14, 14))
    '100×16×14×14'
    """
    return "×".join(map(str, shape))


def region_text(region: Region) -> str:
    """A region as slices.

    >>> region_text(((0, 100), (8, 16)))
    '0:100, 8:16'
    """
    return ", ".join(f"{start}:{stop}" for start, stop in region)


def numbers(owners: Iterable[int]) -> str:
    """Which workers, in few words.

    >>> numbers([0, 0]), numbers([0, 0, 1]), numbers([0, 1, 2, 3]), numbers([0, 2, 3])
    ('0', '0, 1', '0 to 3', '0, 2, 3')
    """
    found = sorted(set(owners))
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]} to {found[-1]}"
    return ", ".join(map(str, found))


def _operations(stage: Stage) -> int:
    return sum(tile.operations(stage.shape[0]) for tile in stage.tiles)


def _weight_bytes(stage: Stage) -> int:
    """Bytes of the parameters that the workers hold for a layer: each worker what its own blocks need, once."""
    held = {
        (owner, weight)
        for owners in stage.layout.owners
        for owner, tile in zip(owners, stage.tiles, strict=True)
        for weight in tile.weights
    }
    return sum(size_of(region) for _, (_, region) in held) * FLOAT
