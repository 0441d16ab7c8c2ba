"""Padding."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import Pad2d, Transpose
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor


def pad(node: Node) -> Tensor:
    """Of images, along all axes but the first, by constants; any mode."""
    tensor, pads = node.images(), node.numbers(1, "pads") or ()
    axes = [axis % 4 for axis in node.numbers(3, "axes") or range(4)]
    if len(pads) != 2 * len(axes) or len(set(axes)) < len(axes):
        raise UsageError(f"pads {pads} do not suit axes {tuple(axes)}; use two numbers for each axis")
    ends = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    none = 0, 0
    if ends.get(0, none) != none:
        raise UsageError(f"pads {ends[0]} along axis 0 are not supported, as it is that of images; use 0")
    (front, back), (top, bottom), (left, right) = (ends.get(axis, none) for axis in (1, 2, 3))
    mode, value = node["mode"], _value(node)
    image = Pad2d((top, left, bottom, right), mode, value) if any((top, left, bottom, right)) else None
    if (front, back) == none:
        return node.chain(tensor, image)
    # Channels are padded as if they were the rows of an image.
    turn, channels = Transpose((0, 2, 1, 3)), Pad2d((front, 0, back, 0), mode, value)
    return node.chain(tensor, image, turn, channels, turn)


def _value(node: Node) -> float:
    return float(node.array(2).item() if node.has(2) else node.attributes.get("value", 0))


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Pad": pad}
