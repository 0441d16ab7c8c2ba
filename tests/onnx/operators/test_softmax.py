"""Softmax along any axis, with the meaning of its axis before version 13 and since, against ONNX Runtime."""

from __future__ import annotations

import pytest

from tests.onnx.models import build, images, same


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize("opset", [7, 11, 12, 13])
@pytest.mark.parametrize("axis", [None, 1, 2, 3])
def test_of_images(kind: str, opset: int, axis: int | None) -> None:
    attributes = "" if axis is None else f"<axis = {axis}>"
    model = build(f"(float[n, 3, 4, 5] x) => (float[n, 3, 4, 5] y) {{ y = {kind}{attributes}(x) }}", opset=opset)
    for chunks in ("serial", "channel=3", "spatial=2x2"):
        same(model, {"x": images(2, 3, 4, 5)}, chunks)


@pytest.mark.parametrize("opset", [7, 13])
def test_of_features(opset: int) -> None:
    same(build("(float[n, 6] x) => (float[n, 6] y) { y = Softmax(x) }", opset=opset), {"x": images(3, 6)}, "channel=2")
