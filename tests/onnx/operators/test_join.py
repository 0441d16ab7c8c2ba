"""Parts of tensors, in the forms that the node tests do not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from daskcnn.region import Shape
from tests.onnx.models import Array, build, images, same

END = 2**63 - 1


def ints(*numbers: int) -> Array:
    """A constant list."""
    return np.array(numbers, np.int64)


@pytest.mark.parametrize(
    ("starts", "ends", "axes", "steps"),
    [
        ((1,), (5,), (1,), None),
        ((0, 1, 0), (END, END, -1), (0, 1, -1), None),
        ((-4,), (END,), (2,), (3,)),
        ((2, -100), (100, -2), (3, 1), (2, 2)),
        ((0,), (2**31,), (0,), None),
        ((0, 0), (END, 8), (0, 1), (1, 1)),
    ],
)
def test_slices(starts: Shape, ends: Shape, axes: Shape, steps: Shape | None) -> None:
    graph = "(float[n, 8, 7, 6] x) => (float[n, o, i, j] y) { y = Slice(x, starts, ends, axes, steps) }"
    lists: dict[str, Any] = {"starts": ints(*starts), "ends": ints(*ends), "axes": ints(*axes)}
    model = build(graph, lists | {"steps": ints(*(steps or (1,) * len(axes)))}, opset=13)
    for chunks in ("serial", "channel=2", "spatial=2x2", "batch=3"):
        same(model, {"x": images(3, 8, 7, 6)}, chunks)
    if steps is None:
        node = f"Slice<starts = {[*starts]}, ends = {[*ends]}, axes = {[*axes]}>"
        old = build(f"(float[n, 8, 7, 6] x) => (float[n, o, i, j] y) {{ y = {node}(x) }}", opset=9)
        same(old, {"x": images(3, 8, 7, 6)}, "channel=2")


@pytest.mark.parametrize(
    ("node", "opset"),
    [
        ("Split<axis = 1, split = [3, 5]>(x)", 7),
        ("Split<axis = -3>(x)", 11),
        ("Split<axis = 1>(x, sizes)", 13),
        ("Split<axis = 1>(x)", 13),
        ("Split<axis = 1, num_outputs = 2>(x)", 18),
        ("Split<axis = 2, num_outputs = 2>(x)", 18),
    ],
)
def test_splits(node: str, opset: int) -> None:
    graph = f"(float[n, 8, 7, 6] x) => (float[n, a, b, c] y, float[n, d, e, f] z) {{ y, z = {node} }}"
    model = build(graph, {"sizes": ints(3, 5)}, opset=opset)
    for chunks in ("serial", "channel=2", "height=2"):
        same(model, {"x": images(2, 8, 7, 6)}, chunks)


def test_a_part_that_nobody_reads_is_not_made() -> None:
    graph = "(float[n, 8, 7, 6] x) => (float[n, 2, 7, 6] y) { a, b, c, d = Split<axis = 1>(x) y = Add(a, d) }"
    same(build(graph, opset=13), {"x": images(2, 8, 7, 6)}, "channel=2")


def test_concatenation_along_every_axis_but_the_first() -> None:
    for axis in (1, 2, 3, -1):
        graph = f"(float[n, 3, 4, 5] x) => (float[n, i, j, k] y) {{ z = Neg(x) y = Concat<axis = {axis}>(x, z, x) }}"
        for chunks in ("serial", "spatial=2x2", "channel=3"):
            same(build(graph, opset=7), {"x": images(2, 3, 4, 5)}, chunks)
