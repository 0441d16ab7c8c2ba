"""Convolutions."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, ConvTranspose2d
from daskcnn.onnx.external import Array
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators.flat import Flat
from daskcnn.onnx.operators.padding import MODES, Ends, around, explicit, padding
from daskcnn.onnx.tensor import Tensor
from daskcnn.region import Shape


def conv(node: Node) -> Tensor:
    """One- or two-dimensional, with constant weight and bias."""
    tensor, weight, flat = _read(node)
    kernel, sizes = weight.shape[2:], tensor.shape[2:]
    stride, dilation = (node.ints(name, (1,) * len(sizes)) for name in ("strides", "dilations"))
    parameters = _parameters(node, weight, flat)
    op = Conv2d(
        len(weight),
        flat.pair(kernel),
        flat.pair(stride),
        flat.padding(padding(node, sizes, kernel, stride, dilation)),
        flat.pair(dilation),
        node["group"],
        bias="bias" in parameters,
    )
    return flat.layer(node, tensor, op, **parameters)


def conv_transpose(node: Node) -> Tensor:
    """One- or two-dimensional, with constant weight and bias."""
    tensor, weight, flat = _read(node)
    kernel, sizes = weight.shape[2:], tensor.shape[2:]
    stride, dilation = (node.ints(name, (1,) * len(sizes)) for name in ("strides", "dilations"))
    more = node.ints("output_padding", (0,) * len(sizes))
    parameters = _parameters(node, weight, flat)
    op = ConvTranspose2d(
        weight.shape[1] * node["group"],
        flat.pair(kernel),
        flat.pair(stride),
        flat.padding(_cropping(node, sizes, kernel, stride, dilation, more)),
        flat.pair(more, 0),
        flat.pair(dilation),
        node["group"],
        bias="bias" in parameters,
    )
    return flat.layer(node, tensor, op, **parameters)


def _cropping(node: Node, sizes: Shape, kernel: Shape, stride: Shape, dilation: Shape, more: Shape) -> Ends:
    """What is cropped of a transposed convolution's outputs.

    Source: ONNX, operator ConvTranspose.
    """
    node.only("auto_pad", *MODES)
    mode = node["auto_pad"]
    wanted = node.ints("output_shape", sizes) if "output_shape" in node.attributes else None
    if wanted is None and mode in ("NOTSET", "VALID"):
        return explicit(node, len(sizes)) if mode == "NOTSET" else ((0, 0),) * len(sizes)
    wanted = wanted or tuple(size * step for size, step in zip(sizes, stride, strict=True))
    needed = [
        step * (size - 1) + extra + (taps - 1) * apart + 1 - out
        for size, taps, step, apart, extra, out in zip(sizes, kernel, stride, dilation, more, wanted, strict=True)
    ]
    return around(needed, more_behind=mode == "SAME_UPPER")


def _read(node: Node) -> tuple[Tensor, Array, Flat]:
    """The images, the weight, and how they are images of two axes."""
    tensor, weight = node.tensor(), node.array(1)
    if not 3 <= weight.ndim == len(tensor.shape) <= 4:
        raise UsageError(f"weight {weight.shape} on {tensor.shape} is not supported; use 3 or 4 axes, of both alike")
    if node.ints("kernel_shape", weight.shape[2:]) != weight.shape[2:]:
        raise UsageError(
            f"attribute kernel_shape={node['kernel_shape']} is not that of weight {weight.shape}; leave it out"
        )
    return tensor, weight, Flat.of(tensor.shape[1:], (True,) * (weight.ndim - 2))


def _parameters(node: Node, weight: Array, flat: Flat) -> dict[str, Array]:
    bias = {"bias": node.array(2)} if node.has(2) else {}
    return {"weight": weight.reshape(*weight.shape[:2], *flat.pair(weight.shape[2:])), **bias}


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Conv": conv, "ConvTranspose": conv_transpose}
