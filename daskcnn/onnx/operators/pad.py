"""Padding."""

from __future__ import annotations

import math
from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import Op, Pad2d, Reshape
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor

NONE = (0, 0)


def pad(node: Node) -> Tensor:
    """Along any axes but that of the images, by constants; any mode."""
    tensor, pads = node.tensor(), node.numbers(1, "pads") or ()
    ndim = len(tensor.shape)
    axes = [axis % ndim for axis in node.numbers(3, "axes") or range(ndim)]
    if len(pads) != 2 * len(axes) or len(set(axes)) < len(axes):
        raise UsageError(f"pads {pads} do not suit axes {tuple(axes)}; use two numbers for each axis")
    ends = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    if ends.get(0, NONE) != NONE:
        raise UsageError(f"pads {ends[0]} along axis 0 are not supported, as it is that of images; use 0")
    mode, value = node["mode"], float(node.array(2).item() if node.has(2) else node.attributes.get("value", 0))
    ops: list[Op] = []
    sizes = list(tensor.shape)
    if ndim == 4:
        (top, bottom), (left, right) = (ends.pop(axis, NONE) for axis in (2, 3))
        if any((top, left, bottom, right)):
            ops.append(Pad2d((top, left, bottom, right), mode, value))
            sizes[2:] = sizes[2] + top + bottom, sizes[3] + left + right
    for axis, (before, after) in ends.items():
        if before or after:
            # As the rows of an image.
            ops.append(Reshape((math.prod(sizes[1:axis]), sizes[axis], math.prod(sizes[axis + 1 :]))))
            ops.append(Pad2d((before, 0, after, 0), mode, value))
            sizes[axis] += before + after
            ops.append(Reshape(tuple(sizes[1:])))
    return node.chain(tensor, *ops)


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Pad": pad}
