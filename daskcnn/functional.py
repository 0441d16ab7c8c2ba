"""Layers as functions of dask arrays, like those of `dask.array`: lazy, for any chunks along any axes."""

from __future__ import annotations

import dask.array as da

from daskcnn import layers
from daskcnn.apply import AnyArray, apply

Side = int | tuple[int, int]
Sides = int | tuple[int, int] | tuple[int, int, int, int]


def conv2d(
    x: da.Array,
    weight: AnyArray,
    bias: AnyArray | None = None,
    *,
    stride: Side = 1,
    padding: Sides = 0,
    dilation: Side = 1,
    groups: int = 1,
) -> da.Array:
    """Two-dimensional convolution (cross-correlation, as networks use the word).

    Parameters
    ----------
    x : dask.array.Array
        (batch, channels, height, width), in any chunks.
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
    op = layers.Conv2d(
        weight.shape[0], weight.shape[2:], _pair(stride), _sides(padding), _pair(dilation), groups, bias is not None
    )
    return apply(op, x, weight=weight, bias=bias)


def conv_transpose2d(
    x: da.Array,
    weight: AnyArray,
    bias: AnyArray | None = None,
    *,
    stride: Side = 1,
    padding: Sides = 0,
    output_padding: Side = 0,
    dilation: Side = 1,
    groups: int = 1,
) -> da.Array:
    """Transposed convolution; weight (channels, output channels / groups, kernel height, kernel width).

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> x = da.ones((10, 3, 8, 8), chunks=(5, 3, 4, 8))
    >>> conv_transpose2d(x, np.ones((3, 4, 2, 2)), stride=2).chunks
    ((5, 5), (4,), (8, 8), (16,))
    """
    channels = weight.shape[1] * groups
    kernel = weight.shape[2:]
    pairs = _pair(output_padding), _pair(dilation)
    op = layers.ConvTranspose2d(channels, kernel, _pair(stride), _sides(padding), *pairs, groups, bias is not None)
    return apply(op, x, weight=weight, bias=bias)


def max_pool2d(
    x: da.Array,
    kernel: Side,
    *,
    stride: Side | None = None,
    padding: Sides = 0,
    dilation: Side = 1,
    ceil_mode: bool = False,
) -> da.Array:
    """The largest element under the kernel; the stride is the kernel's size by default.

    Examples
    --------
    >>> import dask.array as da
    >>> max_pool2d(da.ones((10, 3, 7, 7), chunks=(5, 1, 3, 7)), 2).chunks
    ((5, 5), (1, 1, 1), (1, 2), (3,))
    """
    sizes = _pair(kernel)
    step = sizes if stride is None else _pair(stride)
    return apply(layers.MaxPool2d(sizes, step, _sides(padding), _pair(dilation), ceil_mode), x)


def average_pool2d(
    x: da.Array,
    kernel: Side,
    *,
    stride: Side | None = None,
    padding: Sides = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = False,
) -> da.Array:
    """The mean of the elements under the kernel; the stride is the kernel's size by default."""
    sizes = _pair(kernel)
    step = sizes if stride is None else _pair(stride)
    op = layers.AveragePool2d(sizes, step, _sides(padding), ceil_mode=ceil_mode, count_include_pad=count_include_pad)
    return apply(op, x)


def dense(x: da.Array, weight: AnyArray, bias: AnyArray | None = None) -> da.Array:
    """X · weightᵀ + bias for x (batch, inputs), weight (features, inputs) and bias (features,).

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> dense(da.ones((10, 6), chunks=(5, 2)), np.ones((4, 6)), np.ones(4)).compute()[0]
    array([7., 7., 7., 7.], dtype=float32)
    """
    return apply(layers.Dense(weight.shape[0], bias is not None), x, weight=weight, bias=bias)


def batch_norm(
    x: da.Array, weight: AnyArray, bias: AnyArray, mean: AnyArray, variance: AnyArray, *, epsilon: float = 1e-5
) -> da.Array:
    """Batch normalization of a trained network; each parameter is (channels,)."""
    return apply(layers.BatchNorm(epsilon), x, weight=weight, bias=bias, mean=mean, variance=variance)


def relu(x: da.Array) -> da.Array:
    """max(x, 0)."""
    return apply(layers.Relu(), x)


def gelu(x: da.Array, approximate: str = "none") -> da.Array:
    """Gaussian error linear unit; `approximate` is `none` (erf) or `tanh`."""
    return apply(layers.Gelu(approximate), x)


def softmax(x: da.Array) -> da.Array:
    """Softmax over the channels."""
    return apply(layers.Softmax(), x)


def log_softmax(x: da.Array) -> da.Array:
    """Logarithm of the softmax over the channels."""
    return apply(layers.LogSoftmax(), x)


def global_average_pool(x: da.Array) -> da.Array:
    """The mean of each channel's image: (batch, channels, 1, 1)."""
    return apply(layers.GlobalAveragePool(), x)


def flatten(x: da.Array) -> da.Array:
    """(batch, channels, height, width) as (batch, features)."""
    return apply(layers.Flatten(), x)


def _pair(value: Side) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _sides(value: Sides) -> tuple[int, int, int, int]:
    if isinstance(value, tuple) and len(value) == 4:
        return value
    height, width = _pair(value)
    return height, width, height, width
