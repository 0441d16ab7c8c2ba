"""Images to feature vectors, in one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers import Flatten


def compute(op: Flatten, x: Array) -> Array:
    """(batch, channel, height, width) to (batch, features), cropped where the block says so."""
    y = x.reshape(len(x), -1)
    return y if op.crop is None else y[:, op.crop[0] : op.crop[1]]


def nodes(op: Flatten, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes."""
    if op.crop is None:
        return [helper.make_node("Flatten", names, [output], axis=1)]
    bounds = (("start", op.crop[0]), ("stop", op.crop[1]), ("axis", 1))
    return [
        helper.make_node("Flatten", names, [f"{output}.whole"], axis=1),
        *(helper.make_node("Constant", [], [f"{output}.{name}"], value_ints=[value]) for name, value in bounds),
        helper.make_node("Slice", [f"{output}.{name}" for name in ("whole", "start", "stop", "axis")], [output]),
    ]
