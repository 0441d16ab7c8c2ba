"""Means, largest elements and where those are, along axes."""

from __future__ import annotations

import math
from collections.abc import Callable

from daskcnn.layers import Argmax, GlobalAveragePool, GlobalMaxPool, Op, Reshape, Transpose
from daskcnn.onnx.node import Node, axis_of
from daskcnn.onnx.tensor import Tensor


def reduced(node: Node) -> Tensor:
    """Along any axes but that of the images."""
    tensor = node.tensor()
    ndim, given = len(tensor.shape), node.numbers(1, "axes")
    if not given and node.attributes.get("noop_with_empty_axes", 0):
        return node.chain(tensor)
    axes = sorted({axis_of(axis, ndim) for axis in given or range(ndim)})
    pool: Op = GlobalAveragePool() if node.kind == "ReduceMean" else GlobalMaxPool()
    kept = [axis for axis in range(1, ndim) if axis not in axes]
    shape = tuple(1 if axis in axes else size for axis, size in enumerate(tensor.shape))[1:]
    if not node["keepdims"]:
        shape = tuple(tensor.shape[axis] for axis in kept)
    if ndim == 4 and axes == [2, 3]:
        return node.chain(tensor, pool, None if node["keepdims"] else Reshape(shape))
    order = (0, *kept, *axes)
    turned = None if order == tuple(range(ndim)) else Transpose(order)
    rest, together = (math.prod(tensor.shape[axis] for axis in group) for group in (kept, axes))
    return node.chain(tensor, turned, Reshape((rest, together, 1)), pool, Reshape(shape))


def argmax(node: Node) -> Tensor:
    """Along any axis but that of the images; the first of equals alone; its result can be an output only."""
    node.only("select_last_index", 0)
    tensor = node.tensor()
    return node.layer(Argmax(axis_of(node["axis"], len(tensor.shape)), bool(node["keepdims"])), tensor)


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"ArgMax": argmax, "ReduceMax": reduced, "ReduceMean": reduced}
