"""Resampling: NumPy by tables against ONNX Runtime's own operator and the onnx package's evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from daskcnn.kernels import ENGINES
from daskcnn.layers import Resize2d
from daskcnn.layers.resize import WORDS
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.resizes import resizes
from tests.shapes import images

EMPTY = np.zeros(0, np.float32)


@given(data=st.data())
@settings(max_examples=200)
def test_tables_pick_what_onnx_runtime_picks(data: st.DataObject) -> None:
    shape = data.draw(images())
    op, x = data.draw(resizes(shape)), data.draw(arrays(shape))
    assert_allclose(run(op, [x], {}, "numpy"), run(op, [x], {}, "onnxruntime"), rtol=0, atol=1e-5)


@pytest.mark.parametrize("mode", WORDS["mode"])
@pytest.mark.parametrize("coordinates", WORDS["coordinate_transformation_mode"])
@pytest.mark.parametrize("rounding", WORDS["nearest_mode"])
@pytest.mark.parametrize("to", [{"scales": (2.0, 4.0)}, {"scales": (0.5, 2.0)}, {"sizes": (12, 16)}, {"sizes": (3, 5)}])
def test_as_onnx_has_it(mode: str, coordinates: str, rounding: str, to: dict[str, Any]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 8)).astype(np.float32)
    words: dict[str, Any] = {"mode": mode, "coordinate_transformation_mode": coordinates, "nearest_mode": rounding}
    sizes = [np.array(to["sizes"])] if "sizes" in to else []
    expected = onnx_operator(
        "Resize", x, EMPTY, np.array(to.get("scales", ()), np.float32), *sizes, axes=[2, 3], **words
    )
    for engine in ENGINES:
        found = run(Resize2d(**to, **words), [x], {}, engine)
        assert_allclose(found, expected, rtol=0, atol=1e-5, err_msg=engine)


def test_a_scale_that_leaves_the_size_still_moves_what_lies_between() -> None:
    x = np.arange(5, dtype=np.float32).reshape(1, 1, 5, 1)
    op = Resize2d((1.1, 1.0), mode="linear", coordinate_transformation_mode="asymmetric")
    local = op.local(((0, 1), (0, 1), (0, 5), (0, 1)), x.shape)
    for engine in ENGINES:
        assert_allclose(run(local, [x], {}, engine).ravel(), np.arange(5) / 1.1, rtol=1e-6)
