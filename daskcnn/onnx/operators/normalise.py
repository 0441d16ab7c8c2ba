"""Normalisation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from daskcnn.layers import Add, BatchNorm, Div, GlobalAveragePool, Lrn, Mul, Reshape, Sqrt, Sub
from daskcnn.layers.batch_norm import PARAMETERS
from daskcnn.onnx.external import Array
from daskcnn.onnx.node import Node, axis_of
from daskcnn.onnx.tensor import Tensor


def batch_norm(node: Node) -> Tensor:
    """With the mean and variance of training, constant; not `training_mode`, `spatial` = 0, nor further outputs."""
    node.only("training_mode", 0)
    node.only("spatial", 1)
    for number, name in enumerate(("mean", "var", "saved_mean", "saved_var"), start=1):
        node.no_output(number, name)
    parameters = {name: node.array(number) for number, name in enumerate(PARAMETERS, start=1)}
    return node.layer(BatchNorm(node["epsilon"]), node.tensor(), **parameters)


def instance_norm(node: Node) -> Tensor:
    """With constant scale and bias."""
    tensor = node.tensor()
    return _scaled(node, _grouped(node, tensor, tensor.shape[1]), *_by_channel(node, tensor))


def group_norm(node: Node) -> Tensor:
    """From version 21 on, with constant scale and bias."""
    tensor = node.tensor()
    return _scaled(node, _grouped(node, tensor, node["num_groups"]), *_by_channel(node, tensor))


def layer_norm(node: Node) -> Tensor:
    """With constant scale and bias, from any axis on but that of the images; not the outputs `Mean`, `InvStdDev`."""
    for number, name in enumerate(("Mean", "InvStdDev"), start=1):
        node.no_output(number, name)
    tensor = node.tensor()
    groups = math.prod(tensor.shape[1 : axis_of(node["axis"], len(tensor.shape))])
    parameters = (node.array(number) for number in (1, 2) if node.has(number))
    return _scaled(node, _grouped(node, tensor, groups), *parameters)


def lrn(node: Node) -> Tensor:
    """Two-dimensional."""
    op = Lrn(node["size"], node["alpha"], node["beta"], node["bias"])
    return node.layer(op, node.images())


def _by_channel(node: Node, tensor: Tensor) -> list[Array]:
    """Scale and bias, laid along the channels."""
    return [node.array(number).reshape(-1, *(1,) * (len(tensor.shape) - 2)) for number in (1, 2)]


def _grouped(node: Node, tensor: Tensor, groups: int) -> Tensor:
    """Each group of an image's elements with mean 0 and variance 1."""
    if len(tensor.shape) == 4 and groups == tensor.shape[1]:
        return _normal(node, tensor)
    images = node.step(Reshape((groups, -1, 1)), tensor)
    return node.step(Reshape(tensor.shape[1:]), _normal(node, images))


def _normal(node: Node, images: Tensor) -> Tensor:
    """Each channel with mean 0 and variance 1.

    Source: ONNX, operator InstanceNormalization.
    """
    apart = node.step(Sub(), images, node.step(GlobalAveragePool(), images))
    variance = node.step(GlobalAveragePool(), node.step(Mul(), apart, apart))
    raised = node.step(Add(constant=(1,)), variance, constant=np.array([node["epsilon"]]))
    return node.step(Div(), apart, node.step(Sqrt(), raised))


def _scaled(node: Node, tensor: Tensor, scale: Array, bias: Array | None = None) -> Tensor:
    if bias is None:
        return node.layer(Mul(constant=scale.shape), tensor, constant=scale)
    scaled = node.step(Mul(constant=scale.shape), tensor, constant=scale)
    return node.layer(Add(constant=bias.shape), scaled, constant=bias)


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    "BatchNormalization": batch_norm,
    "GroupNormalization": group_norm,
    "InstanceNormalization": instance_norm,
    "LayerNormalization": layer_norm,
    "LRN": lrn,
}
