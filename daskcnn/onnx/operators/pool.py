"""Pooling."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import AveragePool2d, GlobalAveragePool, GlobalMaxPool, MaxPool2d, Reshape
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators.flat import Flat
from daskcnn.onnx.operators.padding import padding
from daskcnn.onnx.tensor import Tensor


def max_pool(node: Node) -> Tensor:
    """Along one axis or two neighbouring ones; not the output `Indices`, nor `ceil_mode` with an `auto_pad`."""
    node.no_output(1, "Indices")
    return _pooled(node)


def average_pool(node: Node) -> Tensor:
    """Along one axis or two neighbouring ones; not `ceil_mode` with an `auto_pad`."""
    return _pooled(node)


def global_average_pool(node: Node) -> Tensor:
    """All of it."""
    return _whole(node, GlobalAveragePool())


def global_max_pool(node: Node) -> Tensor:
    """All of it."""
    return _whole(node, GlobalMaxPool())


def _pooled(node: Node) -> Tensor:
    tensor = node.tensor()
    sizes = tensor.shape[2:]
    ones = (1,) * len(sizes)
    kernel, stride, dilation = (node.ints(name, ones) for name in ("kernel_shape", "strides", "dilations"))
    ceil = bool(node.attributes.get("ceil_mode", 0))
    if ceil and node["auto_pad"] != "NOTSET":
        raise UsageError(f"attribute ceil_mode=1 with auto_pad={node['auto_pad']} is not supported; use pads")
    ends = padding(node, sizes, kernel, stride, dilation)
    moved = [own != (1, 1, (0, 0)) for own in zip(kernel, stride, ends, strict=True)]
    flat = Flat.of(tensor.shape[1:], moved)
    window = flat.pair(kernel), flat.pair(stride), flat.padding(ends), flat.pair(dilation), ceil
    if node.kind == "MaxPool":
        return flat.layer(node, tensor, MaxPool2d(*window))
    return flat.layer(node, tensor, AveragePool2d(*window, count_include_pad=bool(node["count_include_pad"])))


def _whole(node: Node, op: GlobalAveragePool | GlobalMaxPool) -> Tensor:
    tensor = node.tensor()
    if len(tensor.shape) == 4:
        return node.layer(op, tensor)
    _, channels, *image = tensor.shape
    return node.chain(tensor, Reshape((channels, -1, 1)), op, Reshape((channels, *(1 for _ in image))))


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    "AveragePool": average_pool,
    "GlobalAveragePool": global_average_pool,
    "GlobalMaxPool": global_max_pool,
    "MaxPool": max_pool,
}
