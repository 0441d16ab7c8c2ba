"""Pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from daskcnn.errors import UsageError
from daskcnn.layers import AveragePool2d, GlobalAveragePool, GlobalMaxPool, MaxPool2d
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators.padding import padding, pair
from daskcnn.onnx.tensor import Tensor


def max_pool(node: Node) -> Tensor:
    """Two-dimensional; not the output `Indices`, nor `ceil_mode` with an `auto_pad`."""
    node.no_output(1, "Indices")
    return node.layer(MaxPool2d(**_window(node)), node.images())


def average_pool(node: Node) -> Tensor:
    """Two-dimensional; not `ceil_mode` with an `auto_pad`."""
    return node.layer(AveragePool2d(**_window(node), count_include_pad=bool(node["count_include_pad"])), node.images())


def global_average_pool(node: Node) -> Tensor:
    """Two-dimensional."""
    return node.layer(GlobalAveragePool(), node.images())


def global_max_pool(node: Node) -> Tensor:
    """Two-dimensional."""
    return node.layer(GlobalMaxPool(), node.images())


def _window(node: Node) -> dict[str, Any]:
    kernel, stride, dilation = (pair(node, name) for name in ("kernel_shape", "strides", "dilations"))
    ceil = bool(node.attributes.get("ceil_mode", 0))
    if ceil and node["auto_pad"] != "NOTSET":
        raise UsageError(f"attribute ceil_mode=1 with auto_pad={node['auto_pad']} is not supported; use pads")
    around = padding(node, node.images(), kernel, stride, dilation)
    return {"kernel": kernel, "stride": stride, "padding": around, "dilation": dilation, "ceil_mode": ceil}


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    "AveragePool": average_pool,
    "GlobalAveragePool": global_average_pool,
    "GlobalMaxPool": global_max_pool,
    "MaxPool": max_pool,
}
