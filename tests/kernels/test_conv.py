"""Convolution by both engines, against SciPy's correlation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from tests.cuts import arrays, parameters, run
from tests.reference import conv2d
from tests.shapes import images
from tests.strategies import convs


@given(data=st.data())
@settings(max_examples=100)
def test_both_engines_agree_with_scipy(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = replace(data.draw(convs(shape[1:])), bias=data.draw(st.booleans()))
    x, weights = data.draw(arrays(shape)), data.draw(parameters(op, shape))
    expected = conv2d(op, x, weights["weight"], weights.get("bias", np.zeros(op.channels)))
    for engine in ENGINES:
        assert_allclose(run(op, [x], weights, engine), expected, rtol=1e-4, atol=1e-4, err_msg=engine)
