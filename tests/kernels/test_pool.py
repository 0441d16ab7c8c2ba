"""Pooling by both engines, against plain loops, and the loops against the onnx package's own cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import AveragePool2d, MaxPool2d
from daskcnn.layers.pool import Pool2d
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.pools import pooled, pools
from tests.shapes import images


@given(data=st.data())
@settings(max_examples=150, deadline=None)
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
    attributes = {"kernel_shape": (3, 3), "strides": (2, 2), "pads": padding, "ceil_mode": int(ceil)}
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
