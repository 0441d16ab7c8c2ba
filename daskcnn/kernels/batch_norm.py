"""Batch normalization of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import BatchNorm


def compute(op: BatchNorm, x: Array, weight: Array, bias: Array, mean: Array, variance: Array) -> Array:
    """Scale and shift of each channel, worked out once: x (batch, channels, …), the others (channels,), float32."""
    along = (-1, *(1,) * (x.ndim - 2))
    scale = weight / np.sqrt(variance + np.float32(op.epsilon))
    shift = bias - mean * scale
    y: Array = x * scale.reshape(along)
    y += shift.reshape(along)
    return y


def nodes(op: BatchNorm, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [helper.make_node("BatchNormalization", names, [output], epsilon=float(op.epsilon))]
