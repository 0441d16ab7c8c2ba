"""Resampling in every form, against ONNX Runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.onnx.models import build, images, same

LISTS: dict[str, Any] = {
    "scales": np.array([1, 1, 2, 1.5], np.float32),
    "sizes": np.array([2, 3, 9, 4]),
    "two": np.array([2, 3], np.float32),
    "axes": np.array([9, 4]),
    "none": np.array([], np.float32),
}
CORNERS = 'coordinate_transformation_mode = "align_corners"'


@pytest.mark.parametrize("mode", ["nearest", "linear"])
@pytest.mark.parametrize(
    ("node", "opset"),
    [
        ('Upsample<mode = "{}", scales = [1.0, 1.0, 2.0, 1.5]>(x)', 7),
        ('Upsample<mode = "{}">(x, scales)', 9),
        ('Resize<mode = "{}">(x, scales)', 10),
        ('Resize<mode = "{}">(x, none, scales)', 11),
        ('Resize<mode = "{}">(x, none, none, sizes)', 11),
        (
            'Resize<mode = "{}", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor">(x, "", scales)',
            13,
        ),
        (f'Resize<mode = "{{}}", {CORNERS}>(x, "", "", sizes)', 13),
        ('Resize<mode = "{}", axes = [3, 2]>(x, "", two)', 18),
        ('Resize<mode = "{}", axes = [2, 3]>(x, "", "", axes)', 19),
    ],
)
def test_in_old_and_new_forms(node: str, opset: int, mode: str) -> None:
    model = build(f"(float[2, 3, 6, 8] x) => (float[2, 3, i, j] y) {{ y = {node.format(mode)} }}", LISTS, opset=opset)
    for chunks in ("serial", "spatial=2x2", "channel=3"):
        same(model, {"x": images(2, 3, 6, 8)}, chunks)


def test_along_one_axis_alone() -> None:
    graph = '(float[n, 3, h, w] x) => (float[n, 3, h, i] y) { y = Resize<mode = "linear", axes = [3]>(x, "", one) }'
    same(build(graph, {"one": np.array([2], np.float32)}, opset=18), {"x": images(2, 3, 6, 8)}, "width=2")


def test_to_the_size_of_another_tensor() -> None:
    graph = """(float[n, 3, h, w] x) => (float[n, 3, h, w] y) {
        p = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(x)
        whole = Shape(x)
        image = Slice(whole, two, four)
        small = Shape(p)
        kept = Slice(small, zero, two)
        sizes = Concat<axis = 0>(kept, image)
        y = Resize<mode = "linear">(p, "", "", sizes)
    }"""
    model = build(graph, {name: np.array([value]) for name, value in (("zero", 0), ("two", 2), ("four", 4))})
    for shape in ((2, 3, 7, 9), (1, 3, 8, 5)):
        same(model, {"x": images(*shape)}, "spatial=2x2")
