"""Reshaping by both engines, against NumPy's order of elements."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.kernels import ENGINES
from daskcnn.layers import Flatten, Op, Reshape
from tests.cuts import arrays, run
from tests.shapes import images_or_features, reshapes


@given(data=st.data())
@settings(max_examples=40)
def test_each_image_keeps_its_elements_in_order(data: st.DataObject) -> None:
    x = data.draw(arrays(data.draw(images_or_features())))
    shape = data.draw(reshapes(x.shape))
    for op in (Reshape(shape), Flatten()):
        for engine in ENGINES:
            found = run(op, [x], {}, engine)
            assert found.shape == op.output_shape(x.shape), engine
            assert_array_equal([list(image.flat) for image in found], [list(image.flat) for image in x])


def test_a_crop_keeps_some_of_the_elements() -> None:
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)
    op: Op = Reshape((-1, 2), crop=(3, 9))
    expected = [[[3, 4], [5, 6], [7, 8]], [[15, 16], [17, 18], [19, 20]]]
    for engine in ENGINES:
        assert_array_equal(run(op, [x], {}, engine), expected, err_msg=engine)
