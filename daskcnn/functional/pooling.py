"""Pooling of dask arrays."""

from __future__ import annotations

import dask.array as da

from daskcnn import layers
from daskcnn.apply import AnyArray, apply
from daskcnn.functional.sides import Side, Sides, pair, sides


def max_pool2d(
    x: AnyArray,
    kernel: Side,
    *,
    stride: Side | None = None,
    padding: Sides = 0,
    dilation: Side = 1,
    ceil_mode: bool = False,
) -> da.Array:
    """The largest element under the kernel; padding is never the largest.

    Source: ONNX, operator MaxPool.

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.
    kernel : int or (int, int)
        Along height and width.
    stride : int or (int, int), optional
        The kernel's size by default.
    padding : int, (int, int) or (int, int, int, int)
        At all sides; at height and width; or at top, left, bottom and right. Each less than the kernel.
    dilation : int or (int, int)
        Along height and width.
    ceil_mode : bool
        Whether a last window may leave the padded image, as long as it does not begin behind the image.

    Returns
    -------
    dask.array.Array
        (batch, channels, height, width) float32; blocks lie where those of `x` do.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> max_pool2d(da.ones((10, 3, 7, 7), chunks=(5, 1, 3, 7)), 2).chunks
    ((5, 5), (1, 1, 1), (1, 2), (3,))
    """
    sizes = pair(kernel)
    step = sizes if stride is None else pair(stride)
    return apply(layers.MaxPool2d(sizes, step, sides(padding), pair(dilation), ceil_mode), x)


def average_pool2d(
    x: AnyArray,
    kernel: Side,
    *,
    stride: Side | None = None,
    padding: Sides = 0,
    dilation: Side = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = False,
) -> da.Array:
    """The mean of the elements under the kernel.

    Source: ONNX, operator AveragePool.

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.
    kernel : int or (int, int)
        Along height and width.
    stride : int or (int, int), optional
        The kernel's size by default.
    padding : int, (int, int) or (int, int, int, int)
        At all sides; at height and width; or at top, left, bottom and right. Each less than the kernel.
    dilation : int or (int, int)
        From one element under the kernel to the next.
    ceil_mode : bool
        Whether a last window may leave the padded image, as long as it does not begin behind the image.
    count_include_pad : bool
        Whether the padding counts, as zeros.

    Returns
    -------
    dask.array.Array
        (batch, channels, height, width) float32; blocks lie where those of `x` do.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> average_pool2d(da.ones((1, 1, 3, 3)), 3, stride=2, padding=1, count_include_pad=True).compute()[0, 0, 0, 0]
    np.float32(0.44444445)
    """
    sizes = pair(kernel)
    step = sizes if stride is None else pair(stride)
    op = layers.AveragePool2d(sizes, step, sides(padding), pair(dilation), ceil_mode, count_include_pad)
    return apply(op, x)


def global_average_pool(x: AnyArray) -> da.Array:
    """The mean of each channel's image.

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.

    Returns
    -------
    dask.array.Array
        (batch, channels, 1, 1) float32.

    Raises
    ------
    UsageError
        Another number of axes, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> global_average_pool(da.ones((10, 3, 8, 8), chunks=(5, 3, 4, 4))).shape
    (10, 3, 1, 1)
    """
    return apply(layers.GlobalAveragePool(), x)
