"""Local response normalisation by both engines, against a plain loop, and the loop against the onnx package."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from daskcnn.kernels import ENGINES
from daskcnn.layers import Lrn
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images

Array = NDArray[Any]


@given(data=st.data(), size=st.integers(1, 8), alpha=st.sampled_from([1e-4, 0.5]), bias=st.sampled_from([1.0, 2.5]))
@settings(max_examples=50)
def test_both_engines_agree_with_a_loop(data: st.DataObject, size: int, alpha: float, bias: float) -> None:
    op, x = Lrn(size, alpha, 0.75, bias), 5 * data.draw(arrays(data.draw(images())))
    for engine in ENGINES:
        assert_allclose(run(op, [x], {}, engine), normalised(op, x), rtol=1e-5, err_msg=engine)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_the_loop_agrees_with_onnx(size: int) -> None:
    # As many images as channels: onnx 1.23's evaluator confuses the two.
    x = np.random.default_rng(0).normal(size=(6, 6, 2, 3)).astype(np.float32)
    expected = onnx_operator("LRN", x, size=size, alpha=0.7, beta=0.6, bias=1.3)
    assert_allclose(normalised(Lrn(size, 0.7, 0.6, 1.3), x), expected, rtol=1e-5)


def normalised(op: Lrn, x: Array) -> Array:
    """The definition, channel by channel."""
    y = np.empty(x.shape)
    for c in range(x.shape[1]):
        neighbours = x[:, max(0, c - (op.size - 1) // 2) : c + op.size // 2 + 1].astype(np.float64)
        y[:, c] = x[:, c] / (op.bias + op.alpha / op.size * (neighbours**2).sum(axis=1)) ** op.beta
    return y
