"""Global pooling by both engines, against the onnx package's evaluator."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import GlobalAveragePool, GlobalMaxPool
from daskcnn.layers.global_pool import GlobalPool
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images


@pytest.mark.parametrize("op", [GlobalAveragePool(), GlobalMaxPool()])
@given(data=st.data())
@settings(max_examples=20)
def test_as_onnx_has_it(op: GlobalPool, data: st.DataObject) -> None:
    x = data.draw(arrays(data.draw(images())))
    for engine in ENGINES:
        found = run(op, [x], {}, engine)
        assert_allclose(found, onnx_operator(type(op).__name__, x), rtol=1e-5, atol=1e-6, err_msg=engine)
