"""Slicing by both engines, against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.kernels import ENGINES
from tests.cuts import arrays, run
from tests.shapes import images_or_features, slicings


@given(data=st.data())
@settings(max_examples=40)
def test_elements_are_taken_along_the_axis(data: st.DataObject) -> None:
    x = data.draw(arrays(data.draw(images_or_features())))
    op = data.draw(slicings(x.shape))
    expected = np.take(x, range(op.start, op.stop, op.step), axis=op.axis)
    for engine in ENGINES:
        assert_array_equal(run(op, [x], {}, engine), expected, err_msg=engine)
