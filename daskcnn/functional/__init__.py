"""Layers as functions of dask arrays, like those of `dask.array`: lazy, for any chunks along any axes."""

from daskcnn.functional.activations import gelu, log_softmax, relu, softmax
from daskcnn.functional.convolutions import conv2d, conv_transpose2d
from daskcnn.functional.features import batch_norm, dense, flatten
from daskcnn.functional.pooling import average_pool2d, global_average_pool, max_pool2d

__all__ = [
    "average_pool2d",
    "batch_norm",
    "conv2d",
    "conv_transpose2d",
    "dense",
    "flatten",
    "gelu",
    "global_average_pool",
    "log_softmax",
    "max_pool2d",
    "relu",
    "softmax",
]
