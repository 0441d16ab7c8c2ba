"""Functions of one element."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

import numpy as np

from daskcnn import layers
from daskcnn.errors import UsageError
from daskcnn.layers.elementwise import Elementwise
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor

SAME: tuple[type[Elementwise], ...] = (
    layers.Abs,
    layers.Elu,
    layers.Erf,
    layers.Exp,
    layers.Gelu,
    layers.HardSigmoid,
    layers.HardSwish,
    layers.LeakyRelu,
    layers.Log,
    layers.Mish,
    layers.Neg,
    layers.Reciprocal,
    layers.Relu,
    layers.Selu,
    layers.Sigmoid,
    layers.Softplus,
    layers.Softsign,
    layers.Sqrt,
    layers.Swish,
    layers.Tanh,
)
"""Layers that have the operator's name, and fields that have the names of its attributes."""


def elementwise(node: Node) -> Tensor:
    """All of it."""
    kind = next(layer for layer in SAME if layer.__name__ == node.kind)
    return node.layer(kind(**{field.name: node[field.name] for field in fields(kind)}), node.tensor())


def clip(node: Node) -> Tensor:
    """Constant `min` and `max`, as attributes or inputs."""
    low, high = (_bound(node, number, name) for number, name in enumerate(("min", "max"), start=1))
    return node.layer(layers.Clip(-math.inf if low is None else low, math.inf if high is None else high), node.tensor())


def prelu(node: Node) -> Tensor:
    """A constant slope, the same for every image."""
    slope = node.array(1)
    slope = slope.reshape(slope.shape or (1,))
    return node.layer(layers.PRelu(slope.shape), node.tensor(), slope=slope)


def identity(node: Node) -> Tensor:
    """All of it."""
    return node.layer(layers.Identity(), node.tensor())


def dropout(node: Node) -> Tensor:
    """As it is outside training: the identity; not the output `mask`."""
    node.no_output(1, "mask")
    if node.has(2) and node.array(2).any():
        raise UsageError("input training_mode=True is not supported; export the model for inference")
    return identity(node)


def cast(node: Node) -> Tensor:
    """From floats to floats, whatever their width: all is computed in float32."""
    node.only("to", *FLOATS)
    return identity(node)


FLOATS = (1, 10, 11, 16)
"""FLOAT, FLOAT16, DOUBLE and BFLOAT16."""


def _bound(node: Node, number: int, name: str) -> float | None:
    value = node.array(number) if node.has(number) else node.attributes.get(name)
    return None if value is None else np.asarray(value).item()


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    **{layer.__name__: elementwise for layer in SAME},
    "Cast": cast,
    "Clip": clip,
    "Dropout": dropout,
    "Identity": identity,
    "PRelu": prelu,
}
