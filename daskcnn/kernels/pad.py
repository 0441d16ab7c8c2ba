"""Padding of one block: zeros added at its borders, or rows taken away where the padding is negative."""

from __future__ import annotations

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array

Padding = tuple[int, int, int, int]


def padded(x: Array, padding: Padding) -> Array:
    """Images with zeros at top, left, bottom and right."""
    if not any(padding):
        return x
    top, left, bottom, right = (max(side, 0) for side in padding)
    y = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    top, left, bottom, right = (max(-side, 0) for side in padding)
    return y[:, :, top : y.shape[2] - bottom, left : y.shape[3] - right]


def split_padding(padding: Padding, x: str, name: str) -> tuple[list[NodeProto], Padding]:
    """The nodes that must pad before a windowed ONNX operator, and what is left for its own `pads`.

    The operators take no negative padding, which a block in the midst of a wide padding can have.
    """
    if min(padding) >= 0:
        return [], padding
    top, left, bottom, right = padding
    pads = helper.make_node("Constant", [], [f"{name}.pads"], value_ints=[0, 0, top, left, 0, 0, bottom, right])
    return [pads, helper.make_node("Pad", [x, f"{name}.pads"], [f"{name}.padded"])], (0, 0, 0, 0)
