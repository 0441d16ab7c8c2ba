"""Padding of one block: a value or a copy added at its borders, or rows taken away where the padding is negative."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.step import Array
from daskcnn.layers import Pad2d
from daskcnn.layers.border import Border
from daskcnn.layers.place import Place
from daskcnn.layers.window import Padding


def compute(op: Pad2d, x: Array) -> Array:
    """(batch, channels, height, width) of any dtype, padded."""
    if op.mode == "constant":
        return padded(x, op.padding, op.value)
    for axis, border, place in zip((2, 3), op.borders, op.places, strict=True):
        size = x.shape[axis]
        x = x.take(_table(border, place or Place((0, border.output_size(size)), 0, size)), axis=axis)
    return x


def nodes(op: Pad2d, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes: axes with a place are gathered by a table, the others padded."""
    found: list[NodeProto] = []
    x = names[0]
    for axis, border, place in zip((2, 3), op.borders, op.places, strict=True):
        if place is not None:
            table, gathered = f"{output}.table{axis}", f"{output}.gathered{axis}"
            found.append(constant(table, _table(border, place)))
            found.append(helper.make_node("Gather", [x, table], [gathered], axis=axis))
            x = gathered
    sides = [0 if place else side for place, side in zip(op.places * 2, op.padding, strict=True)]
    return [*found, *pad_nodes((sides[0], sides[1], sides[2], sides[3]), x, output, op.mode, op.value)]


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


def pad_nodes(padding: Padding, x: str, output: str, mode: str = "constant", value: float = 0) -> list[NodeProto]:
    """Nodes that pad, or crop where the padding is negative."""
    top, left, bottom, right = padding
    pads, fill = f"{output}.pads", f"{output}.value"
    return [
        constant(pads, [0, 0, top, left, 0, 0, bottom, right]),
        constant(fill, value, np.float32),
        helper.make_node("Pad", [x, pads, fill], [output], mode=mode),
    ]


def _table(border: Border, place: Place) -> Array:
    """Which of a block's inputs each output is."""
    return border.sources(place.output, place.size) - place.first
