"""Features or channels that a block computes but does not keep."""

from __future__ import annotations

from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.step import Array
from daskcnn.region import Interval


def cropped(x: Array, crop: Interval | None) -> Array:
    """These of the second axis; all of it where there is no crop."""
    return x if crop is None else x[:, crop[0] : crop[1]]


def crop_nodes(crop: Interval | None, output: str) -> tuple[str, list[NodeProto]]:
    """Name for the tensor to crop, and the nodes that crop it to `output`: the output itself and none without."""
    if crop is None:
        return output, []
    uncropped, start, stop, axis = (f"{output}.{name}" for name in ("uncropped", "start", "stop", "axis"))
    constants = [constant(start, [crop[0]]), constant(stop, [crop[1]]), constant(axis, [1])]
    return uncropped, [*constants, helper.make_node("Slice", [uncropped, start, stop, axis], [output])]
