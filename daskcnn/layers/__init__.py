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
from daskcnn.layers.arithmetic import Add, Div, Max, Mean, Min, Mul, Pow, Sub, Sum
from daskcnn.layers.base import AXES, Op, axes_of
from daskcnn.layers.batch_norm import BatchNorm
from daskcnn.layers.concat import Concat
from daskcnn.layers.conv import Conv2d
from daskcnn.layers.conv_transpose import ConvTranspose2d
from daskcnn.layers.dense import Dense
from daskcnn.layers.flatten import Flatten
from daskcnn.layers.global_pool import GlobalAveragePool, GlobalMaxPool
from daskcnn.layers.lrn import Lrn
from daskcnn.layers.pad import Pad2d
from daskcnn.layers.partial import Partial, Total
from daskcnn.layers.pool import AveragePool2d, MaxPool2d
from daskcnn.layers.prelu import PRelu
from daskcnn.layers.reshape import Reshape
from daskcnn.layers.resize import Resize2d
from daskcnn.layers.slicing import Slice
from daskcnn.layers.softmax import LogSoftmax, Softmax
from daskcnn.layers.transpose import Transpose

__all__ = [
    "AXES",
    "Abs",
    "Add",
    "Argmax",
    "AveragePool2d",
    "BatchNorm",
    "Clip",
    "Concat",
    "Conv2d",
    "ConvTranspose2d",
    "Dense",
    "Div",
    "Elu",
    "Erf",
    "Exp",
    "Flatten",
    "Gelu",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "Log",
    "LogSoftmax",
    "Lrn",
    "Max",
    "MaxPool2d",
    "Mean",
    "Min",
    "Mish",
    "Mul",
    "Neg",
    "Op",
    "PRelu",
    "Pad2d",
    "Partial",
    "Pow",
    "Reciprocal",
    "Relu",
    "Reshape",
    "Resize2d",
    "Selu",
    "Sigmoid",
    "Slice",
    "Softmax",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Sub",
    "Sum",
    "Swish",
    "Tanh",
    "Total",
    "Transpose",
    "axes_of",
]
