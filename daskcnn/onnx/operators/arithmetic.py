"""Sums, products and the like of tensors, and of tensors with constants."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn import layers
from daskcnn.errors import UsageError
from daskcnn.layers.arithmetic import Arithmetic
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor

SAME: tuple[type[Arithmetic], ...] = (
    layers.Add,
    layers.Div,
    layers.Max,
    layers.Mean,
    layers.Min,
    layers.Mul,
    layers.Pow,
    layers.Sub,
    layers.Sum,
)
"""Layers that have the operator's name."""


def arithmetic(node: Node) -> Tensor:
    """Tensors with as many axes each, and at most one constant, the same for every image."""
    kind = next(layer for layer in SAME if layer.__name__ == node.kind)
    constants = [number for number, value in enumerate(node.inputs) if not isinstance(value, Tensor)]
    tensors = [node.tensor(number) for number in range(len(node.inputs)) if number not in constants]
    if len(constants) > 1:
        raise UsageError(f"{len(constants)} constants are not supported; make them one")
    if not constants:
        return node.layer(kind(), *tensors)
    constant = node.array(constants[0])
    constant = constant.reshape(constant.shape or (1,))
    op = kind(constant=constant.shape, constant_first=constants[0] == 0)
    return node.layer(op, *tensors, constant=constant)


OPERATORS: dict[str, Callable[[Node], Tensor]] = {layer.__name__: arithmetic for layer in SAME}
