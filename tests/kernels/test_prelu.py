"""PReLU by both engines, against the onnx package's evaluator."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import PRelu
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import constants, images_or_features


@given(data=st.data())
@settings(max_examples=40)
def test_as_onnx_has_it(data: st.DataObject) -> None:
    shape = data.draw(images_or_features())
    op = PRelu(data.draw(constants(shape)))
    x, slope = data.draw(arrays(shape)), data.draw(arrays(op.slope))
    for engine in ENGINES:
        found = run(op, [x], {"slope": slope}, engine)
        assert_allclose(found, onnx_operator("PRelu", x, slope), rtol=1e-6, err_msg=engine)
