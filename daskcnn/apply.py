"""One op on one dask array, however it is chunked."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, cast

import dask.array as da
import numpy as np
from dask._task_spec import Task, TaskRef
from dask.base import tokenize
from dask.highlevelgraph import HighLevelGraph, MaterializedLayer
from numpy.typing import NDArray

from daskcnn.blocks.arrays import grid_of, nobodys, read_array, readable
from daskcnn.blocks.compute import tasks
from daskcnn.blocks.layer import BlockLayer
from daskcnn.errors import UsageError
from daskcnn.kernels import Weights
from daskcnn.layers import Op
from daskcnn.layout import Layout
from daskcnn.network import Layer
from daskcnn.partition import Partition
from daskcnn.region import Grid, Region, Shape, chunks, counts
from daskcnn.segment import Segment
from daskcnn.stage import Stage, needs_of

AnyArray = da.Array | NDArray[Any]
ENGINE = "onnxruntime"


def apply(op: Op, x: AnyArray, **weights: AnyArray | None) -> da.Array:
    """Any op of one input on a dask array.

    Parameters
    ----------
    op : Op
        One of `daskcnn.layers`.
    x : dask.array.Array
        Images along the first axis, in any chunks of known sizes.
    **weights : array, optional
        The op's parameters by name, NumPy or dask.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> from daskcnn import layers
    >>> apply(layers.Sigmoid(), da.zeros((4, 2), chunks=(2, 2))).compute()[0]
    array([0.5, 0.5], dtype=float32)
    """
    x = readable(x)
    given = {name: _whole(array) for name, array in weights.items() if array is not None}
    shape = op.output_shape(x.shape)
    wanted = op.weight_shapes(x.shape)
    found = {name: array.shape for name, array in given.items()}
    if found != wanted:
        raise UsageError(f"parameters of shapes {found}, but {type(op).__name__} takes {wanted}; give these")
    grid = _grid(op, x, shape, weights.get("weight"))
    stage = _stage(op, x, shape, grid)
    tag = tokenize(op, x.name, [array.name for array in given.values()], grid)
    slices, read = read_array(x, stage.layout, stage.needs[0], f"{stage.layer.name}.x", tag)
    held = _weights(stage, given, tag)
    made = tasks(Segment((stage,)), [read], list(held.tasks) * len(stage.layout.batches), ENGINE, tag)
    own = [slices, held, made]
    graph = HighLevelGraph(
        {layer.name: MaterializedLayer(layer.tasks) for layer in own},
        {
            slices.name: {x.name},
            held.name: {a.name for a in given.values()},
            made.name: {x.name, slices.name, held.name},
        },
    )
    merged = HighLevelGraph.merge(graph, x.dask, *(array.dask for array in given.values()))
    meta = np.empty((0,) * len(shape), op.output_dtype())
    return da.Array(merged, made.name, chunks=chunks(grid), meta=meta)


def _stage(op: Op, x: da.Array, shape: Shape, grid: Grid) -> Stage:
    """Each block of the output is taken to lie where the block of the input does that it follows."""
    near = nobodys(grid_of(x))
    numbers = {index: number for number, index in enumerate(near.tile_indices)}
    last = counts(near.grid[1:])
    followed = [
        numbers.get(tuple(min(place, size - 1) for place, size in zip(index, last, strict=False)), 0)
        for index in Layout(grid, ()).tile_indices
    ]
    layout = Layout(grid, tuple(tuple(own[number] for number in followed) for own in near.owners))
    layer, inputs = Layer(type(op).__name__.lower(), op, ("x",)), (x.shape,)
    return Stage(layer, Partition(), shape, inputs, layout, needs_of(op, layout, shape, inputs), (None,), "read")


def _weights(stage: Stage, given: dict[str, da.Array], tag: str) -> BlockLayer:
    """A task for the parameters of each tile."""
    layer = BlockLayer(f"{stage.layer.name}.weights", tag)
    names = tuple(f"{stage.layer.name}.{name}" for name in given)
    keys = [TaskRef((array.name, *(0,) * array.ndim)) for array in given.values()]
    for number, tile in enumerate(stage.tiles):
        boxes = dict(tile.weights)
        layer.add(Task((layer.name, number), _held, names, tuple(boxes[name] for name in names), *keys), 0, 0, 0)
    return layer


def _held(names: tuple[str, ...], boxes: tuple[Region, ...], *arrays: NDArray[Any]) -> Weights:
    cut = (array[tuple(slice(*side) for side in box)] for box, array in zip(boxes, arrays, strict=True))
    return Weights(dict(zip(names, cut, strict=True)))


def _grid(op: Op, x: da.Array, shape: Shape, weight: AnyArray | None) -> Grid:
    """An output block holds what has the middle of what it needs in the input block that it follows."""
    bounds = [grid_of(x)[0], *(_followed(op, x, shape, axis) for axis in range(1, len(shape)))]
    if isinstance(weight, da.Array) and len(bounds) > 1 and sum(weight.chunks[0]) == shape[1]:
        bounds[1] = tuple(dict.fromkeys(grid_of(weight)[0]))  # without empty chunks
    return tuple(bounds)


def _followed(op: Op, x: da.Array, shape: Shape, axis: int) -> tuple[int, ...]:
    if axis >= x.ndim:
        return 0, shape[axis]

    def twice_the_middle(index: int) -> int:
        region = tuple((index, index + 1) if place == axis else (0, size) for place, size in enumerate(shape))
        return sum(op.needs(region, x.shape)[0][axis])

    inner = (bisect_left(range(shape[axis]), 2 * bound, key=twice_the_middle) for bound in grid_of(x)[axis][1:-1])
    return tuple(sorted({0, *inner, shape[axis]}))


def _whole(array: AnyArray) -> da.Array:
    given = array if isinstance(array, da.Array) else da.from_array(np.asarray(array, np.float32), chunks=array.shape)
    return cast(da.Array, readable(given).rechunk(given.shape))
