"""Small ONNX models, and what ONNX Runtime makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime as ort
from dask.base import compute
from numpy.typing import NDArray
from onnx import ModelProto, ValueInfoProto, numpy_helper, parser

from daskcnn.onnx import OnnxModel, load_onnx
from daskcnn.region import Shape

Array = NDArray[Any]
IR_VERSION = 10
NEAR = 1e-4
"""Of the scale of a tensor."""


def build(graph: str, weights: Mapping[str, Shape | Array] | None = None, *, opset: int = 21) -> ModelProto:
    """A model in the onnx package's own notation, with weights of its own.

    Parameters
    ----------
    graph : str
        As in `(float[n, 3, h, w] x) => (float[n, 3, h, w] y) { y = Relu(x) }`.
    weights : mapping of str to array, or to shape, optional
        A shape is filled with small random numbers.
    opset : int
    """
    model = parser.parse_model(f'<ir_version: {IR_VERSION}, opset_import: ["": {opset}]> net {graph}')
    random = np.random.default_rng(0)
    for name, own in (weights or {}).items():
        values = own if isinstance(own, np.ndarray) else (random.normal(size=own) / 3).astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, name))
    return model


def images(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Random images."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def load(model: ModelProto) -> OnnxModel:
    """The model, loaded from its bytes."""
    return load_onnx(model.SerializeToString())


def expected(model: ModelProto, feeds: Mapping[str, Array], outputs: Sequence[str] = ()) -> list[Array]:
    """What ONNX Runtime gives, of tensors between the nodes too."""
    shown = ModelProto()
    shown.CopyFrom(model)
    known = {value.name for value in shown.graph.output}
    shown.graph.output.extend(ValueInfoProto(name=name) for name in outputs if name not in known)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(shown.SerializeToString(), options, providers=["CPUExecutionProvider"])
    wanted = list(outputs) or [value.name for value in model.graph.output]
    return [np.asarray(array) for array in session.run(wanted, dict(feeds))]


def same(
    model: ModelProto,
    feeds: Mapping[str, Array],
    chunks: str = "serial",
    *,
    outputs: Sequence[str] = (),
    workers: int = 4,
    engine: str = "onnxruntime",
) -> None:
    """The model cut so gives what ONNX Runtime makes of it whole."""
    found: Any = load(model)(feeds, chunks, outputs=outputs, workers=workers, engine=engine)
    lazy = found if isinstance(found, tuple) else (found,)
    arrays = compute(*lazy, scheduler="sync")
    for own, array, right in zip(lazy, arrays, expected(model, feeds, outputs), strict=True):
        assert array.shape == right.shape == own.shape, f"{chunks}: {array.shape}, not {right.shape}"
        assert array.dtype == right.dtype == own.dtype, f"{chunks}: {array.dtype}, not {right.dtype}"
        near = NEAR * np.abs(right[np.isfinite(right)]).max(initial=1e-2)
        np.testing.assert_allclose(array, right, rtol=0, atol=near, err_msg=chunks)
