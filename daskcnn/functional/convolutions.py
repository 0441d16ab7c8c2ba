"""Convolutions of dask arrays."""

from __future__ import annotations

import dask.array as da

from daskcnn import layers
from daskcnn.apply import AnyArray, apply
from daskcnn.errors import UsageError
from daskcnn.functional.sides import Side, Sides, pair, sides


def conv2d(
    x: AnyArray,
    weight: AnyArray,
    bias: AnyArray | None = None,
    *,
    stride: Side = 1,
    padding: Sides = 0,
    dilation: Side = 1,
    groups: int = 1,
) -> da.Array:
    """Two-dimensional convolution (cross-correlation, as networks use the word).

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.
    weight : array
        (output channels, channels / groups, kernel height, kernel width). Chunks of a dask array along its first
        axis become those of the output's channels.
    bias : array, optional
        (output channels,).
    stride, dilation : int or (int, int)
        Along height and width.
    padding : int, (int, int) or (int, int, int, int)
        Zeros at all sides; at height and width; or at top, left, bottom and right.
    groups : int
        Output channels of a group see only that group's input channels.

    Returns
    -------
    dask.array.Array
        (batch, output channels, height, width) float32; blocks lie where those of `x` do.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> x = da.ones((10, 3, 20, 20), chunks=(5, 3, 7, 20))
    >>> conv2d(x, np.ones((8, 3, 3, 3)), stride=2, padding=1).chunks
    ((5, 5), (8,), (4, 3, 3), (10,))
    """
    channels, _, *kernel = _four_axes(weight)
    moved = (kernel[0], kernel[1]), pair(stride), sides(padding), pair(dilation)
    op = layers.Conv2d(channels, *moved, groups, bias is not None)
    return apply(op, x, weight=weight, bias=bias)


def conv_transpose2d(
    x: AnyArray,
    weight: AnyArray,
    bias: AnyArray | None = None,
    *,
    stride: Side = 1,
    padding: Sides = 0,
    output_padding: Side = 0,
    dilation: Side = 1,
    groups: int = 1,
) -> da.Array:
    """Two-dimensional transposed convolution.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 4.

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.
    weight : array
        (channels, output channels / groups, kernel height, kernel width).
    bias : array, optional
        (output channels,).
    stride, dilation : int or (int, int)
        Along height and width.
    padding : int, (int, int) or (int, int, int, int)
        Outputs to crop at all sides; at height and width; or at top, left, bottom and right.
    output_padding : int or (int, int)
        Outputs less to crop at bottom and right; each less than the stride or the dilation.
    groups : int
        Output channels of a group see only that group's input channels.

    Returns
    -------
    dask.array.Array
        (batch, output channels, height, width) float32; blocks lie where those of `x` do.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> x = da.ones((10, 3, 8, 8), chunks=(5, 3, 4, 8))
    >>> conv_transpose2d(x, np.ones((3, 4, 2, 2)), stride=2).chunks
    ((5, 5), (4,), (8, 8), (16,))
    """
    _, channels, *kernel = _four_axes(weight)
    moved = (kernel[0], kernel[1]), pair(stride), sides(padding), pair(output_padding), pair(dilation)
    op = layers.ConvTranspose2d(channels * groups, *moved, groups, bias is not None)
    return apply(op, x, weight=weight, bias=bias)


def _four_axes(weight: AnyArray) -> tuple[int, ...]:
    """The shape of a weight; UsageError where it is not that of kernels of two axes."""
    if weight.ndim != 4:
        raise UsageError(f"weight of shape {weight.shape} has not 4 axes; give two of channels and two of a kernel")
    return tuple(weight.shape)
