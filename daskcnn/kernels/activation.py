"""Activations and other functions of one element, of one block."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from onnx import NodeProto, helper
from scipy import special

from daskcnn import layers
from daskcnn.kernels.constant import constant
from daskcnn.kernels.step import Array
from daskcnn.layers.elementwise import Elementwise


def _gelu(op: layers.Gelu, x: Array) -> Array:
    if op.approximate == "none":
        below: Array = special.ndtr(x)
    else:
        below = 0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
    return x * below


def _elu(x: Array, alpha: float) -> Array:
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)


FUNCTIONS: dict[type[Elementwise], Callable[[Any, Array], Array]] = {
    layers.Identity: lambda op, x: x,
    layers.Relu: lambda op, x: np.maximum(x, 0),
    layers.LeakyRelu: lambda op, x: np.where(x < 0, op.alpha * x, x),
    layers.Elu: lambda op, x: _elu(x, op.alpha),
    layers.Selu: lambda op, x: op.gamma * _elu(x, op.alpha),
    layers.Clip: lambda op, x: np.minimum(np.maximum(x, op.low), op.high),
    layers.Sigmoid: lambda op, x: special.expit(x),
    layers.HardSigmoid: lambda op, x: np.clip(op.alpha * x + op.beta, 0, 1),
    layers.Swish: lambda op, x: x * special.expit(op.alpha * x),
    layers.HardSwish: lambda op, x: x * np.clip(x / 6 + 0.5, 0, 1),
    layers.Mish: lambda op, x: x * np.tanh(np.logaddexp(x, 0)),
    layers.Gelu: _gelu,
    layers.Softplus: lambda op, x: np.logaddexp(x, 0),
    layers.Softsign: lambda op, x: x / (1 + np.abs(x)),
    layers.Tanh: lambda op, x: np.tanh(x),
    layers.Erf: lambda op, x: special.erf(x),
    layers.Exp: lambda op, x: np.exp(x),
    layers.Log: lambda op, x: np.log(x),
    layers.Sqrt: lambda op, x: np.sqrt(x),
    layers.Abs: lambda op, x: np.abs(x),
    layers.Neg: lambda op, x: -x,
    layers.Reciprocal: lambda op, x: 1 / x,
}


def compute(op: Elementwise, x: Array) -> Array:
    """The function of each element of an array of any shape; infinite or NaN where IEEE 754 says so, silently."""
    with np.errstate(all="ignore"):
        return FUNCTIONS[type(op)](op, x)


def nodes(op: Elementwise, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes: the operator has the layer's name, and its attributes those of the layer's fields."""
    if isinstance(op, layers.Clip):
        return _clip(op, names[0], output)
    if isinstance(op, layers.Swish):
        return _swish(op, names[0], output)
    attributes: dict[str, Any] = {
        name: value if isinstance(value, str) else float(value) for name, value in asdict(op).items()
    }
    return [helper.make_node(type(op).__name__, names, [output], **attributes)]


def _clip(op: layers.Clip, x: str, output: str) -> list[NodeProto]:
    low, high = f"{output}.low", f"{output}.high"
    return [
        constant(low, op.low, np.float32),
        constant(high, op.high, np.float32),
        helper.make_node("Clip", [x, low, high], [output]),
    ]


def _swish(op: layers.Swish, x: str, output: str) -> list[NodeProto]:
    alpha, scaled, gate = (f"{output}.{name}" for name in ("alpha", "scaled", "gate"))
    return [
        constant(alpha, op.alpha, np.float32),
        helper.make_node("Mul", [x, alpha], [scaled]),
        helper.make_node("Sigmoid", [scaled], [gate]),
        helper.make_node("Mul", [x, gate], [output]),
    ]
