"""What a file leaves open is known from the images; what does not suit it is refused."""

from __future__ import annotations

from typing import Any

import dask.array as da
import numpy as np
import pytest
from dask.base import compute

import daskcnn
from daskcnn.errors import UsageError
from daskcnn.onnx.model import BATCHES
from tests.onnx.models import build, expected, images, load, same

OPEN = "(float[n, 3, h, w] x) => (float[n, 4, i, j] y) { y = Conv<strides = [2, 2]>(x, k) }"
FIXED = "(float[1, 3, 8, 8] x) => (float[1, 5] y) { c = Conv(x, k) r = Reshape(c, sizes) y = Gemm(r, m) }"
WEIGHTS: dict[str, Any] = {"k": (4, 3, 3, 3), "m": (144, 5), "sizes": np.array([1, 144])}
PAIR = "(float[n, 1, h, w] x, float[n, 1, h, w] z) => (float[n, 1, h, w] y) { y = Add(x, z) }"


def test_open_sizes_are_those_of_the_images() -> None:
    model = build(OPEN, WEIGHTS)
    net = load(model)
    assert net.inputs == {"x": ("n", 3, "h", "w")}
    for shape in ((1, 3, 9, 12), (5, 3, 16, 7)):
        same(model, {"x": images(*shape)}, "spatial=2x2")
    assert net.resolve((3, 9, 12)).shapes(7)["y"] == (7, 4, 4, 5)
    assert net.resolve({"x": (3, 9, 12)}) == net.resolve((3, 9, 12))


def test_fixed_sizes_need_not_be_said_and_one_image_stands_for_any_number() -> None:
    model = build(FIXED, WEIGHTS)
    net = load(model)
    assert net.resolve().image_shape == (3, 8, 8)
    x = images(6, 3, 8, 8)
    found = np.asarray(net(x, "batch=3", workers=3))
    for number in range(6):
        [right] = expected(model, {"x": x[number : number + 1]})
        np.testing.assert_allclose(found[number : number + 1], right, rtol=0, atol=1e-4)


def test_the_call_is_lazy_and_takes_dask_arrays_and_options() -> None:
    model = build(OPEN, WEIGHTS)
    x = images(4, 3, 9, 9)
    lazy = daskcnn.load_onnx(model.SerializeToString())(
        da.from_array(x, chunks=(3, 2, 4, 9)), "channel=2", workers=2, batch=2, engine="numpy"
    )
    assert isinstance(lazy, da.Array)
    assert lazy.chunks == ((2, 2), (2, 2), (4,), (4,))
    np.testing.assert_allclose(lazy.compute(scheduler="sync"), expected(model, {"x": x})[0], rtol=0, atol=1e-4)


def test_several_outputs_come_in_the_order_they_are_asked_for() -> None:
    graph = "(float[n, 4] x) => (float[n, 4] a, float[n, 4] b) { a = Relu(x) c = Neg(a) b = Exp(c) }"
    x, net = images(3, 4), load(build(graph))
    a, b = compute(*net(x), scheduler="sync")
    c, again = compute(*net(x, outputs=["c", "a"]), scheduler="sync")
    np.testing.assert_array_equal(again, a)
    np.testing.assert_array_equal(c, -a)
    np.testing.assert_allclose(b, np.exp(-np.maximum(x, 0)), rtol=1e-5)


@pytest.mark.parametrize(
    ("graph", "shapes", "told"),
    [
        (OPEN, (1, 9, 9), r"input 'x' of model takes images of \(3, h, w\), not \(1, 9, 9\); pass such"),
        (OPEN, (9, 9), r"takes images of \(3, h, w\), not \(9, 9\)"),
        (OPEN, (3, 0, 9), r"images of \(3, 0, 9\) hold nothing"),
        (OPEN, (3, 2, 2), r"Conv 'y': a kernel that spans 3 does not fit an axis of 2"),
        (OPEN, None, r"input 'x' of model takes images of \(3, h, w\); say of which shape"),
        (FIXED, (3, 9, 9), r"takes images of \(3, 8, 8\), not \(3, 9, 9\)"),
        (PAIR, {"x": (1, 4, 5), "z": (1, 4, 6)}, r"input 'z' of model takes images of \(1, h, w\), not \(1, 4, 6\)"),
        (PAIR, {"x": (1, 4, 5)}, r"input 'z' of model takes images of \(1, h, w\); say of which shape"),
        (PAIR, {"x": (1, 4, 5), "z": (1, 4, 5), "v": (1,)}, "model reads x, z; give a mapping with just these names"),
        (PAIR, (1, 4, 5), r"input 'z' of model takes images of \(1, h, w\); say of which shape"),
    ],
)
def test_shapes_that_do_not_suit_are_refused(graph: str, shapes: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        load(build(graph, WEIGHTS)).resolve(shapes)
    assert "\n" not in str(refused.value)


def test_a_tensor_that_is_not_made_is_refused() -> None:
    net = load(build(FIXED, WEIGHTS))
    for name in ("x", "k", "none"):
        with pytest.raises(UsageError, match=f"model makes no tensor {name!r}; it makes c, r, y"):
            net(images(2, 3, 8, 8), outputs=[name])


def test_inputs_of_different_numbers_of_images_are_refused() -> None:
    graph = "(float[2, 4] x, float[1, 4] z) => (float[2, 4] y) { y = Add(x, z) }"
    with pytest.raises(
        UsageError, match=r"inputs of model hold \[1, 2\] images; that is not supported, use one number"
    ):
        load(build(graph)).resolve()


@pytest.mark.parametrize(
    "graph",
    [
        "(float[n, 4] x) => (float[n, 4] y) { s = Shape(x) b = Gather(s, zero) f = Cast<to = 1>(b) y = Mul(x, f) }",
        f"(float[n, 4] x) => (float[n, 4] y) {{ y = Reshape(x, {'fixed'}) }}",
    ],
)
def test_what_depends_on_the_number_of_images_is_refused(graph: str) -> None:
    model = build(graph, {"zero": np.array(0), "fixed": np.array([BATCHES[0], 4])})
    with pytest.raises(UsageError, match=r"computes with the number of images|keep the 67 images first"):
        load(model).resolve()


def test_a_model_without_images_is_refused() -> None:
    with pytest.raises(UsageError, match="model reads no images"):
        load(build("(float[n, 4] x) => (float[2] y) { y = Constant<value = float[2] {1, 2}>() }"))


def test_an_output_that_is_no_tensor_of_images_is_refused() -> None:
    graph = "(float[n, 4] x) => (float[n, 4] y, float[2] z) { y = Relu(x) z = Constant<value = float[2] {1, 2}>() }"
    with pytest.raises(UsageError, match="output 'z' is not computed from the images"):
        load(build(graph)).resolve()
