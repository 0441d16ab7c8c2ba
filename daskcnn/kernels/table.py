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
    flatten,
    global_pool,
    lrn,
    partial,
    pool,
    prelu,
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
    Lrn,
    MaxPool2d,
    Op,
    Partial,
    PRelu,
    Total,
)


class Kernel(Protocol):
    """What a kernel's module gives."""

    def compute(self, op: Any, *arrays: Array) -> Array:
        """The op on its inputs and then its parameters, by NumPy."""

    def nodes(self, op: Any, names: Sequence[str], output: str) -> list[NodeProto]:
        """The op as ONNX nodes over named inputs and parameters."""


_MODULES: dict[type[Op], object] = {
    Lrn: lrn,
    ConvTranspose2d: conv_transpose,
    GlobalAveragePool: global_pool,
    GlobalMaxPool: global_pool,
    AveragePool2d: pool,
    MaxPool2d: pool,
    Argmax: argmax,
    Conv2d: conv,
    Dense: dense,
    Flatten: flatten,
    **dict.fromkeys(activation.FUNCTIONS, activation),
    **dict.fromkeys(arithmetic.FUNCTIONS, arithmetic),
    BatchNorm: batch_norm,
    PRelu: prelu,
    Partial: partial,
    Total: partial,
    Concat: concat,
}
KERNELS = cast(dict[type[Op], Kernel], _MODULES)
