"""Products with a matrix, against ONNX Runtime."""

from __future__ import annotations

import pytest

from tests.onnx.models import build, images, same


@pytest.mark.parametrize("c", [(5,), (1, 5), (1,), (), (1, 1)])
@pytest.mark.parametrize("attributes", ["alpha = 0.5, beta = 2.0", "transB = 1"])
def test_gemm_with_a_constant(c: tuple[int, ...], attributes: str) -> None:
    graph = f"(float[n, 6] x) => (float[n, 5] y) {{ y = Gemm<{attributes}>(x, b, c) }}"
    model = build(graph, {"b": (5, 6) if "transB" in attributes else (6, 5), "c": c})
    for chunks in ("serial", "channel=2", "filter=2", "batch=3"):
        same(model, {"x": images(3, 6)}, chunks)


@pytest.mark.parametrize("opset", [7, 9, 11, 13])
def test_gemm_with_a_tensor(opset: int) -> None:
    graph = """(float[n, 6] x, float[n, 5] z) => (float[n, 5] y, float[n, 5] v) {
        y = Gemm(x, b, z)
        v = Gemm<beta = 0.3>(x, b, z)
    }"""
    same(build(graph, {"b": (6, 5)}, opset=opset), {"x": images(3, 6), "z": images(3, 5, seed=1)}, "channel=2")


def test_gemm_without_c() -> None:
    same(build("(float[n, 6] x) => (float[n, 5] y) { y = Gemm(x, b) }", {"b": (6, 5)}), {"x": images(3, 6)})


@pytest.mark.parametrize("shape", [(6,), (4, 6), (2, 4, 6)])
@pytest.mark.parametrize("matrix", [(6, 5), (1, 6, 5)])
def test_matmul_of_the_last_axis(shape: tuple[int, ...], matrix: tuple[int, ...]) -> None:
    if len(matrix) > len(shape) + 1:
        return
    sizes = ", ".join(map(str, shape[:-1]))
    graph = f"(float[n, {sizes}, 6] x) => (float[n, {sizes}, 5] y) {{ y = MatMul(x, b) }}".replace(", ,", ",")
    for chunks in ("serial", "batch=2", "channel=2"):
        same(build(graph, {"b": matrix}), {"x": images(3, *shape)}, chunks)
