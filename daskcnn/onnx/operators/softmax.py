"""From scores to probabilities."""

from __future__ import annotations

import math
from collections.abc import Callable

from daskcnn.layers import LogSoftmax, Op, Reshape, Softmax, Transpose
from daskcnn.onnx.node import Node, axis_of
from daskcnn.onnx.tensor import Tensor

SINGLE = 13
"""The version from which on the axis is one alone; before it stands for all from there on."""


def softmax(node: Node) -> Tensor:
    """Along any axis but that of the images; before version 13, along all axes from there on together."""
    tensor = node.tensor()
    op = Softmax() if node.kind == "Softmax" else LogSoftmax()
    axis, shape = axis_of(node["axis"], len(tensor.shape)), tensor.shape[1:]
    if node.opset >= SINGLE or axis == len(shape):
        return node.chain(tensor, *_along(axis, len(tensor.shape), op))
    together = math.prod(shape[axis - 1 :])
    groups = (together,) if axis == 1 else (math.prod(shape[: axis - 1]), together)
    return node.chain(tensor, Reshape(groups), *_along(len(groups), len(groups) + 1, op), Reshape(shape))


def _along(axis: int, ndim: int, op: Op) -> tuple[Op | None, ...]:
    """An op along the second axis, put along another one."""
    if axis == 1:
        return (op,)
    order = list(range(ndim))
    order[1], order[axis] = order[axis], order[1]
    turn = Transpose(tuple(order))
    return turn, op, turn


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"LogSoftmax": softmax, "Softmax": softmax}
