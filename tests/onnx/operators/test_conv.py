"""Convolutions with all their attributes, against ONNX Runtime."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.onnx.models import build, images, same

WORDS = ("serial", "spatial=2x2", "channel=2", "filter=2")


@given(data=st.data(), mode=st.sampled_from(["SAME_UPPER", "SAME_LOWER", "VALID"]))
@settings(max_examples=60)
def test_padding_that_depends_on_the_size(data: st.DataObject, mode: str) -> None:
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    strides = [data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))]
    attributes = f'auto_pad = "{mode}", strides = [{strides[0]}, {strides[1]}]'
    graph = f"(float[n, 2, h, w] x) => (float[n, 4, i, j] y) {{ y = Conv<{attributes}>(x, w, b) }}"
    x = images(2, 2, data.draw(st.integers(7, 11)), data.draw(st.integers(7, 11)))
    same(build(graph, {"w": (4, 2, rows, columns), "b": (4,)}), {"x": x}, data.draw(st.sampled_from(WORDS)))


@given(data=st.data(), group=st.sampled_from([1, 2]))
@settings(max_examples=60)
def test_transposed_with_padding_and_dilation(data: st.DataObject, group: int) -> None:
    taps, stride, dilation, more = (
        [data.draw(st.integers(low, high)) for _ in range(2)] for low, high in ((1, 3), (1, 3), (1, 2), (0, 1))
    )
    assume(all(extra < step for extra, step in zip(more, stride, strict=True)))
    pads = [data.draw(st.integers(0, (taps[axis % 2] - 1) * dilation[axis % 2])) for axis in range(4)]
    attributes = f"strides = {stride}, dilations = {dilation}, output_padding = {more}, pads = {pads}, group = {group}"
    graph = f"(float[n, 4, h, w] x) => (float[n, o, i, j] y) {{ y = ConvTranspose<{attributes}>(x, w, b) }}"
    x = images(2, 4, data.draw(st.integers(4, 7)), data.draw(st.integers(4, 7)))
    model = build(graph, {"w": (4, 2, *taps), "b": (2 * group,)})
    same(model, {"x": x}, data.draw(st.sampled_from(["serial", "batch=2", "channel=2"])))


@pytest.mark.parametrize("mode", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"])
@pytest.mark.parametrize("shape", ["", ", output_shape = [11, 12]", ", output_shape = [13, 9]"])
def test_transposed_to_a_size(mode: str, shape: str) -> None:
    attributes = f'auto_pad = "{mode}", strides = [2, 2]{shape}'
    graph = f"(float[n, 2, h, w] x) => (float[n, 3, i, j] y) {{ y = ConvTranspose<{attributes}>(x, w) }}"
    same(build(graph, {"w": (2, 3, 3, 4)}), {"x": images(2, 2, 6, 5)}, "spatial=2x2")


@pytest.mark.parametrize("node", ["Conv", "ConvTranspose"])
@pytest.mark.parametrize("attributes", ["", "strides = [2], pads = [1, 2], dilations = [2]", 'auto_pad = "SAME_UPPER"'])
def test_along_one_axis(node: str, attributes: str) -> None:
    graph = f"(float[n, 4, l] x) => (float[n, o, i] y) {{ y = {node}<{attributes}>(x, w, b) }}"
    model = build(graph.replace("<>", ""), {"w": (4, 4, 3), "b": (4,)})
    for chunks in ("serial", "channel=2", "batch=2"):
        same(model, {"x": images(2, 4, 17)}, chunks)


def test_transposed_to_a_larger_size_than_there_is_adds_behind() -> None:
    node = "ConvTranspose<strides = [3, 2], output_shape = [10, 8]>"
    graph = f"(float[n, 1, 3, 3] x) => (float[n, 2, 10, 8] y) {{ y = {node}(x, w) }}"
    same(build(graph, {"w": (1, 2, 3, 3)}), {"x": images(2, 1, 3, 3)}, "height=2")
