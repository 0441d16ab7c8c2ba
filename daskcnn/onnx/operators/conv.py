"""Convolutions."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, ConvTranspose2d
from daskcnn.layers.window import Padding, Pair
from daskcnn.onnx.external import Array
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators.padding import MODES, around, explicit, padding, pair
from daskcnn.onnx.tensor import Tensor


def conv(node: Node) -> Tensor:
    """Two-dimensional, with constant weight and bias; any stride, padding, dilation, group and auto_pad."""
    images, parameters, kernel = _read(node)
    stride, dilation = pair(node, "strides"), pair(node, "dilations")
    op = Conv2d(
        len(parameters["weight"]),
        kernel,
        stride,
        padding(node, images, kernel, stride, dilation),
        dilation,
        node["group"],
        bias="bias" in parameters,
    )
    return node.layer(op, images, **parameters)


def conv_transpose(node: Node) -> Tensor:
    """Two-dimensional, with constant weight and bias; any attribute."""
    images, parameters, kernel = _read(node)
    stride, dilation = pair(node, "strides"), pair(node, "dilations")
    more = pair(node, "output_padding", (0, 0))
    op = ConvTranspose2d(
        parameters["weight"].shape[1] * node["group"],
        kernel,
        stride,
        _cropping(node, images, kernel, stride, dilation, more),
        more,
        dilation,
        node["group"],
        bias="bias" in parameters,
    )
    return node.layer(op, images, **parameters)


def _cropping(node: Node, images: Tensor, kernel: Pair, stride: Pair, dilation: Pair, more: Pair) -> Padding:
    """What is cropped of a transposed convolution's outputs.

    Source: ONNX, operator ConvTranspose.
    """
    node.only("auto_pad", *MODES)
    mode, sizes = node["auto_pad"], images.shape[2:]
    wanted = node.ints("output_shape", (0, 0)) if "output_shape" in node.attributes else None
    if wanted is None and mode in ("NOTSET", "VALID"):
        return explicit(node) if mode == "NOTSET" else (0, 0, 0, 0)
    wanted = wanted or (sizes[0] * stride[0], sizes[1] * stride[1])
    rows, columns = (
        step * (size - 1) + extra + (taps - 1) * apart + 1 - out
        for size, taps, step, apart, extra, out in zip(sizes, kernel, stride, dilation, more, wanted, strict=True)
    )
    return around(rows, columns, more_behind=mode != "SAME_LOWER")


def _read(node: Node) -> tuple[Tensor, dict[str, Array], Pair]:
    """The images, the parameters and the kernel's size."""
    images, weight = node.images(), node.array(1)
    if weight.ndim != 4:
        raise UsageError(f"weight of shape {weight.shape} is not supported; use 4 axes")
    kernel = pair(node, "kernel_shape", weight.shape[2:])
    return images, {"weight": weight} | ({"bias": node.array(2)} if node.has(2) else {}), kernel


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Conv": conv, "ConvTranspose": conv_transpose}
