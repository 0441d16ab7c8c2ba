"""Padding of one block: a value added at its borders, or rows taken away where the padding is negative."""

from __future__ import annotations

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.step import Array
from daskcnn.layers.window import Padding


def padded(x: Array, padding: Padding, value: float = 0) -> Array:
    """Images with a value, or zeros, at top, left, bottom and right."""
    if not any(padding):
        return x
    top, left, bottom, right = (max(side, 0) for side in padding)
    batch, channels, height, width = x.shape
    y = np.full((batch, channels, top + height + bottom, left + width + right), value, x.dtype)
    y[:, :, top : top + height, left : left + width] = x
    top, left, bottom, right = (max(-side, 0) for side in padding)
    return y[:, :, top : y.shape[2] - bottom, left : y.shape[3] - right]


def split_padding(padding: Padding, x: str, name: str) -> tuple[list[NodeProto], Padding]:
    """The nodes that must pad before a windowed ONNX operator, and what is left for its own `pads`.

    The operators take no negative padding, which a block in the midst of a wide padding can have.
    """
    if min(padding) >= 0:
        return [], padding
    return pad_nodes(padding, x, f"{name}.padded"), (0, 0, 0, 0)


def pad_nodes(padding: Padding, x: str, output: str) -> list[NodeProto]:
    """Nodes that pad with zeros, or crop where the padding is negative."""
    top, left, bottom, right = padding
    pads = helper.make_node("Constant", [], [f"{output}.pads"], value_ints=[0, 0, top, left, 0, 0, bottom, right])
    return [pads, helper.make_node("Pad", [x, f"{output}.pads"], [output])]
