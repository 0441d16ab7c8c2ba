"""Tensors one after the other, in one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Concat


def compute(op: Concat, *inputs: Array) -> Array:
    """The inputs joined along the axis; some may be empty there."""
    return np.concatenate(inputs, axis=op.axis)


def nodes(op: Concat, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("Concat", names, [output], axis=op.axis)]
