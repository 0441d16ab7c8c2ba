"""Normalisation, in the forms that the node tests do not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.onnx.models import build, images, same

CHANNELS: dict[str, Any] = dict.fromkeys(("s", "b", "m"), (6,))


@pytest.mark.parametrize("opset", [7, 8, 9, 14, 15])
def test_batch_normalisation(opset: int) -> None:
    graph = "(float[n, 6, 4, 5] x) => (float[n, 6, 4, 5] y) { y = BatchNormalization<epsilon = 0.01>(x, s, b, m, v) }"
    model = build(graph, CHANNELS | {"v": np.linspace(0.1, 2, 6, dtype=np.float32)}, opset=opset)
    same(model, {"x": images(2, 6, 4, 5)}, "channel=2,height=2")


@pytest.mark.parametrize("shape", [(20,), (4, 5), (2, 3, 4)])
def test_instance_normalisation(shape: tuple[int, ...]) -> None:
    sizes = ", ".join(map(str, shape))
    graph = f"(float[n, 6, {sizes}] x) => (float[n, 6, {sizes}] y) {{ y = InstanceNormalization(x, s, b) }}"
    for chunks in ("serial", "channel=2", "batch=2"):
        same(build(graph, CHANNELS), {"x": images(2, 6, *shape)}, chunks)


@pytest.mark.parametrize("axis", [1, 2, 3, -1])
def test_layer_normalisation(axis: int) -> None:
    shape = (6, 4, 5)[axis - 1 if axis > 0 else axis :]
    for inputs in ("x, s", "x, s, b"):
        node = f"LayerNormalization<axis = {axis}, epsilon = 0.01>({inputs})"
        model = build(
            f"(float[n, 6, 4, 5] x) => (float[n, 6, 4, 5] y) {{ y = {node} }}", {"s": shape, "b": shape}, opset=17
        )
        same(model, {"x": images(2, 6, 4, 5)}, "spatial=2x2")


def test_group_normalisation() -> None:
    graph = "(float[n, 6, 4, 5] x) => (float[n, 6, 4, 5] y) { y = GroupNormalization<num_groups = 3>(x, s, b) }"
    for chunks in ("serial", "channel=3", "spatial=2x2"):
        same(build(graph, CHANNELS), {"x": images(2, 6, 4, 5)}, chunks)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_local_response_normalisation(size: int) -> None:
    node = f"LRN<size = {size}, alpha = 0.1, beta = 0.6, bias = 1.5>"
    model = build(f"(float[n, 6, 4, 5] x) => (float[n, 6, 4, 5] y) {{ y = {node}(x) }}", opset=7)
    same(model, {"x": images(2, 6, 4, 5)}, "channel=3")
