"""Normalisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daskcnn.layers import Add, BatchNorm, Div, GlobalAveragePool, Lrn, Mul, Sqrt, Sub
from daskcnn.layers.batch_norm import PARAMETERS
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor


def batch_norm(node: Node) -> Tensor:
    """With the mean and variance of training, constant; not `training_mode`, nor further outputs."""
    node.only("training_mode", 0)
    node.only("spatial", 1)
    for number, name in enumerate(("mean", "var", "saved_mean", "saved_var"), start=1):
        node.no_output(number, name)
    parameters = {name: node.array(number) for number, name in enumerate(PARAMETERS, start=1)}
    return node.layer(BatchNorm(node["epsilon"]), node.tensor(), **parameters)


def instance_norm(node: Node) -> Tensor:
    """Two-dimensional, with constant scale and bias."""
    images = node.images()
    apart = node.step(Sub(), images, node.step(GlobalAveragePool(), images))
    variance = node.step(GlobalAveragePool(), node.step(Mul(), apart, apart))
    raised = node.step(Add(constant=(1,)), variance, constant=np.array([node["epsilon"]]))
    scale, bias = (node.array(number).reshape(-1, 1, 1) for number in (1, 2))
    whitened = node.step(Div(), apart, node.step(Sqrt(), raised))
    scaled = node.step(Mul(constant=scale.shape), whitened, constant=scale)
    return node.layer(Add(constant=bias.shape), scaled, constant=bias)


def lrn(node: Node) -> Tensor:
    """Two-dimensional."""
    op = Lrn(node["size"], node["alpha"], node["beta"], node["bias"])
    return node.layer(op, node.images())


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    "BatchNormalization": batch_norm,
    "InstanceNormalization": instance_norm,
    "LRN": lrn,
}
