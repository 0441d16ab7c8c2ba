"""What comes between convolutions and classes, on dask arrays."""

from __future__ import annotations

import dask.array as da

from daskcnn import layers
from daskcnn.apply import AnyArray, apply


def dense(x: AnyArray, weight: AnyArray, bias: AnyArray | None = None) -> da.Array:
    """A fully connected layer: the product of x with weight transposed, plus bias.

    Parameters
    ----------
    x : array
        (batch, inputs), in any chunks; computed with as float32.
    weight : array
        (features, inputs). Chunks of a dask array along its first axis become those of the output's features.
    bias : array, optional
        (features,).

    Returns
    -------
    dask.array.Array
        (batch, features) float32.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> dense(da.ones((10, 6), chunks=(5, 2)), np.ones((4, 6)), np.ones(4)).compute()[0]
    array([7., 7., 7., 7.], dtype=float32)
    """
    return apply(layers.Dense(weight.shape[0], bias is not None), x, weight=weight, bias=bias)


def batch_norm(
    x: AnyArray, weight: AnyArray, bias: AnyArray, mean: AnyArray, variance: AnyArray, *, epsilon: float = 1e-5
) -> da.Array:
    """Batch normalization of a trained network: weight · (x - mean) / √(variance + epsilon) + bias.

    Source: Ioffe and Szegedy (2015), with the mean and variance of training.

    Parameters
    ----------
    x : array
        (batch, channels, height, width) or (batch, channels), in any chunks; computed with as float32.
    weight, bias, mean, variance : array
        (channels,).
    epsilon : float
        Keeps the divisor above 0.

    Returns
    -------
    dask.array.Array
        As `x`, float32.

    Raises
    ------
    UsageError
        Shapes do not fit, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da, numpy as np
    >>> one, two, three = (np.full(3, value, np.float32) for value in (1, 2, 3))
    >>> batch_norm(da.ones((10, 3), chunks=(5, 1)), two, one, three, one, epsilon=0.0).compute()[0]
    array([-3., -3., -3.], dtype=float32)
    """
    return apply(layers.BatchNorm(epsilon), x, weight=weight, bias=bias, mean=mean, variance=variance)


def flatten(x: AnyArray) -> da.Array:
    """The elements of each image as features, in the order (channel, height, width).

    Parameters
    ----------
    x : array
        (batch, channels, height, width), in any chunks; computed with as float32.

    Returns
    -------
    dask.array.Array
        (batch, channels·height·width) float32.

    Raises
    ------
    UsageError
        No axis of channels, or a chunk's size is unknown.

    Examples
    --------
    >>> import dask.array as da
    >>> flatten(da.ones((10, 3, 8, 8), chunks=(5, 3, 4, 4))).shape
    (10, 192)
    """
    return apply(layers.Flatten(), x)
