"""Transposition by both engines, against NumPy."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.kernels import ENGINES
from daskcnn.layers import Transpose
from tests.cuts import arrays, run
from tests.shapes import images


@given(data=st.data())
@settings(max_examples=30)
def test_channels_go_last_and_first_again(data: st.DataObject) -> None:
    x = data.draw(arrays(data.draw(images())))
    for engine in ENGINES:
        last = run(Transpose((0, 2, 3, 1)), [x], {}, engine)
        assert last.flags.c_contiguous
        for channel in range(x.shape[1]):
            assert_array_equal(last[..., channel], x[:, channel], err_msg=engine)
        assert_array_equal(run(Transpose((0, 3, 1, 2)), [last], {}, engine), x, err_msg=engine)
