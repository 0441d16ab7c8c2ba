"""Padding by both engines, against NumPy's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from daskcnn.kernels import ENGINES
from daskcnn.layers import Pad2d
from tests.borders import pads
from tests.cuts import arrays, run
from tests.shapes import images

Array = NDArray[Any]


@given(data=st.data())
@settings(max_examples=150)
def test_both_engines_agree_with_numpy(data: st.DataObject) -> None:
    shape = data.draw(images())
    op, x = data.draw(pads(shape)), data.draw(arrays(shape))
    for engine in ENGINES:
        assert_array_equal(run(op, [x], {}, engine), padded(op, x), err_msg=engine)


def padded(op: Pad2d, x: Array) -> Array:
    """Crop, then pad."""
    top, left, bottom, right = (max(-side, 0) for side in op.padding)
    cropped = x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right]
    top, left, bottom, right = (max(side, 0) for side in op.padding)
    widths = ((0, 0), (0, 0), (top, bottom), (left, right))
    if op.mode == "constant":
        return np.pad(cropped, widths, constant_values=op.value)
    y: Array = np.pad(cropped, widths, mode=op.mode)  # type: ignore[call-overload]
    return y
