"""Resize of opset 10, which rounds one way where it shrinks and the other where it enlarges."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import helper

from daskcnn import load_onnx
from daskcnn.errors import UsageError


def model(height: float, width: float) -> bytes:
    """A model of opset 10 that resizes images by these scales."""
    scales = helper.make_tensor("scales", onnx.TensorProto.FLOAT, [4], [1, 1, height, width])
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Resize", ["x", "scales"], ["y"], mode="nearest")],
        "resize",
        [value("x", onnx.TensorProto.FLOAT, ["n", 2, 7, 9])],
        [value("y", onnx.TensorProto.FLOAT, None)],
        [scales],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=5)
    return bytes(made.SerializeToString())


@pytest.mark.parametrize(("height", "width"), [(0.6, 0.6), (1, 0.75), (0.5, 1), (1.7, 1.7), (2, 1), (1, 1)])
@pytest.mark.parametrize("chunks", ["serial", "spatial=2x2"])
def test_nearest_is_onnx_runtimes(height: float, width: float, chunks: str) -> None:
    x = np.arange(2 * 2 * 7 * 9, dtype=np.float32).reshape(2, 2, 7, 9)
    file = model(height, width)
    expected = ort.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    found = load_onnx(file)(x, chunks=chunks)
    assert not isinstance(found, tuple)
    np.testing.assert_array_equal(found.compute(scheduler="sync"), expected)


def test_one_way_for_height_and_the_other_for_width_is_refused() -> None:
    with pytest.raises(UsageError, match="shrink and enlarge"):
        load_onnx(model(0.5, 2)).resolve((2, 7, 9))
