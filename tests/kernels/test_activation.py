"""Activations by both engines, against the onnx package's evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special

from daskcnn import layers
from daskcnn.kernels import ENGINES
from daskcnn.kernels.activation import FUNCTIONS
from daskcnn.layers import Op
from tests.cuts import arrays, run
from tests.onnx_reference import onnx_operator
from tests.shapes import images_or_features

REFERENCES: list[tuple[Op, str, dict[str, Any]]] = [
    (layers.Identity(), "Identity", {}),
    (layers.Relu(), "Relu", {}),
    (layers.LeakyRelu(0.3), "LeakyRelu", {"alpha": 0.3}),
    (layers.LeakyRelu(2), "LeakyRelu", {"alpha": 2.0}),
    (layers.Elu(0.7), "Elu", {"alpha": 0.7}),
    (layers.Selu(), "Selu", {}),
    (layers.Selu(1.5, 1.2), "Selu", {"alpha": 1.5, "gamma": 1.2}),
    (layers.Sigmoid(), "Sigmoid", {}),
    (layers.HardSigmoid(), "HardSigmoid", {}),
    (layers.HardSigmoid(0.3, 0.4), "HardSigmoid", {"alpha": 0.3, "beta": 0.4}),
    (layers.HardSwish(), "HardSwish", {}),
    (layers.Mish(), "Mish", {}),
    (layers.Gelu(), "Gelu", {}),
    (layers.Gelu("tanh"), "Gelu", {"approximate": "tanh"}),
    (layers.Softplus(), "Softplus", {}),
    (layers.Softsign(), "Softsign", {}),
    (layers.Tanh(), "Tanh", {}),
    (layers.Erf(), "Erf", {}),
    (layers.Exp(), "Exp", {}),
    (layers.Log(), "Log", {}),
    (layers.Sqrt(), "Sqrt", {}),
    (layers.Abs(), "Abs", {}),
    (layers.Neg(), "Neg", {}),
    (layers.Reciprocal(), "Reciprocal", {}),
]


def check(op: Op, x: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> None:
    for engine in ENGINES:
        found = run(op, [x], {}, engine)
        assert found.dtype == np.float32, engine
        assert_allclose(found, expected, rtol=1e-5, atol=2e-6, err_msg=f"{op} by {engine}")


@pytest.mark.parametrize(("op", "kind", "attributes"), REFERENCES)
@given(data=st.data())
@settings(max_examples=8)
def test_as_onnx_has_it(op: Op, kind: str, attributes: dict[str, Any], data: st.DataObject) -> None:
    x = 3 * data.draw(arrays(data.draw(images_or_features())))
    check(op, x, onnx_operator(kind, x, **attributes))


@given(data=st.data(), low=st.floats(-2, 2, width=32), high=st.floats(-2, 2, width=32))
@settings(max_examples=20)
def test_clip_gives_its_upper_limit_where_the_limits_cross(data: st.DataObject, low: float, high: float) -> None:
    x = data.draw(arrays(data.draw(images_or_features())))
    limits = np.float32(low), np.float32(high)
    check(layers.Clip(low, high), x, onnx_operator("Clip", x, *(np.asarray(limit) for limit in limits)))


def test_clip_without_limits_is_the_identity_and_with_whole_ones_relu6() -> None:
    x = np.linspace(-10, 10, 21, dtype=np.float32)[None]
    check(layers.Clip(), x, x)
    check(layers.Clip(0, 6), x, np.fmin(np.fmax(x, 0), 6))


@pytest.mark.parametrize("alpha", [1.0, 1.702, 2])
def test_swish_is_gated_by_a_sigmoid(alpha: float) -> None:
    x = np.linspace(-20, 20, 101, dtype=np.float32)[None]
    check(layers.Swish(alpha), x, x * special.expit(alpha * x.astype(np.float64)))


@pytest.mark.parametrize("kind", [kind for kind in FUNCTIONS if kind not in (layers.Log, layers.Sqrt)])
def test_far_from_zero_nothing_overflows_that_need_not(kind: type[Op]) -> None:
    x = np.array([[-100, -50, -20, 20, 50, 85]], dtype=np.float32)
    for engine in ENGINES:
        assert np.isfinite(run(kind(), [x], {}, engine)).all(), engine


def test_outside_the_domain_both_engines_say_so_silently() -> None:
    x = np.array([[-1, 0, 1000]], dtype=np.float32)
    check(layers.Log(), x, np.array([[np.nan, -np.inf, np.log(1000)]], dtype=np.float32))
    check(layers.Sqrt(), x, np.array([[np.nan, 0, np.sqrt(1000)]], dtype=np.float32))
    check(layers.Exp(), x, np.array([[np.exp(-1), 1, np.inf]], dtype=np.float32))


def test_gelu_is_exact_in_its_tail() -> None:
    x = np.array([[-6, -4, -2]], dtype=np.float32)
    exact = x.astype(np.float64) * special.ndtr(x.astype(np.float64))
    assert_allclose(run(layers.Gelu(), [x], {}, "numpy"), exact, rtol=1e-5)
