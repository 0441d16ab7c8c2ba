"""Rectified linear unit of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Relu


def compute(op: Relu, x: Array) -> Array:
    """max(x, 0) of any shape."""
    y: Array = np.maximum(x, np.float32(0))
    return y


def nodes(op: Relu, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("Relu", names, [output])]
