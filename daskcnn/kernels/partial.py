"""A part of a sum over input channels, and the sum of such parts, in one block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels import conv, dense
from daskcnn.kernels.step import Array
from daskcnn.layers import Conv2d, Partial, Total


def compute(op: Partial | Total, x: Array, *weights: Array) -> Array:
    """A part gets a last axis of one; a total adds along the last axis, `fan_in` at a time."""
    if isinstance(op, Partial):
        part = conv.compute(op.op, x, *weights) if isinstance(op.op, Conv2d) else dense.compute(op.op, x, *weights)
        return part[..., None]
    sums: Array = np.add.reduceat(x, op.bounds_of_sums[:-1], axis=-1)
    return sums[..., 0] if op.last else sums


def nodes(op: Partial | Total, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes."""
    last = helper.make_node("Constant", [], [f"{output}.last"], value_ints=[-1])
    if isinstance(op, Partial):
        part = f"{output}.part"
        inner = conv.nodes(op.op, names, part) if isinstance(op.op, Conv2d) else dense.nodes(op.op, names, part)
        return [*inner, last, helper.make_node("Unsqueeze", [part, f"{output}.last"], [output])]
    if op.last:
        return [last, helper.make_node("ReduceSum", [names[0], f"{output}.last"], [output], keepdims=0)]
    sizes = [stop - start for start, stop in pairwise(op.bounds_of_sums)]
    groups = [f"{output}.parts{i}" for i in range(len(sizes))]
    sums = [f"{output}.sum{i}" for i in range(len(sizes))]
    return [
        last,
        helper.make_node("Constant", [], [f"{output}.sizes"], value_ints=sizes),
        helper.make_node("Split", [names[0], f"{output}.sizes"], groups, axis=-1),
        *(
            helper.make_node("ReduceSum", [group, f"{output}.last"], [total], keepdims=1)
            for group, total in zip(groups, sums, strict=True)
        ),
        helper.make_node("Concat", sums, [output], axis=-1),
    ]
