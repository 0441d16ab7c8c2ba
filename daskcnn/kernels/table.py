"""Which module holds the kernel of which op: each has `compute` for NumPy and `nodes` for ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

from onnx import NodeProto

from daskcnn.kernels import activation, argmax, arithmetic, batch_norm, conv, dense, flatten, partial, prelu
from daskcnn.kernels.step import Array
from daskcnn.layers import Argmax, BatchNorm, Conv2d, Dense, Flatten, Op, Partial, PRelu, Total


class Kernel(Protocol):
    """What a kernel's module gives."""

    def compute(self, op: Any, *arrays: Array) -> Array:
        """The op on its inputs and then its parameters, by NumPy."""

    def nodes(self, op: Any, names: Sequence[str], output: str) -> list[NodeProto]:
        """The op as ONNX nodes over named inputs and parameters."""


_MODULES: dict[type[Op], object] = {
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
}
KERNELS = cast(dict[type[Op], Kernel], _MODULES)
