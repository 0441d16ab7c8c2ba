"""Softmax by both engines, against the onnx package's evaluator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import LogSoftmax, Softmax
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images_or_features


@pytest.mark.parametrize("kind", [Softmax, LogSoftmax])
@given(data=st.data(), scale=st.sampled_from([1, 30]))
@settings(max_examples=30)
def test_as_onnx_has_it(kind: type[Softmax], data: st.DataObject, scale: int) -> None:
    x = scale * data.draw(arrays(data.draw(images_or_features())))
    expected = onnx_operator(kind.__name__, x.astype(np.float64), axis=1)
    for engine in ENGINES:
        found = run(kind(), [x], {}, engine)
        assert found.dtype == np.float32
        assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * scale, err_msg=engine)


def test_large_scores_do_not_overflow() -> None:
    x = np.array([[1000, 999, -1000]], dtype=np.float32)
    share = 1 / (1 + np.exp(-1))
    for engine in ENGINES:
        assert_allclose(run(Softmax(), [x], {}, engine), [[share, 1 - share, 0]], rtol=1e-6, err_msg=engine)
        found = run(LogSoftmax(), [x], {}, engine)
        assert_allclose(found, [[np.log(share), np.log(share) - 1, -2000]], rtol=1e-3, err_msg=engine)
