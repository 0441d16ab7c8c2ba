"""Products with a constant matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daskcnn.errors import UsageError
from daskcnn.layers import Add, Conv2d, Dense, Mul, Reshape, Transpose
from daskcnn.onnx.external import Array
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor


def gemm(node: Node) -> Tensor:
    """With a constant matrix B; C constant or a tensor; not `transA`."""
    node.only("transA", 0)
    weight = node.array(1) if node["transB"] else node.array(1).T
    if weight.ndim != 2:
        raise UsageError(f"input 1 has shape {weight.shape}; use a matrix")
    weight = weight if node["alpha"] == 1 else weight * np.float32(node["alpha"])
    if node.has(2) and isinstance(node.inputs[2], Tensor):
        return _with_tensor(node, weight)
    if not node.has(2):
        return node.layer(Dense(len(weight), bias=False), node.tensor(), weight=weight)
    return node.layer(Dense(len(weight)), node.tensor(), weight=weight, bias=_bias(node, len(weight)))


def matmul(node: Node) -> Tensor:
    """Of a tensor of 2, 3 or 4 axes with a constant matrix."""
    tensor, matrix = node.tensor(), node.array(1)
    if matrix.ndim > 2 and matrix.size == matrix.shape[-2] * matrix.shape[-1]:
        matrix = matrix.reshape(matrix.shape[-2:])
    if matrix.ndim != 2 or not 2 <= len(tensor.shape) <= 4:
        raise UsageError(f"{tensor.shape} times {matrix.shape} is not supported; use 2 to 4 axes times a matrix")
    features, weight = matrix.shape[1], matrix.T
    if len(tensor.shape) == 2:
        return node.layer(Dense(features, bias=False), tensor, weight=weight)
    conv = Conv2d(features, (1, 1), bias=False)
    kernel = weight[:, :, None, None]
    if len(tensor.shape) == 4:
        return node.chain(tensor, Transpose((0, 3, 1, 2)), conv, Transpose((0, 2, 3, 1)), weight=kernel)
    rows = tensor.shape[1]
    apart, together = Reshape((-1, rows, 1)), Reshape((features, rows))
    return node.chain(tensor, Transpose((0, 2, 1)), apart, conv, together, Transpose((0, 2, 1)), weight=kernel)


def _bias(node: Node, features: int) -> Array:
    """C for each feature; UsageError where it is not the same for each image."""
    bias = node.array(2)
    if bias.size != max(bias.shape[-1:], default=1):
        raise UsageError(f"input 2 of shape {bias.shape} is not the same for each image; use ({features},)")
    scaled = bias if node["beta"] == 1 else bias * np.float32(node["beta"])
    return np.broadcast_to(scaled.ravel(), (features,))


def _with_tensor(node: Node, weight: Array) -> Tensor:
    product = node.step(Dense(len(weight), bias=False), node.tensor(), weight=weight)
    other = node.tensor(2)
    if node["beta"] != 1:
        other = node.step(Mul(constant=(1,)), other, constant=np.array([node["beta"]]))
    return node.layer(Add(), product, other)


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Gemm": gemm, "MatMul": matmul}
