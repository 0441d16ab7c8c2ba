"""Which module holds the kernel of which op: each has `compute` for NumPy and `nodes` for ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

from onnx import NodeProto

from daskcnn.kernels import (
    activation,
    argmax,
    arithmetic,
    batch_norm,
    concat,
    conv,
    conv_transpose,
    dense,
    global_pool,
    lrn,
    pad,
    partial,
    pool,
    prelu,
    reshape,
    resize,
    slicing,
    softmax,
    transpose,
)
from daskcnn.kernels.step import Array
from daskcnn.layers import (
    Argmax,
    AveragePool2d,
    BatchNorm,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Dense,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    LogSoftmax,
    Lrn,
    MaxPool2d,
    Op,
    Pad2d,
    Partial,
    PRelu,
    Reshape,
    Resize2d,
    Slice,
    Softmax,
    Total,
    Transpose,
)


class Kernel(Protocol):
    """What a kernel's module gives."""

    def compute(self, op: Any, *arrays: Array) -> Array:
        """The op on its inputs and then its parameters, by NumPy."""

    def nodes(self, op: Any, names: Sequence[str], output: str) -> list[NodeProto]:
        """The op as ONNX nodes over named inputs and parameters."""


_MODULES: dict[type[Op], object] = {
    **dict.fromkeys(activation.FUNCTIONS, activation),
    **dict.fromkeys(arithmetic.FUNCTIONS, arithmetic),
    Argmax: argmax,
    AveragePool2d: pool,
    BatchNorm: batch_norm,
    Concat: concat,
    Conv2d: conv,
    ConvTranspose2d: conv_transpose,
    Dense: dense,
    Flatten: reshape,
    GlobalAveragePool: global_pool,
    GlobalMaxPool: global_pool,
    LogSoftmax: softmax,
    Lrn: lrn,
    MaxPool2d: pool,
    PRelu: prelu,
    Pad2d: pad,
    Partial: partial,
    Reshape: reshape,
    Resize2d: resize,
    Slice: slicing,
    Softmax: softmax,
    Total: partial,
    Transpose: transpose,
}
KERNELS = cast(dict[type[Op], Kernel], _MODULES)
