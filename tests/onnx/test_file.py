"""Files that are damaged, hostile or of another kind: a line says so, before anything runs."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper

from daskcnn.errors import UsageError
from daskcnn.onnx import load_onnx
from tests.onnx.models import build, images, load

GRAPH = "(float[n, 2, 6, 6] x) => (float[n, 5] y) { c = Conv(x, w) f = Flatten(c) y = Gemm(f, v, b) }"
WEIGHTS = {"w": (3, 2, 3, 3), "v": (48, 5), "b": (5,)}


def whole() -> ModelProto:
    """A model that loads."""
    return build(GRAPH, WEIGHTS)


def use(content: bytes | Path | str) -> None:
    """All that can be asked of a model without computing."""
    load_onnx(content)(images(2, 2, 6, 6), "channel=2", workers=2)


def test_a_whole_file_is_taken() -> None:
    use(whole().SerializeToString())


@given(data=st.data())
@settings(max_examples=150)
def test_a_damaged_file_is_refused_or_of_another_network(data: st.DataObject) -> None:
    content = bytearray(whole().SerializeToString())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        use(bytes(content))
    except UsageError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"not a model at all", b"\x80\x04\x95\x0b", b"\0" * 100]
)
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"model: no whole ONNX model|model has version 0 of the operators"):
        load_onnx(content)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.onnx", tmp_path):
        with pytest.raises(UsageError, match=r"cannot be read \(.*\); give the path of an \.onnx file"):
            load_onnx(str(path))


def changed(change: Callable[[ModelProto], object]) -> bytes:
    """The model with a change."""
    model = whole()
    change(model)
    content: bytes = model.SerializeToString()
    return content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda m: m.graph.initializer[0].dims.__setitem__(0, -3),
            r"tensor 'w' has a negative size in \(-3, 2, 3, 3\)",
        ),
        (lambda m: m.graph.initializer[0].dims.__setitem__(0, 1 << 40), "tensor 'w' is damaged"),
        (lambda m: m.graph.initializer[0].ClearField("raw_data"), "tensor 'w' is damaged"),
        (lambda m: m.graph.initializer.__delitem__(0), "no whole ONNX model"),
        (lambda m: m.graph.node[0].ClearField("input"), "no whole ONNX model"),
        (lambda m: m.graph.node[1].output.__setitem__(0, "c"), "no whole ONNX model"),
        (lambda m: m.graph.node[0].input.__setitem__(1, "y"), "no whole ONNX model"),
        (lambda m: m.graph.ClearField("output"), "model reads no images"),
        (lambda m: m.graph.node[0].attribute.append(helper.make_attribute("color", 3)), "no whole ONNX model"),
        (
            lambda m: m.graph.node[0].attribute.append(helper.make_attribute("pads", [1, 1])),
            r"Conv 'c': attribute pads",
        ),
        (lambda m: m.graph.node[0].attribute.append(helper.make_attribute("group", 0)), "Conv 'c': groups=0"),
        (lambda m: m.graph.node[0].attribute.append(helper.make_attribute("strides", [0, 1])), "Conv 'c': .*stride"),
        (lambda m: m.graph.node[0].attribute.append(helper.make_attribute("auto_pad", "LEFT")), "auto_pad=LEFT"),
        (lambda m: m.ClearField("opset_import"), "version 0 of the operators"),
        (lambda m: m.opset_import[0].__setattr__("version", 6), "version 6 of the operators; convert it"),
        (lambda m: m.opset_import[0].__setattr__("version", 99), "version 99 of the operators"),
        (
            lambda m: m.graph.input[0].type.tensor_type.ClearField("shape"),
            "no whole ONNX model",
        ),
        (
            lambda m: m.graph.input[0].type.tensor_type.__setattr__("elem_type", TensorProto.INT8),
            "input 'x' is of type INT8",
        ),
        (lambda m: m.graph.sparse_initializer.add(), "model has sparse tensors"),
    ],
)
def test_what_makes_no_sense_is_told(change: Callable[[ModelProto], object], told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        use(changed(change))
    assert "\n" not in str(refused.value)


def test_names_with_anything_in_them_stay_in_one_line_and_in_their_place() -> None:
    model = whole()
    model.graph.node[0].output[0] = model.graph.node[1].input[0] = "a\n-b.weights\x1b[31m"
    net = load_onnx(model.SerializeToString())
    assert list(net.resolve((2, 6, 6)).by_name) == ["a_b_weights_31m", "f", "y"]
    found = net(images(2, 2, 6, 6), outputs=["a\n-b.weights\x1b[31m"])
    assert not isinstance(found, tuple)
    assert found.shape == (2, 3, 4, 4)
    model.graph.node[0].attribute.append(helper.make_attribute("pads", [-1, 0, 0, 0]))
    with pytest.raises(UsageError, match=r"Conv 'a\\n-b.weights.x1b\[31m': attribute pads"):
        use(model.SerializeToString())


def test_a_small_file_cannot_ask_for_more_memory_than_there_is() -> None:
    sizes = {"s": np.array([1 << 20, 1 << 20])}
    graph = "(float[n, 4] x) => (float[n, 4] y) { c = ConstantOfShape(s) y = Add(x, c) }"
    tracemalloc.start()
    with pytest.raises(UsageError, match="ConstantOfShape 'c' of known arrays is larger than 134,217,728 elements"):
        load(build(graph, sizes)).resolve()
    wide = "(float[n, 4] x) => (float[n, 4] y) { t = Transpose(s) c = Mul(s, t) y = Add(x, c) }"
    with pytest.raises(UsageError, match="Mul 'c' of known arrays is larger"):
        load(build(wide, {"s": np.ones((1, 20_000), np.float32)})).resolve()
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_functions_that_call_themselves_or_come_to_too_many_nodes_are_refused() -> None:
    def function(name: str, body: str) -> str:
        return f'<domain: "own", opset_import: ["": 21, "own": 1]> {name} (a) => (b) {{ {body} }}'

    main = "(float[n, 3] x) => (float[n, 3] y) { y = own.f30(x) }"
    twice = [function(f"f{n}", f"c = own.f{n - 1}(a) b = own.f{n - 1}(c)") for n in range(30, 0, -1)]
    for functions, told in (
        ([*twice, function("f0", "b = Relu(a)")], "more than 100,000 nodes with its functions in their place"),
        ([function("f30", "b = own.f30(a)")], "no whole ONNX model"),
    ):
        model = build("\n".join([main, *functions]))
        model.opset_import.add(domain="own", version=1)
        with pytest.raises(UsageError, match=told):
            load(model)
