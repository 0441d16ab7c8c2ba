"""Features or channels that a block computes but does not keep."""

from __future__ import annotations

from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.region import Interval


def cropped(x: Array, crop: Interval | None) -> Array:
    """These of the second axis; all of it where there is no crop."""
    return x if crop is None else x[:, crop[0] : crop[1]]


def crop_nodes(crop: Interval | None, output: str) -> tuple[str, list[NodeProto]]:
    """Name for the tensor to crop, and the nodes that crop it to `output`: the output itself and none without."""
    if crop is None:
        return output, []
    bounds = (("start", crop[0]), ("stop", crop[1]), ("axis", 1))
    uncropped = f"{output}.uncropped"
    return uncropped, [
        *(helper.make_node("Constant", [], [f"{output}.{name}"], value_ints=[value]) for name, value in bounds),
        helper.make_node("Slice", [uncropped, *(f"{output}.{name}" for name, _ in bounds)], [output]),
    ]
