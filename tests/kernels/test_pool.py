"""Pooling by both engines, against plain loops, and the loops against the onnx package's own cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from daskcnn.kernels import ENGINES
from daskcnn.layers import AveragePool2d, MaxPool2d
from daskcnn.layers.pool import Pool2d
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images
from tests.windowed import pools

Array = NDArray[Any]


@given(data=st.data())
@settings(max_examples=150)
def test_both_engines_agree_with_loops(data: st.DataObject) -> None:
    shape = data.draw(images())
    op, x = data.draw(pools(shape)), data.draw(arrays(shape))
    for engine in ENGINES:
        assert_allclose(run(op, [x], {}, engine), pooled(op, x), rtol=1e-5, atol=1e-5, err_msg=engine)


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("padding", [(0, 0, 0, 0), (1, 1, 1, 1), (0, 1, 2, 0)])
@pytest.mark.parametrize("count", [None, False, True])
def test_loops_agree_with_onnx(ceil: bool, padding: tuple[int, int, int, int], count: bool | None) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 8, 7)).astype(np.float32)
    attributes: dict[str, Any] = {"kernel_shape": (3, 3), "strides": (2, 2), "pads": padding, "ceil_mode": int(ceil)}
    op: Pool2d = MaxPool2d((3, 3), (2, 2), padding, ceil_mode=ceil)
    if count is not None:
        op = AveragePool2d((3, 3), (2, 2), padding, ceil_mode=ceil, count_include_pad=count)
        attributes["count_include_pad"] = int(count)
    expected = onnx_operator("MaxPool" if count is None else "AveragePool", x, **attributes)
    assert_allclose(pooled(op, x), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_lies_behind_the_padding_counts_in_no_mean(engine: str) -> None:
    op = AveragePool2d((2, 2), (2, 2), (0, 0, 1, 1), ceil_mode=True, count_include_pad=True)
    ones = np.ones((1, 1, 4, 4), np.float32)
    assert run(op, [ones], {}, engine)[0, 0].tolist() == [[1, 1], [1, 1]]
    op = AveragePool2d((3, 3), (3, 3), (0, 0, 1, 1), ceil_mode=True, count_include_pad=True)
    assert math.isclose(run(op, [ones], {}, engine)[0, 0, 1, 1], 1 / 4)


def pooled(op: Pool2d, x: Array) -> Array:
    """The definition: every window gathers the elements that are there, and the zeros that count."""
    (sy, sx), (dy, dx), (top, left, bottom, right) = op.stride, op.dilation, op.padding
    batch, channels, height, width = x.shape
    rows = _size(height + top + bottom, height + top, (op.kernel[0] - 1) * dy + 1, sy, op.ceil_mode)
    columns = _size(width + left + right, width + left, (op.kernel[1] - 1) * dx + 1, sx, op.ceil_mode)
    y = np.empty((batch, channels, rows, columns), x.dtype)
    for i, j in np.ndindex(rows, columns):
        found = []
        for u, v in np.ndindex(op.kernel):
            row, column = i * sy + u * dy - top, j * sx + v * dx - left
            if 0 <= row < height and 0 <= column < width:
                found.append(x[:, :, row, column])
            elif isinstance(op, AveragePool2d) and op.count_include_pad and row < height + bottom:
                found += [np.zeros((batch, channels), x.dtype)] * (column < width + right)
        if isinstance(op, MaxPool2d):
            y[:, :, i, j] = np.max(found, axis=0) if found else np.finfo(x.dtype).min
        else:
            y[:, :, i, j] = np.mean(found, axis=0) if found else 0
    return y


def _size(padded: int, begins: int, extent: int, stride: int, ceil: bool) -> int:
    """How many windows fit, or begin before `begins`, counted one by one."""
    starts = range(0, padded + stride, stride)
    if ceil:
        return sum(1 for start in starts if start == 0 or (start < begins and start - stride + extent < padded))
    return sum(1 for start in starts if start + extent <= padded)
