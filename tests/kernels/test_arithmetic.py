"""Sums, products and the like by both engines, against the onnx package's evaluator."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.kernels.arithmetic import FUNCTIONS
from daskcnn.layers import Div, Pow
from daskcnn.layers.arithmetic import Arithmetic
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import constants, images_or_features, operands


@given(data=st.data(), kind=st.sampled_from(list(FUNCTIONS)))
@settings(max_examples=80)
def test_as_onnx_has_it(data: st.DataObject, kind: type[Arithmetic]) -> None:
    inputs = [data.draw(arrays(shape)) for shape in data.draw(operands(kind.operands))]
    if kind is Pow:
        inputs[0] = np.abs(inputs[0]) + np.float32(0.1)
    for engine in ENGINES:
        found = run(kind(), inputs, {}, engine)
        assert_allclose(
            found, onnx_operator(kind.__name__, *np.broadcast_arrays(*inputs)), rtol=1e-5, atol=1e-6, err_msg=engine
        )


@given(data=st.data(), kind=st.sampled_from(list(FUNCTIONS)), first=st.booleans())
@settings(max_examples=80)
def test_with_a_constant_before_or_after(data: st.DataObject, kind: type[Arithmetic], first: bool) -> None:
    shape = data.draw(images_or_features())
    op = kind(data.draw(constants(shape)), constant_first=first)
    x, constant = (np.abs(data.draw(arrays(own))) + np.float32(0.1) for own in (shape, op.weight_shapes()["constant"]))
    expected = onnx_operator(kind.__name__, *np.broadcast_arrays(*((constant, x) if first else (x, constant))))
    for engine in ENGINES:
        found = run(op, [x], {"constant": constant}, engine)
        assert_allclose(found, expected, rtol=1e-5, atol=1e-6, err_msg=engine)


def test_division_by_zero_is_infinite_and_silent() -> None:
    x, y = (np.array([values], dtype=np.float32) for values in ([1, -1, 0], [0, 0, 0]))
    for engine in ENGINES:
        np.testing.assert_array_equal(run(Div(), [x, y], {}, engine), [[np.inf, -np.inf, np.nan]])
