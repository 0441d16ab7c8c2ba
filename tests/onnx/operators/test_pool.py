"""Pooling with all its attributes, against ONNX Runtime."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.onnx.models import build, images, same


@given(data=st.data(), kind=st.sampled_from(["MaxPool", "AveragePool<count_include_pad = 1>", "AveragePool"]))
@settings(max_examples=60)
def test_with_padding_stride_dilation_and_ceil_mode(data: st.DataObject, kind: str) -> None:
    taps = [data.draw(st.integers(1, 3)) for _ in range(2)]
    pads = [data.draw(st.integers(0, taps[axis % 2] - 1)) for axis in range(4)]
    strides, dilations = ([data.draw(st.integers(1, high)) for _ in range(2)] for high in (3, 2))
    ceil = data.draw(st.integers(0, 1))
    own = f"kernel_shape={taps}, pads={pads}, strides={strides}, dilations={dilations}, ceil_mode={ceil}"
    name, _, more = kind.rstrip(">").partition("<")
    node = f"{name}<{', '.join(filter(None, (own, more)))}>"
    x = images(2, 3, data.draw(st.integers(6, 9)), data.draw(st.integers(6, 9)))
    graph = f"(float[n, 3, h, w] x) => (float[n, 3, i, j] y) {{ y = {node}(x) }}"
    same(build(graph), {"x": x}, data.draw(st.sampled_from(["serial", "spatial", "channel"])))


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
@pytest.mark.parametrize("mode", ["SAME_UPPER", "SAME_LOWER", "VALID"])
@pytest.mark.parametrize("opset", [7, 10, 21])
def test_padding_that_depends_on_the_size(kind: str, mode: str, opset: int) -> None:
    node = f'{kind}<auto_pad = "{mode}", kernel_shape = [3, 2], strides = [2, 2]>'
    graph = f"(float[n, 3, h, w] x) => (float[n, 3, i, j] y) {{ y = {node}(x) }}"
    for rows in (7, 8, 9):
        same(build(graph, opset=opset), {"x": images(2, 3, rows, rows + 2)}, "spatial=2x2")


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
def test_along_one_axis_of_one_or_three(kind: str) -> None:
    node = f"{kind}<kernel_shape = [3], pads = [1, 0], strides = [2]>"
    same(build(f"(float[n, 3, l] x) => (float[n, 3, i] y) {{ y = {node}(x) }}"), {"x": images(2, 3, 11)}, "channel=3")
    for taps in ([3, 1, 1], [1, 3, 1], [1, 1, 3], [1, 2, 3]):
        node = f"{kind}<kernel_shape = {taps}, strides = {taps}>"
        three = f"(float[n, 2, d, h, w] x) => (float[n, 2, i, j, k] y) {{ y = {node}(x) }}"
        same(build(three), {"x": images(2, 2, 6, 5, 7)}, "batch=2")


@pytest.mark.parametrize("kind", ["GlobalAveragePool", "GlobalMaxPool"])
@pytest.mark.parametrize("shape", [(7,), (5, 6), (2, 3, 4)])
def test_of_whole_images(kind: str, shape: tuple[int, ...]) -> None:
    sizes, ones = ", ".join(f"d{axis}" for axis in range(len(shape))), ", ".join("1" for _ in shape)
    model = build(f"(float[n, 3, {sizes}] x) => (float[n, 3, {ones}] y) {{ y = {kind}(x) }}")
    same(model, {"x": images(2, 3, *shape)}, "channel=3")
