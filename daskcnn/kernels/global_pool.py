"""Pooling of whole images to one value a channel, in one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import GlobalMaxPool
from daskcnn.layers.global_pool import GlobalPool


def compute(op: GlobalPool, x: Array) -> Array:
    """(batch, channels, height, width) float32 to (batch, channels, 1, 1)."""
    reduce = x.max if isinstance(op, GlobalMaxPool) else x.mean
    y: Array = reduce(axis=(2, 3), keepdims=True)
    return y


def nodes(op: GlobalPool, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    return [
        helper.make_node("GlobalMaxPool" if isinstance(op, GlobalMaxPool) else "GlobalAveragePool", names, [output])
    ]
