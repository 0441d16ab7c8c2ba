"""Activations of dask arrays."""

from __future__ import annotations

import dask.array as da

from daskcnn import layers
from daskcnn.apply import AnyArray, apply


def relu(x: AnyArray) -> da.Array:
    """The rectified linear unit of each element: max(x, 0).

    Parameters
    ----------
    x : array
        (batch, …), in any chunks; computed with as float32.

    Returns
    -------
    dask.array.Array
        As `x`, float32.

    Raises
    ------
    UsageError
        A chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> relu(da.from_array(np.array([[-1.0, 2.0]]))).compute()
    array([[0., 2.]], dtype=float32)
    """
    return apply(layers.Relu(), x)


def gelu(x: AnyArray, approximate: str = "none") -> da.Array:
    """The Gaussian error linear unit of each element: x·Φ(x), Φ the normal distribution function.

    Source: Hendrycks and Gimpel (2016).

    Parameters
    ----------
    x : array
        (batch, …), in any chunks; computed with as float32.
    approximate : str
        `none` for Φ by erf, `tanh` for the approximation by tanh.

    Returns
    -------
    dask.array.Array
        As `x`, float32.

    Raises
    ------
    UsageError
        Another approximation, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> gelu(da.from_array(np.array([[0.0, 10.0]]))).compute()
    array([[ 0., 10.]], dtype=float32)
    """
    return apply(layers.Gelu(approximate), x)


def softmax(x: AnyArray) -> da.Array:
    """Softmax over the channels: exp(x) / the sum of exp(x).

    Parameters
    ----------
    x : array
        (batch, channels) or (batch, channels, height, width), in any chunks; computed with as float32.

    Returns
    -------
    dask.array.Array
        As `x`, float32; a block has all the channels.

    Raises
    ------
    UsageError
        No axis of channels, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> softmax(da.ones((10, 4), chunks=(5, 2))).compute()[0]
    array([0.25, 0.25, 0.25, 0.25], dtype=float32)
    """
    return apply(layers.Softmax(), x)


def log_softmax(x: AnyArray) -> da.Array:
    """The logarithm of softmax over the channels: x - log(the sum of exp(x)).

    Parameters
    ----------
    x : array
        (batch, channels) or (batch, channels, height, width), in any chunks; computed with as float32.

    Returns
    -------
    dask.array.Array
        As `x`, float32.

    Raises
    ------
    UsageError
        No axis of channels, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> log_softmax(da.ones((10, 1), chunks=(5, 1))).compute()[0]
    array([0.], dtype=float32)
    """
    return apply(layers.LogSoftmax(), x)
