"""Functions of one element, in the forms that the node tests do not have."""

from __future__ import annotations

import numpy as np
import pytest

from tests.onnx.models import build, expected, images, load, same

LOW, HIGH = np.array(-0.5, np.float32), np.array(0.75, np.float32)


@pytest.mark.parametrize(
    ("node", "opset"),
    [
        ("Clip<min = -0.5, max = 0.75>(x)", 7),
        ("Clip<max = 0.75>(x)", 10),
        ("Clip(x)", 9),
        ('Clip(x, "", high)', 11),
        ("Clip(x, low)", 12),
        ("Clip(x, low, high)", 13),
        ("Clip(x, high, low)", 13),
        ("Dropout<ratio = 0.9>(x)", 7),
        ("Dropout(x, high, training)", 13),
        ("LeakyRelu<alpha = 0.3>(x)", 7),
        ("Elu<alpha = 0.3>(x)", 7),
        ("Selu<alpha = 0.3, gamma = 2.5>(x)", 7),
        ("HardSigmoid<alpha = 0.3, beta = 0.4>(x)", 7),
        ('Gelu<approximate = "tanh">(x)', 20),
        ("Softplus(x)", 7),
        ("Sqrt(x)", 7),
        ("Log(x)", 7),
    ],
)
def test_in_old_and_new_forms(node: str, opset: int) -> None:
    graph = f"(float[n, 3, 6, 5] x) => (float[n, 3, 6, 5] y) {{ y = {node} }}"
    model = build(graph, {"low": LOW, "high": HIGH, "training": np.array(False)}, opset=opset)
    for chunks in ("serial", "spatial=2x2"):
        same(model, {"x": images(2, 3, 6, 5)}, chunks)


@pytest.mark.parametrize("shape", [(1,), (), (3, 1, 1), (1, 3, 1, 1), (5,), (3, 6, 5)])
@pytest.mark.parametrize("opset", [7, 9, 16])
def test_slopes_are_for_all_or_each_channel_or_element(shape: tuple[int, ...], opset: int) -> None:
    model = build("(float[n, 3, 6, 5] x) => (float[n, 3, 6, 5] y) { y = PRelu(x, a) }", {"a": shape}, opset=opset)
    same(model, {"x": images(2, 3, 6, 5)}, "channel=2,height=2")


@pytest.mark.parametrize("kind", ["float", "float16", "double", "bfloat16"])
def test_floats_of_any_width_are_computed_in_float32(kind: str) -> None:
    graph = "({}[n, 4] x) => (float[n, 4] y) {{ h = Relu(x) c = Cast<to = 1>(h) y = Mul(c, w) }}"
    x, weights = images(3, 4), {"w": images(4).astype(np.float16).astype(np.float32)}
    [right] = expected(build(graph.format("float"), weights), {"x": x})
    found = load(build(graph.format(kind), weights))(x, "channel=2", workers=2)
    np.testing.assert_array_equal(np.asarray(found), right, strict=True)


def test_parameters_of_any_width_are_what_they_are_in_float32() -> None:
    graph = "(float[n, 4] x) => (float[n, 4] y) { c = Cast<to = 1>(w) y = Mul(x, c) }"
    for kind in (np.float16, np.float64, np.int8):
        same(build(graph, {"w": (images(4) * 9).astype(kind)}), {"x": images(3, 4)}, "channel=2")
