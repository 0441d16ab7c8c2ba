"""Where values are largest, in one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Argmax


def compute(op: Argmax, x: Array) -> Array:
    """Float32 to int64 along the op's axis, the first of equals."""
    y: Array = np.argmax(x, axis=op.axis, keepdims=op.keepdims)
    return y


def nodes(op: Argmax, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("ArgMax", names, [output], axis=op.axis, keepdims=int(op.keepdims))]
