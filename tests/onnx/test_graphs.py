"""Whole models, cut in every way, against ONNX Runtime on them unsplit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto

from tests.onnx.models import build, images, load, same

BLOCK = """{
    c = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(x, w1, b1)
    n = BatchNormalization(c, scale, shift, mean, variance)
    r = Relu(n)
    d = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [2, 2]>(r, w2)
    s = Conv<kernel_shape = [1, 1], strides = [2, 2]>(x, w3)
    a = Add(d, s)
    y = Relu(a)
}"""


def residual() -> ModelProto:
    """A residual block."""
    return build(
        f"(float[n, 3, h, w] x) => (float[n, 6, i, j] y) {BLOCK}",
        {
            **{"w1": (4, 3, 3, 3), "b1": (4,), "w2": (6, 4, 3, 3), "w3": (6, 3, 1, 1)},
            **{"scale": (4,), "shift": (4,), "mean": (4,), "variance": np.linspace(0.5, 2, 4, dtype=np.float32)},
        },
    )


def inception() -> ModelProto:
    """Branches that are joined along channels, and classes named of them."""
    return build(
        """(float[n, 3, h, w] x) => (float[n, 5] y) {
            a = Conv<kernel_shape = [1, 1]>(x, w1)
            b = Conv<kernel_shape = [5, 5], auto_pad = "SAME_UPPER">(x, w2)
            p = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(x)
            c = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1], group = 3>(p, w3)
            j = Concat<axis = 1>(a, b, c)
            g = GlobalAveragePool(j)
            shape = Shape(g)
            first = Gather(shape, zero)
            rows = Unsqueeze(first, zeros)
            sizes = Concat<axis = 0>(rows, rest)
            f = Reshape(g, sizes)
            e = Gemm<transB = 1>(f, w4, b4)
            y = LogSoftmax<axis = -1>(e)
        }""",
        {
            **{"w1": (2, 3, 1, 1), "w2": (3, 3, 5, 5), "w3": (6, 1, 3, 3), "w4": (5, 11), "b4": (5,)},
            **{"zero": np.array(0), "zeros": np.array([0]), "rest": np.array([-1])},
        },
    )


def hourglass() -> ModelProto:
    """Down and up again, with a gate of each channel; two outputs, one of classes in each place."""
    return build(
        """(float[n, 3, h, w] x) => (float[n, 4, h, w] y, int64[n, h, w] z) {
            c = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(x, w1)
            g = Gelu(c)
            d = AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(g)
            m = ReduceMean<keepdims = 1>(d, axes)
            k = Conv<kernel_shape = [1, 1]>(m, w2)
            s = HardSigmoid(k)
            q = Mul(d, s)
            u = ConvTranspose<kernel_shape = [2, 2], strides = [2, 2]>(q, w3)
            v = Resize<mode = "linear">(d, "", scales)
            a = Sub(u, v)
            y = Softmax<axis = 1>(a)
            z = ArgMax<axis = 1, keepdims = 0>(y)
        }""",
        {
            **{"w1": (4, 3, 3, 3), "w2": (4, 4, 1, 1), "w3": (4, 4, 2, 2)},
            **{"axes": np.array([2, 3]), "scales": np.array([1, 1, 2, 2], np.float32)},
        },
    )


MODELS = {"residual": residual, "inception": inception, "hourglass": hourglass}


@st.composite
def cuts(draw: st.DrawFn) -> str:
    """Any word, or two of them, with degrees that suit all these models."""
    words = ["serial", "batch", "channel", "filter", "height", "width", "spatial", "pipeline"]
    degrees = ["batch=2", "channel=2", "height=3", "width=2", "spatial=2x3", "filter=2x2", "pipeline=3"]
    hybrids = ["batch=2,channel=2", "spatial=2x2,channel=2", "batch,height=2", "pipeline=2,batch=2", "filter=2,width=2"]
    return draw(st.sampled_from([*words, *degrees, *hybrids]))


@given(data=st.data())
@settings(max_examples=60)
def test_cut_anyhow_a_model_gives_what_it_gives_whole(data: st.DataObject) -> None:
    model = MODELS[data.draw(st.sampled_from(sorted(MODELS)))]()
    rows, columns = (2 * data.draw(st.integers(6, 9)) for _ in range(2))
    x = images(data.draw(st.integers(2, 5)), 3, rows, columns)
    engine = data.draw(st.sampled_from(["onnxruntime", "numpy"]))
    same(model, {"x": x}, data.draw(cuts()), workers=data.draw(st.integers(1, 5)), engine=engine)


@pytest.mark.parametrize(("name", "tensors"), [("residual", "c n r d s a"), ("inception", "a b p c j g f e")])
def test_every_tensor_between_can_be_asked_for(name: str, tensors: str) -> None:
    model = MODELS[name]()
    same(model, {"x": images(3, 3, 12, 10)}, "spatial=2x2", outputs=tensors.split())
    assert list(load(model).resolve((3, 12, 10)).by_name) == [*tensors.split(), "y"]


def test_several_inputs_are_given_by_name() -> None:
    model = build(
        """(float[n, 3, h, w] left, float[n, 1, h, w] right) => (float[n, 2, h, w] sum, float[n, 1, h, w] least) {
            a = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(left, w1)
            b = Conv<kernel_shape = [1, 1]>(right, w2)
            sum = Add(a, b)
            l = ReduceMean<keepdims = 1>(left, axes)
            least = Min(l, right)
        }""",
        {"w1": (2, 3, 3, 3), "w2": (2, 1, 1, 1), "axes": np.array([1])},
    )
    feeds = {"left": images(4, 3, 8, 9), "right": images(4, 1, 8, 9, seed=1)}
    for chunks in ("serial", "batch=2", "spatial=2x2", "channel=2"):
        same(model, feeds, chunks)
        same(model, feeds, chunks, outputs=["least", "a"])


def test_an_input_can_be_an_output_and_a_node_can_read_a_tensor_twice() -> None:
    model = build(
        """(float[n, 2, 6, 6] x) => (float[n, 2, 6, 6] x, float[n, 4, 6, 6] y) {
            s = Mul(x, x)
            y = Concat<axis = 1>(s, s)
        }"""
    )
    same(model, {"x": images(3, 2, 6, 6)}, "height=2")


def test_functions_of_the_file_are_put_in_their_place() -> None:
    text = """(float[n, 3, 8, 8] x) => (float[n, 3, 8, 8] y) { y = own.twice(x) }
        <domain: "own", opset_import: ["" : 21]> twice (a) => (b) { b = Add(a, a) }"""
    model = build(text)
    model.opset_import.add(domain="own", version=1)
    same(model, {"x": images(2, 3, 8, 8)}, "channel=3")
