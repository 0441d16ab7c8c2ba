"""Rectified linear unit with a trained slope, of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import PRelu


def compute(op: PRelu, x: Array, slope: Array) -> Array:
    """Each negative element times its slope; the slope's axes are the last ones of x."""
    y: Array = np.where(x < 0, slope * x, x)
    return y


def nodes(op: PRelu, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("PRelu", names, [output])]
