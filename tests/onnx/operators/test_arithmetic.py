"""Sums, products and the like, with constants of every shape on either side."""

from __future__ import annotations

import pytest

from tests.onnx.models import build, images, same


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min", "Mean", "Sum", "Pow"])
@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 1, 1), (1, 3, 1, 1), (6, 5), (1, 1, 6, 5)])
def test_a_constant_on_either_side(kind: str, shape: tuple[int, ...]) -> None:
    for operands in ("p, c", "c, p"):
        graph = f"(float[n, 3, 6, 5] x) => (float[n, 3, 6, 5] y) {{ p = Exp(x) e = Exp(k) y = {kind}({operands}) }}"
        model = build(graph.replace("e = Exp(k)", "c = Exp(k)"), {"k": shape}, opset=13)
        same(model, {"x": images(2, 3, 6, 5)}, "channel=2,width=2")


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div"])
def test_a_tensor_with_one_row_or_column_or_channel_serves_all(kind: str) -> None:
    graph = f"""(float[n, 3, 6, 5] x, float[n, 1, 6, 1] z) => (float[n, 3, 6, 5] y, float[n, 3, 6, 5] v) {{
        y = {kind}(x, z)
        v = {kind}(z, x)
    }}"""
    for chunks in ("serial", "spatial=2x2", "channel=3", "batch=2"):
        same(build(graph, opset=7), {"x": images(2, 3, 6, 5), "z": images(2, 1, 6, 1, seed=1)}, chunks)


def test_one_number_of_a_list_is_a_constant_for_each_image_alike() -> None:
    graph = "(float[n, 4] x) => (float[n, 4] y) { s = Sum(x, c, x) m = Max(s, x) y = Mean(m, x, c) }"
    same(build(graph, {"c": (1, 4)}), {"x": images(3, 4)}, "channel=2")
