"""Argmax by both engines, against the onnx package's evaluator."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.kernels import ENGINES
from daskcnn.layers import Argmax
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images_or_features


@given(data=st.data(), keepdims=st.booleans())
@settings(max_examples=30)
def test_as_onnx_has_it_the_first_of_equals_too(data: st.DataObject, keepdims: bool) -> None:
    x = data.draw(arrays(data.draw(images_or_features()))).round()
    axis = data.draw(st.integers(1, x.ndim - 1))
    expected = onnx_operator("ArgMax", x, axis=axis, keepdims=int(keepdims))
    for engine in ENGINES:
        found = run(Argmax(axis, keepdims), [x], {}, engine)
        assert found.dtype == np.int64
        assert_array_equal(found, expected, err_msg=engine)
