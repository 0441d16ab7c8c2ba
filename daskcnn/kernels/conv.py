"""Convolution of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import NodeProto, helper

from daskcnn.kernels.crop import crop_nodes, cropped
from daskcnn.kernels.pad import padded, split_padding
from daskcnn.kernels.step import Array
from daskcnn.layers import Conv2d


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
    taps = channels // groups * kernel[0] * kernel[1]
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(batch, groups, taps, height * width)
    rows = weight.reshape(groups, op.channels // groups, taps)
    y: Array = np.matmul(rows, columns).reshape(batch, op.channels, height, width)
    if bias is not None:
        y += bias[:, None, None]
    return cropped(y, op.crop)


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
