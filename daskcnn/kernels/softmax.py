"""From scores to probabilities, in one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper
from scipy import special

from daskcnn.kernels.step import Array
from daskcnn.layers import LogSoftmax, Softmax


def compute(op: Softmax, x: Array) -> Array:
    """Over the second axis, of differences from the largest, so that no exponential overflows."""
    function = special.log_softmax if isinstance(op, LogSoftmax) else special.softmax
    y: Array = function(x, axis=1)
    return y


def nodes(op: Softmax, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node: the operator has the layer's name."""
    return [helper.make_node(type(op).__name__, names, [output], axis=1)]
