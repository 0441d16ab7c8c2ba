"""Images to feature vectors, in one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.crop import crop_nodes, cropped
from daskcnn.kernels.step import Array
from daskcnn.layers import Flatten


def compute(op: Flatten, x: Array) -> Array:
    """(batch, channel, height, width) to (batch, features), cropped where the block says so."""
    return cropped(x.reshape(len(x), -1), op.crop)


def nodes(op: Flatten, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes."""
    flat, after = crop_nodes(op.crop, output)
    return [helper.make_node("Flatten", names, [flat], axis=1), *after]
