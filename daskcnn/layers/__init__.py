"""What a layer means: its shapes, its operations, and which part of its inputs a part of its output needs."""

from daskcnn.layers.activation import (
    Abs,
    Clip,
    Elu,
    Erf,
    Exp,
    Gelu,
    HardSigmoid,
    HardSwish,
    Identity,
    LeakyRelu,
    Log,
    Mish,
    Neg,
    Reciprocal,
    Relu,
    Selu,
    Sigmoid,
    Softplus,
    Softsign,
    Sqrt,
    Swish,
    Tanh,
)
from daskcnn.layers.argmax import Argmax
from daskcnn.layers.base import AXES, Op, axes_of
from daskcnn.layers.conv import Conv2d
from daskcnn.layers.dense import Dense
from daskcnn.layers.flatten import Flatten

__all__ = [
    "AXES",
    "Abs",
    "Argmax",
    "Clip",
    "Conv2d",
    "Dense",
    "Elu",
    "Erf",
    "Exp",
    "Flatten",
    "Gelu",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "Log",
    "Mish",
    "Neg",
    "Op",
    "Reciprocal",
    "Relu",
    "Selu",
    "Sigmoid",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Swish",
    "Tanh",
    "axes_of",
]
