"""The elements of each image in other axes, in one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.crop import crop_nodes, cropped
from daskcnn.kernels.step import Array
from daskcnn.layers import Reshape


def compute(op: Reshape, x: Array) -> Array:
    """(batch, …) to (batch, *shape), of the elements that the block keeps."""
    return cropped(x.reshape(len(x), -1), op.crop).reshape(len(x), *op.shape)


def nodes(op: Reshape, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes: a size of 0 leaves the batch axis as it is."""
    shape, kept = f"{output}.shape", f"{output}.kept"
    flat, crop = crop_nodes(op.crop, kept)
    return [
        helper.make_node("Flatten", names, [flat], axis=1),
        *crop,
        constant(shape, [0, *op.shape]),
        helper.make_node("Reshape", [kept, shape], [output]),
    ]
