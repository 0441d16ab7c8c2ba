"""A part along one axis, of one block."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.step import Array
from daskcnn.layers import Slice


def compute(op: Slice, x: Array) -> Array:
    """Every step-th element from start to stop along the axis."""
    return x[(slice(None),) * op.axis + (slice(op.start, op.stop, op.step),)]


def nodes(op: Slice, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes."""
    bounds = {"start": op.start, "stop": op.stop, "axis": op.axis, "step": op.step}
    return [
        *(constant(f"{output}.{name}", [value]) for name, value in bounds.items()),
        helper.make_node("Slice", [*names, *(f"{output}.{name}" for name in bounds)], [output]),
    ]
