"""The same elements in other axes, in the forms that the node tests do not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.onnx.models import build, images, same

LISTS: dict[str, Any] = {
    "flat": np.array([0, -1]),
    "free": np.array([-1, 24, 5]),
    "same": np.array([0, 0, 0, 0]),
    "ones": np.array([2, 4]),
    "six": np.array([0, 6, 2, 2, 5]),
}


@pytest.mark.parametrize(
    ("node", "opset"),
    [
        ("Flatten(x)", 7),
        ("Flatten<axis = -3>(x)", 11),
        ("Reshape(x, flat)", 7),
        ("Reshape(x, free)", 13),
        ("Reshape(x, same)", 13),
        ("Reshape(x, six)", 13),
        ("Transpose<perm = [0, 2, 3, 1]>(x)", 7),
        ("Unsqueeze<axes = [2, 4]>(x)", 7),
        ("Unsqueeze(x, ones)", 13),
        ("DepthToSpace<blocksize = 2>(x)", 7),
        ('DepthToSpace<blocksize = 2, mode = "CRD">(x)', 11),
    ],
)
def test_in_old_and_new_forms(node: str, opset: int) -> None:
    graph = f"(float[n, 12, 2, 5] x) => (float y) {{ y = {node} }}"
    model = build(graph, LISTS, opset=opset)
    for chunks in ("serial", "batch=2", "channel=2", "spatial=2x2"):
        same(model, {"x": images(2, 12, 2, 5)}, chunks)


@pytest.mark.parametrize(
    ("node", "opset"), [("Squeeze<axes = [2, -1]>(x)", 7), ("Squeeze(x, ones)", 13), ("Squeeze(x)", 13)]
)
def test_squeezes_leave_the_images(node: str, opset: int) -> None:
    lists = {"ones": np.array([2, -1])}
    for graph in ("(float[n, 6, 1, 1] x)", "(float[3, 6, 1, 1] x)"):
        model = build(f"{graph} => (float[m, 6] y) {{ y = {node} }}", lists, opset=opset)
        same(model, {"x": images(3, 6, 1, 1)}, "channel=2")


def test_space_to_depth() -> None:
    graph = "(float[n, 3, h, w] x) => (float[n, 12, i, j] y) { y = SpaceToDepth<blocksize = 2>(x) }"
    same(build(graph), {"x": images(2, 3, 6, 8)}, "channel=2")


def test_shapes_that_are_computed_as_exporters_do() -> None:
    graph = """(float[n, 8, h, w] x) => (float y) {
        shape = Shape(x)
        batch = Gather(shape, zero)
        rows = Gather(shape, two)
        double = Mul(rows, two)
        half = Div(eight, two)
        b = Unsqueeze(batch, zeros)
        r = Unsqueeze(double, zeros)
        c = Unsqueeze(half, zeros)
        sizes = Concat<axis = 0>(b, c, r, rest)
        y = Reshape(x, sizes)
    }"""
    weights: dict[str, Any] = {"zero": np.array(0), "two": np.array(2), "eight": np.array(8)}
    model = build(graph, weights | {"zeros": np.array([0]), "rest": np.array([-1])})
    for shape in ((2, 8, 6, 5), (5, 8, 4, 3)):
        same(model, {"x": images(*shape)}, "channel=2")
