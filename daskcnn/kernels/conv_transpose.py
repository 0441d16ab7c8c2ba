"""Transposed convolution of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.crop import crop_nodes, cropped
from daskcnn.kernels.pad import pad_nodes, padded
from daskcnn.kernels.step import Array
from daskcnn.layers import ConvTranspose2d
from daskcnn.layers.spread import Spread


def compute(op: ConvTranspose2d, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """One matrix product a group gives what each input adds under each tap; a pass for each tap adds it up.

    Parameters
    ----------
    op : ConvTranspose2d
    x : (batch, channels, height, width) float32
    weight : (channels, output channels of a group, kernel height, kernel width) float32
    bias : (output channels,) float32, optional

    Returns
    -------
    (batch, output channels, output height, output width) float32
    """
    batch, channels, *sizes = x.shape
    pixels = x.reshape(batch, op.groups, channels // op.groups, -1)
    columns = weight.reshape(op.groups, channels // op.groups, -1).transpose(0, 2, 1)
    added = np.matmul(columns, pixels).reshape(batch, op.channels, *op.kernel, *sizes)
    rows, cols = op.spreads
    y = np.zeros((batch, op.channels, rows.uncropped(sizes[0]), cols.uncropped(sizes[1])), x.dtype)
    for u, v in np.ndindex(*op.kernel):
        y[:, :, _under(rows, u, sizes[0]), _under(cols, v, sizes[1])] += added[:, :, u, v]
    y = padded(y, (-rows.before, -cols.before, -rows.after, -cols.after))
    if bias is not None:
        y += bias[:, None, None]
    return cropped(y, op.crop)


def nodes(op: ConvTranspose2d, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes; x, weight and bias by name.

    ONNX crops only, so where outputs are to be added, zeros around the input make more than enough of them.
    """
    x, *weights = names
    grown = f"{output}.grown"
    (top, rows_before), (bottom, rows_after) = (_grown(op.spreads[0], side) for side in ("before", "after"))
    (left, cols_before), (right, cols_after) = (_grown(op.spreads[1], side) for side in ("before", "after"))
    zeros = (top, left, bottom, right)
    computed, after = crop_nodes(op.crop, output)
    conv = helper.make_node(
        "ConvTranspose",
        [grown if any(zeros) else x, *weights],
        [computed],
        kernel_shape=op.kernel,
        strides=op.stride,
        dilations=op.dilation,
        group=op.groups,
        pads=(rows_before, cols_before, rows_after, cols_after),
    )
    return [*(pad_nodes(zeros, x, grown) if any(zeros) else []), conv, *after]


def _under(spread: Spread, tap: int, size: int) -> slice:
    """The outputs that the inputs of an axis add to under one tap."""
    start = tap * spread.dilation
    return slice(start, start + (size - 1) * spread.stride + 1, spread.stride)


def _grown(spread: Spread, side: str) -> tuple[int, int]:
    """Zeros to put at one end of the inputs, and what to crop there then."""
    crop: int = getattr(spread, side)
    zeros = max(-(crop // spread.stride), 0)
    return zeros, crop + zeros * spread.stride
