"""Padding in every mode and form, against ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest

from tests.onnx.models import build, images, same

MODES = ("constant", "reflect", "edge", "wrap")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ends", [(0, 0, 2, 1, 0, 0, 3, 0), (0, 1, 0, 0, 0, 2, 0, 0), (0, 2, 1, 1, 0, 0, 0, 2)])
def test_in_every_mode_along_any_axes(mode: str, ends: tuple[int, ...]) -> None:
    graph = f'(float[n, 4, 6, 5] x) => (float[n, o, i, j] y) {{ y = Pad<mode = "{mode}">(x, pads) }}'
    model = build(graph, {"pads": np.array(ends)}, opset=19 if mode == "wrap" else 13)
    for chunks in ("serial", "spatial=2x2", "channel=2"):
        same(model, {"x": images(2, 4, 6, 5)}, chunks)


@pytest.mark.parametrize(
    ("node", "opset"),
    [
        ("Pad<pads = [0, 0, 1, 2, 0, 0, 0, 1], value = 1.5>(x)", 7),
        ("Pad(x, pads, value)", 11),
        ("Pad(x, crops, value)", 13),
        ("Pad(x, two, value, axes)", 18),
        ('Pad(x, two, "", axes)', 18),
    ],
)
def test_in_old_and_new_forms(node: str, opset: int) -> None:
    weights = {
        "pads": np.array([0, 0, 1, 2, 0, 0, 0, 1]),
        "crops": np.array([0, 0, -1, 2, 0, 0, 1, -2]),
        "two": np.array([1, 2, 0, 3]),
        "axes": np.array([-1, 1]),
        "value": np.array(-2.5, np.float32),
    }
    model = build(f"(float[n, 4, 6, 5] x) => (float[n, o, i, j] y) {{ y = {node} }}", weights, opset=opset)
    same(model, {"x": images(2, 4, 6, 5)}, "spatial=2x2")


@pytest.mark.parametrize("shape", [(7,), (3, 7), (2, 3, 4, 5)])
def test_of_any_number_of_axes(shape: tuple[int, ...]) -> None:
    sizes = ", ".join(map(str, shape))
    ends = np.array([0, *range(len(shape)), 0, *(1 for _ in shape)])
    model = build(f"(float[n, {sizes}] x) => (float y) {{ y = Pad(x, pads) }}", {"pads": ends}, opset=13)
    same(model, {"x": images(2, *shape)}, "batch=2")
