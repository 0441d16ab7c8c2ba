"""The class of each image of one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Argmax


def compute(op: Argmax, x: Array) -> Array:
    """(batch, classes) float32 to (batch,) int64, the first of equals."""
    y: Array = x.argmax(axis=1)
    return y


def nodes(op: Argmax, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("ArgMax", names, [output], axis=1, keepdims=0)]
