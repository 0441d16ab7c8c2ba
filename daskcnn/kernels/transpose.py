"""Axes in another order, in one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Transpose


def compute(op: Transpose, x: Array) -> Array:
    """The axes in the op's order, C-contiguous."""
    return np.ascontiguousarray(x.transpose(op.order))


def nodes(op: Transpose, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("Transpose", names, [output], perm=op.order)]
