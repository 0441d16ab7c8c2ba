"""A fully connected layer of one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Dense


def compute(op: Dense, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """(batch, inputs) float32 to (batch, features) float32; weight is (features, inputs), bias (features,)."""
    y: Array = x @ weight.T
    if bias is not None:
        y += bias
    return y


def nodes(op: Dense, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("Gemm", names, [output], transB=1)]
