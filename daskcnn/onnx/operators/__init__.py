"""Which function turns a node of which operator into layers; its docstring says what is supported of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daskcnn.onnx.node import Node
from daskcnn.onnx.operators import (
    activation,
    arithmetic,
    conv,
    dense,
    join,
    move,
    normalise,
    pad,
    pool,
    reduce,
    resize,
    softmax,
)
from daskcnn.onnx.tensor import Tensor

Function = Callable[[Node], Tensor | tuple[Tensor | None, ...]]
OPERATORS: Mapping[str, Function] = {
    **activation.OPERATORS,
    **arithmetic.OPERATORS,
    **conv.OPERATORS,
    **dense.OPERATORS,
    **join.OPERATORS,
    **move.OPERATORS,
    **normalise.OPERATORS,
    **pad.OPERATORS,
    **pool.OPERATORS,
    **reduce.OPERATORS,
    **resize.OPERATORS,
    **softmax.OPERATORS,
}
