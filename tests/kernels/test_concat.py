"""Concatenation by both engines, against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.kernels import ENGINES
from daskcnn.layers import Concat
from tests.cuts import arrays, run
from tests.shapes import joinable


@given(data=st.data(), absent=st.booleans())
@settings(max_examples=40)
def test_inputs_stand_one_after_the_other(data: st.DataObject, absent: bool) -> None:
    axis, shapes = data.draw(joinable())
    inputs = [data.draw(arrays(shape)) for shape in shapes]
    if absent:
        inputs.insert(0, np.take(inputs[0], [], axis=axis))
    expected = np.zeros(Concat(axis).output_shape(*(x.shape for x in inputs)), np.float32)
    start = 0
    for x in inputs:
        expected.swapaxes(0, axis)[start : start + x.shape[axis]] = x.swapaxes(0, axis)
        start += x.shape[axis]
    for engine in ENGINES:
        assert_array_equal(run(Concat(axis), inputs, {}, engine), expected, err_msg=engine)
