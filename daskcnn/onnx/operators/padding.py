"""What `pads` and `auto_pad` come to for images of a known size."""

from __future__ import annotations

from collections.abc import Sequence

from daskcnn.errors import UsageError
from daskcnn.onnx.node import Node
from daskcnn.region import Shape

MODES = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
Ends = tuple[tuple[int, int], ...]
"""What is put before and behind each axis of an image."""


def padding(node: Node, sizes: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Ends:
    """The padding of a kernel that moves over images of these sizes.

    Source: ONNX, operators Conv and MaxPool.
    """
    node.only("auto_pad", *MODES)
    if node["auto_pad"] == "NOTSET":
        return explicit(node, len(sizes))
    if node["auto_pad"] == "VALID":
        return ((0, 0),) * len(sizes)
    needed = [
        (-(-size // step) - 1) * step + (taps - 1) * apart + 1 - size
        for size, taps, step, apart in zip(sizes, kernel, stride, dilation, strict=True)
    ]
    return around([max(both, 0) for both in needed], more_behind=node["auto_pad"] == "SAME_UPPER")


def explicit(node: Node, ndim: int) -> Ends:
    """The attribute `pads`."""
    pads = node.ints("pads", (0,) * (2 * ndim))
    if min(pads) < 0:
        raise UsageError(f"attribute pads={pads} is not supported; use 0 or more")
    return tuple(zip(pads[:ndim], pads[ndim:], strict=True))


def around(needed: Sequence[int], *, more_behind: bool) -> Ends:
    """So much at both ends together, the odd one behind or before; less than nothing is all behind.

    >>> around([3, 2, -1], more_behind=True)
    ((1, 2), (1, 1), (0, -1))
    """
    before = [max(both // 2 if more_behind else both - both // 2, 0) for both in needed]
    return tuple((first, both - first) for first, both in zip(before, needed, strict=True))
