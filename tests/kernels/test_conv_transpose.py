"""Transposed convolution by both engines, against plain loops and the onnx package's evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from daskcnn.kernels import ENGINES
from daskcnn.layers import ConvTranspose2d
from tests.cuts import arrays, parameters, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images
from tests.windowed import transposed_convs

Array = NDArray[Any]


@given(data=st.data())
@settings(max_examples=100)
def test_both_engines_agree_with_loops(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(transposed_convs(shape))
    x, weights = data.draw(arrays(shape)), data.draw(parameters(op, shape))
    expected = spread(op, x, **weights)
    for engine in ENGINES:
        assert_allclose(run(op, [x], weights, engine), expected, rtol=1e-4, atol=1e-4, err_msg=engine)


def test_as_onnx_has_it() -> None:
    op = ConvTranspose2d(4, (3, 2), (3, 2), (1, 0, 2, 1), (2, 1), (1, 2))
    random = np.random.default_rng(0)
    x = random.normal(size=(1, 3, 5, 4)).astype(np.float32)
    weights = {name: random.normal(size=size).astype(np.float32) for name, size in op.weight_shapes(x.shape).items()}
    expected = onnx_operator(
        "ConvTranspose",
        x,
        *weights.values(),
        kernel_shape=op.kernel,
        strides=op.stride,
        pads=op.padding,
        output_padding=op.output_padding,
        dilations=op.dilation,
    )
    assert_allclose(spread(op, x, **weights), expected, rtol=1e-4, atol=1e-4)


def spread(op: ConvTranspose2d, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """The definition: every input adds to the outputs under its kernel, where they are."""
    (sy, sx), (dy, dx), (top, left, bottom, right) = op.stride, op.dilation, op.padding
    batch, channels, height, width = x.shape
    inner, outer = channels // op.groups, op.channels // op.groups
    rows = (height - 1) * sy + (op.kernel[0] - 1) * dy + 1 + op.output_padding[0] - top - bottom
    columns = (width - 1) * sx + (op.kernel[1] - 1) * dx + 1 + op.output_padding[1] - left - right
    y = np.zeros((batch, op.channels, rows, columns))
    y += 0 if bias is None else bias[:, None, None]
    for i, j, u, v in np.ndindex(height, width, *op.kernel):
        row, column = i * sy + u * dy - top, j * sx + v * dx - left
        if 0 <= row < rows and 0 <= column < columns:
            for c, k in np.ndindex(channels, outer):
                y[:, c // inner * outer + k, row, column] += x[:, c, i, j] * weight[c, k, u, v]
    return y
