"""What `pads` and `auto_pad` come to for images of a known size."""

from __future__ import annotations

from collections.abc import Sequence

from daskcnn.errors import UsageError
from daskcnn.layers.window import Padding, Pair
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor

MODES = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")


def pair(node: Node, attribute: str, default: Sequence[int] = (1, 1)) -> Pair:
    """An attribute along height and width."""
    height, width = node.ints(attribute, default)
    return height, width


def padding(node: Node, images: Tensor, kernel: Pair, stride: Pair, dilation: Pair) -> Padding:
    """The padding of a kernel that moves over images.

    Source: ONNX, operators Conv and MaxPool.
    """
    node.only("auto_pad", *MODES)
    if node["auto_pad"] == "NOTSET":
        return explicit(node)
    if node["auto_pad"] == "VALID":
        return 0, 0, 0, 0
    needed = (
        (-(-size // step) - 1) * step + (taps - 1) * apart + 1 - size
        for size, taps, step, apart in zip(images.shape[2:], kernel, stride, dilation, strict=True)
    )
    return around(*(max(both, 0) for both in needed), more_behind=node["auto_pad"] == "SAME_UPPER")


def explicit(node: Node) -> Padding:
    """The attribute `pads`."""
    top, left, bottom, right = node.ints("pads", (0, 0, 0, 0))
    if min(top, left, bottom, right) < 0:
        raise UsageError(f"attribute pads={(top, left, bottom, right)} is not supported; use 0 or more")
    return top, left, bottom, right


def around(rows: int, columns: int, *, more_behind: bool) -> Padding:
    """So many rows and columns at both ends, an odd one behind the image or before it; less than none behind it.

    >>> around(3, 2, more_behind=True)
    (1, 1, 2, 1)
    """
    top, left = (max(both // 2 if more_behind else both - both // 2, 0) for both in (rows, columns))
    return top, left, rows - top, columns - left
