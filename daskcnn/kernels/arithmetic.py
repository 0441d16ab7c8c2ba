"""Sums, products and the like, of one block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeVar

import numpy as np
from onnx import NodeProto, helper

from daskcnn import layers
from daskcnn.kernels.step import Array
from daskcnn.layers.arithmetic import Arithmetic

T = TypeVar("T")

FUNCTIONS: dict[type[Arithmetic], Callable[[Array, Array], Array]] = {
    layers.Add: np.add,
    layers.Sub: np.subtract,
    layers.Mul: np.multiply,
    layers.Div: np.divide,
    layers.Pow: np.power,
    layers.Sum: np.add,
    layers.Max: np.maximum,
    layers.Min: np.minimum,
    layers.Mean: np.add,
}


def compute(op: Arithmetic, *operands: Array) -> Array:
    """From the first operand to the last; infinite or NaN where IEEE 754 says so, silently."""
    with np.errstate(all="ignore"):
        y = reduce(FUNCTIONS[type(op)], _in_order(op, operands))
        return y / len(operands) if isinstance(op, layers.Mean) else y


def nodes(op: Arithmetic, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node: the operator has the layer's name."""
    return [helper.make_node(type(op).__name__, _in_order(op, names), [output])]


def _in_order(op: Arithmetic, operands: Sequence[T]) -> Sequence[T]:
    """Parameters come last, but the constant may have to stand first."""
    if op.constant is not None and op.constant_first:
        return [operands[-1], *operands[:-1]]
    return operands
