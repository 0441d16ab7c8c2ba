"""Means, largest elements and where those are, in the forms that the node tests do not have."""

from __future__ import annotations

import numpy as np
import pytest

from tests.onnx.models import build, images, same

AXES = ([2, 3], [1], [-1], [1, 2, 3], [1, 3], [2])


@pytest.mark.parametrize("kind", ["ReduceMean", "ReduceMax"])
@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("keepdims", [0, 1])
def test_along_any_axes_but_that_of_images(kind: str, axes: list[int], keepdims: int) -> None:
    if not keepdims and len(axes) == 3:
        return
    old = f"(float[n, 4, 6, 5] x) => (float y) {{ y = {kind}<axes = {axes}, keepdims = {keepdims}>(x) }}"
    new = f"(float[n, 4, 6, 5] x) => (float y) {{ y = {kind}<keepdims = {keepdims}>(x, axes) }}"
    for chunks in ("serial", "channel", "batch"):
        same(build(old, opset=11), {"x": images(2, 4, 6, 5)}, chunks)
        same(build(new, {"axes": np.array(axes)}, opset=18), {"x": images(2, 4, 6, 5)}, chunks)


def test_along_no_axes() -> None:
    graph = "(float[n, 4] x) => (float[n, 4] y) { y = ReduceMean<noop_with_empty_axes = 1>(x) }"
    same(build(graph, opset=18), {"x": images(2, 4)})


@pytest.mark.parametrize("axis", [1, 2, -1])
@pytest.mark.parametrize("keepdims", [0, 1])
def test_where_the_largest_is(axis: int, keepdims: int) -> None:
    node = f"ArgMax<axis = {axis}, keepdims = {keepdims}>"
    model = build(f"(float[n, 4, 6, 5] x) => (int64 y) {{ y = {node}(x) }}", opset=11)
    for chunks in ("serial", "spatial", "channel"):
        same(model, {"x": images(2, 4, 6, 5)}, chunks)
