"""Convolution of one block."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import NodeProto, helper

from daskcnn.kernels.crop import crop_nodes, cropped
from daskcnn.kernels.pad import padded, split_padding
from daskcnn.kernels.step import Array
from daskcnn.layers import Conv2d

CACHE = 1 << 20
"""Bytes of columns and of what they give, at a time: about what a core keeps near."""
COLUMNS = 256
"""Columns at a time at least, so that each reading of the weights serves many."""


def compute(op: Conv2d, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """Convolve by im2col: the taps of every output as a column, then one matrix product a group.

    Source: Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document
    Processing" (2006).

    Parameters
    ----------
    op : Conv2d
    x : (batch, channels, height, width) float32
    weight : (output channels, channels of a group, kernel height, kernel width) float32
    bias : (output channels,) float32, optional

    Returns
    -------
    (batch, output channels, output height, output width) float32
    """
    (dy, dx), (sy, sx), groups = op.dilation, op.stride, op.groups
    spans = tuple(window.extent for window in op.windows)
    windows = sliding_window_view(padded(x, op.padding), spans, axis=(2, 3))[:, :, ::sy, ::sx, ::dy, ::dx]
    batch, channels, height, width, *kernel = windows.shape
    taps = channels // groups * math.prod(kernel)
    weights = weight.reshape(groups, -1, taps)
    y = np.empty((batch, op.channels, height, width), x.dtype)
    few, rows = _tile(x.itemsize * (groups * taps + op.channels), height, width)
    buffer = np.empty(channels * math.prod(kernel) * min(few, batch) * rows * width, x.dtype)
    for first in range(0, batch, few):
        for top in range(0, height, rows):
            part = windows[first : first + few, :, top : top + rows].transpose(1, 4, 5, 0, 2, 3)
            columns = buffer[: part.size].reshape(part.shape)
            np.copyto(columns, part)
            product = np.matmul(weights, columns.reshape(groups, taps, -1)).reshape(op.channels, *part.shape[3:])
            y[first : first + few, :, top : top + rows] = product.swapaxes(0, 1)
    if bias is not None:
        y += bias[:, None, None]
    return cropped(y, op.crop)


def _tile(column: int, height: int, width: int) -> tuple[int, int]:
    """How many images, or rows of one image, give as many columns of so many bytes as suit the cache."""
    columns = max(CACHE // column, COLUMNS)
    return max(1, columns // (height * width)), min(height, max(1, columns // width))


def nodes(op: Conv2d, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes; x, weight and bias by name."""
    x, *weights = names
    before, inside = split_padding(op.padding, x, output)
    computed, after = crop_nodes(op.crop, output)
    conv = helper.make_node(
        "Conv",
        [before[-1].output[0] if before else x, *weights],
        [computed],
        kernel_shape=op.kernel,
        strides=op.stride,
        dilations=op.dilation,
        group=op.groups,
        pads=inside,
    )
    return [*before, conv, *after]
