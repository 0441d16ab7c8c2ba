"""Local response normalisation of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.crop import crop_nodes
from daskcnn.kernels.step import Array
from daskcnn.layers import Lrn


def compute(op: Lrn, x: Array) -> Array:
    """(batch, channels, height, width) float32, normalised and cropped."""
    channels = x.shape[1]
    start, stop = op.crop or (0, channels)
    squares = x * x
    total = np.zeros_like(x[:, start:stop])
    for offset in range(-op.window.before, op.window.after + 1):
        first, last = max(start + offset, 0), min(stop + offset, channels)
        if first < last:
            total[:, first - offset - start : last - offset - start] += squares[:, first:last]
    y: Array = x[:, start:stop] / (op.bias + op.alpha / op.size * total) ** op.beta
    return y


def nodes(op: Lrn, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes."""
    uncropped, after = crop_nodes(op.crop, output)
    if op.size % 2 == 0:
        return [*_even(op, names[0], uncropped), *after]
    lrn = helper.make_node("LRN", names, [uncropped], size=op.size, alpha=op.alpha, beta=op.beta, bias=op.bias)
    return [lrn, *after]


def _even(op: Lrn, x: str, output: str) -> list[NodeProto]:
    """Spelled out, as ONNX Runtime has no LRN of an even size: a mean over channels as if they were an image's axis."""
    name = f"{output}.{{}}".format
    return [
        constant(name("axis"), [1]),
        *(constant(name(attribute), getattr(op, attribute), np.float32) for attribute in ("alpha", "beta", "bias")),
        helper.make_node("Mul", [x, x], [name("squares")]),
        helper.make_node("Unsqueeze", [name("squares"), name("axis")], [name("volume")]),
        helper.make_node(
            "AveragePool",
            [name("volume")],
            [name("means")],
            kernel_shape=[op.size, 1, 1],
            pads=[op.window.before, 0, 0, op.window.after, 0, 0],
            count_include_pad=1,
        ),
        helper.make_node("Squeeze", [name("means"), name("axis")], [name("mean")]),
        helper.make_node("Mul", [name("mean"), name("alpha")], [name("scaled")]),
        helper.make_node("Add", [name("scaled"), name("bias")], [name("base")]),
        helper.make_node("Pow", [name("base"), name("beta")], [name("divisor")]),
        helper.make_node("Div", [x, name("divisor")], [output]),
    ]
