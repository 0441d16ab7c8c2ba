"""Batch normalization by both engines, against the onnx package's evaluator."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import BatchNorm
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images_or_features


@given(data=st.data(), epsilon=st.sampled_from([1e-5, 1e-3, 1]))
@settings(max_examples=40)
def test_as_onnx_has_it(data: st.DataObject, epsilon: float) -> None:
    op, shape = BatchNorm(epsilon), data.draw(images_or_features())
    x = data.draw(arrays(shape))
    weights = {name: data.draw(arrays(own)) for name, own in op.weight_shapes(shape).items()}
    weights["variance"] = weights["variance"] ** 2 + 0.1
    expected = onnx_operator("BatchNormalization", x, *weights.values(), epsilon=float(epsilon))
    for engine in ENGINES:
        assert_allclose(run(op, [x], weights, engine), expected, rtol=1e-4, atol=1e-4, err_msg=engine)
