"""What is not supported is refused before anything runs, by node, operator and attribute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from daskcnn.errors import UsageError
from tests.onnx.models import build, load

WEIGHTS: dict[str, Any] = {
    **{"w": (4, 3, 3, 3), "t": (3, 2, 3, 3), "v": (7, 5), "rows": (2, 5), "lists": (2, 3, 6, 7)},
    **{"k": np.array([1, 2, 3], np.float32), "axis": np.array([0]), "two": np.array([2]), "on": np.array(True)},
    **{"pads": np.array([1, 0, 0, 0, 0, 0, 0, 0]), "channels": np.array([1, 2, 2, 2], np.float32)},
    **{"sizes": np.array([2, 3, 9, 9]), "none": np.array([], np.float32), "ends": np.array([1, 9])},
    **{"flat": np.array([-1, 7]), "one": np.array([1, -1]), "starts": np.array([0, 5]), "axes": np.array([0, 3])},
    **{"back": np.array([-1, -1]), "odd": np.array([2, 2]), "ninth": np.array([1, 1, 0.6, 2], np.float32)},
}


@pytest.mark.parametrize(
    ("node", "told", "opset"),
    [
        ('Einsum<equation = "nchw->nc">(x)', r"Einsum 'y' is not supported; docs/onnx.md lists what is", 21),
        ("own.Relu(x)", r"own.Relu 'y' is not supported", 21),
        ("QuantizeLinear(x, k, k)", r"QuantizeLinear 'y' is not supported", 21),
        ("Expand(x, sizes)", r"Expand 'y' is not supported on tensors computed from images", 21),
        ("Conv(x, x)", r"Conv 'y': input 1 is not a constant", 21),
        ("Conv<kernel_shape = [2, 2]>(x, w)", r"Conv 'y': attribute kernel_shape=\(2, 2\) is not that of weight", 21),
        ("Conv<group = 2>(x, w)", r"Conv 'y': groups=2 does not divide 3 input", 21),
        ("Conv(x, t)", r"Conv 'y': weight of shape \(3, 2, 3, 3\) does not suit .*; use \(3, 3, 3, 3\)", 21),
        ("Conv<pads = [-1, 0, 0, 0]>(x, w)", r"Conv 'y': attribute pads=\(-1, 0, 0, 0\) is not supported; use 0", 21),
        ("Conv(w, x)", r"Conv 'y': input 0 is not computed from the images", 21),
        ("MaxPool<kernel_shape = [2, 2], pads = [2, 0, 0, 0]>(x)", r"MaxPool 'y': padding \(2, 0, 0, 0\)", 21),
        (
            'MaxPool<kernel_shape = [2, 2], ceil_mode = 1, auto_pad = "VALID">(x)',
            r"MaxPool 'y': attribute ceil_mode=1 with auto_pad=VALID is not supported; use pads",
            21,
        ),
        ("BatchNormalization<training_mode = 1>(x, k, k, k, k)", r"attribute training_mode=1 is not supported", 15),
        ("BatchNormalization<spatial = 0>(x, k, k, k, k)", r"attribute spatial=0 is not supported; use 1", 8),
        ("BatchNormalization(x, k, k, k, v)", r"BatchNormalization 'y': variance of shape \(7, 5\)", 15),
        ("Dropout(x, two, on)", r"Dropout 'y': input training_mode=True is not supported", 13),
        ("Clip(x, x)", r"Clip 'y': input 1 is not a constant", 13),
        ("Cast<to = 7>(x)", r"Cast 'y': attribute to=7 is not supported; use 1 or 10 or 11 or 16", 21),
        ("Gemm<transA = 1>(f, v)", r"Gemm 'y': attribute transA=1 is not supported; use 0", 21),
        ("Gemm(f, v, rows)", r"Gemm 'y': input 2 of shape \(2, 5\) is not the same for each image; use \(5,\)", 21),
        ("Gemm(v, f)", r"Gemm 'y': input 1 is not a constant", 21),
        ("MatMul(x, x)", r"MatMul 'y': input 1 is not a constant", 21),
        ("MatMul(x, w)", r"MatMul 'y': .* times .* is not supported; use 2 to 4 axes times a matrix", 21),
        ("Add(x, f)", r"Add 'y': add takes tensors of the same images with as many axes", 21),
        ("Add(x, lists)", r"Add 'y': constant of shape \(2, 3, 6, 7\) cannot be the same for each image", 21),
        ("Sum(x, k, k)", r"Sum 'y': 2 constants are not supported; make them one", 21),
        ("Concat<axis = 0>(x, x)", r"Concat 'y': axis 0 of 4 is that of images, or none", 21),
        ("Concat<axis = 1>(x, lists)", r"Concat 'y': input 1 is not computed from the images", 21),
        ("Split<axis = 0, num_outputs = 1>(x)", r"Split 'y': axis 0 of 4 is that of images", 21),
        ("Slice(x, starts, ends, axes)", r"Slice 'y': axis 0 of 4 is that of images", 21),
        ("Slice(x, starts, ends, axes, back)", r"Slice 'y': axis 0 of 4 is that of images", 21),
        ("Slice(x, starts, ends, odd)", r"Slice 'y': axes \(2, 2\) name one twice", 21),
        ("Flatten<axis = 2>(x)", r"Flatten 'y': attribute axis=2 makes 6 rows of \(2, 3, 6, 7\)", 21),
        ("Reshape(x, flat)", r"Reshape 'y': \(2, 3, 6, 7\) as \(36, 7\) is not supported; keep the 2 images first", 21),
        ("Reshape(x, one)", r"Reshape 'y': \(2, 3, 6, 7\) as \(1, 252\) is not supported", 21),
        ("Transpose(x)", r"Transpose 'y': attribute perm=\(3, 2, 1, 0\) is not supported", 21),
        ("Unsqueeze(x, axis)", r"Unsqueeze 'y': axis 0 of 5 is that of images", 21),
        ("Softmax<axis = 0>(x)", r"Softmax 'y': axis 0 of 4 is that of images", 21),
        ("ArgMax<axis = 0>(x)", r"ArgMax 'y': axis 0 of 4 is that of images", 21),
        ("ArgMax<axis = 1, select_last_index = 1>(x)", r"attribute select_last_index=1 is not supported; use 0", 21),
        ("Relu(z)", r"Relu 'y': input 0 is of type int64; use floats", 21),
        ("ReduceMean(x, axis)", r"ReduceMean 'y': axis 0 of 4 is that of images", 21),
        ("ReduceMean(x)", r"ReduceMean 'y': axis 0 of 4 is that of images", 21),
        ("Pad(x, pads)", r"Pad 'y': pads \(1, 0\) along axis 0 are not supported", 21),
        ("Pad(x, two)", r"Pad 'y': pads \(2,\) do not suit axes", 21),
        ('Resize<mode = "cubic">(x, "", channels)', r"Resize 'y': attribute mode=cubic is not supported", 21),
        ('Resize<antialias = 1>(x, "", channels)', r"Resize 'y': attribute antialias=1 is not supported", 21),
        ('Resize(x, "", channels)', r"Resize 'y': .* changes the images' number or channels", 21),
        (
            'Resize<mode = "linear", coordinate_transformation_mode = "align_corners">(x, "", ninth)',
            r"Resize 'y': scales .* of \(2, 3, 6, 7\) to no whole size with align_corners mean two things; use sizes",
            21,
        ),
        ("LRN<size = 3>(f)", r"LRN 'y': input 0 has shape \(2, 126\); use \(batch, channels, height, width\)", 21),
        ("LRN<size = 0>(x)", r"LRN 'y': a kernel's size is 0", 21),
    ],
)
def test_by_node_operator_and_attribute(node: str, told: str, opset: int) -> None:
    graph = f"""(float[2, 3, 6, 7] x) => (float y) {{
        f = Flatten(x)
        z = ArgMax<axis = 1>(x)
        y = {node}
    }}"""
    model = build(graph, WEIGHTS, opset=opset)
    with pytest.raises(UsageError, match=told) as refused:
        load(model).resolve()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ("y, z = MaxPool<kernel_shape = [2, 2]>(x)", "MaxPool 'y': output Indices is not supported"),
        ("y, z = Dropout(x)", "Dropout 'y': output mask is not supported"),
        ("y, z = LayerNormalization(x, s)", "LayerNormalization 'y': output Mean is not supported"),
        (
            "y, z = Split<axis = 1, num_outputs = 2>(x)",
            r"Split 'y': sizes \(1,\) do not make 2 outputs of the 1 along axis 1",
        ),
    ],
)
def test_outputs_that_are_not_made(node: str, told: str) -> None:
    model = build(f"(float[n, 1, 6, 7] x) => (float y, float z) {{ {node} }}", {"s": (7,)})
    with pytest.raises(UsageError, match=told):
        load(model).resolve()


def test_control_flow_is_refused() -> None:
    graph = """(float[n, 4] x) => (float[n, 4] y) {
        y = If(on) <then_branch = one () => (float[n, 4] a) { a = Relu(x) },
                    else_branch = two () => (float[n, 4] b) { b = Neg(x) }>
    }"""
    with pytest.raises(UsageError, match="If 'y' is not supported"):
        load(build(graph, {"on": np.array(True)}))


def test_what_no_output_depends_on_may_be_anything() -> None:
    graph = '(float[n, 4] x) => (float[n, 4] y) { y = Relu(x) z = Einsum<equation = "nc->c">(x) s = NonZero(x) }'
    assert list(load(build(graph)).resolve().by_name) == ["y"]
