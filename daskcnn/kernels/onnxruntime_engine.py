"""The fast engine: the steps as one ONNX model, in an ONNX Runtime session that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from onnx import NodeProto, helper, numpy_helper

from daskcnn.kernels.step import Array, Steps, Weights
from daskcnn.kernels.table import KERNELS
from daskcnn.layers import Conv2d

OPSET = 21
IR_VERSION = 10
FEWEST = 8
"""Output channels that make blocks worth while: with 8 to 16 they took 0.4 to 0.9 of the time, with 3 it was 1.5."""


class OnnxruntimeEngine:
    """Builds a session for each list of steps and input shape once, and keeps it with the weights."""

    name = "onnxruntime"

    def run(self, steps: Steps, weights: Weights, inputs: Sequence[Array]) -> Array:
        """The output of the last step."""
        images = tuple((x.shape[1:], x.dtype) for x in inputs)
        compiled = weights.compiled.get((steps, images))
        if compiled is None:
            compiled = weights.compiled[steps, images] = session(model(steps, weights, inputs), blocked=_blocked(steps))
        feeds = {f"x{i}": x for i, x in enumerate(inputs)}
        return np.asarray(compiled.run(None, feeds)[0])


def model(steps: Steps, weights: Weights, inputs: Sequence[Array]) -> onnx.ModelProto:
    """The steps as an ONNX model whose batch size is free."""
    nodes: list[NodeProto] = []
    for number, step in enumerate(steps, start=len(inputs)):
        names = [*(f"x{i}" for i in step.inputs), *map(_parameter, step.weights)]
        nodes += KERNELS[type(step.op)].nodes(step.op, names, f"x{number}")
    last = f"x{len(inputs) + len(steps) - 1}"
    graph = helper.make_graph(
        nodes,
        "block",
        [_value(f"x{i}", x.dtype, ("batch", *x.shape[1:])) for i, x in enumerate(inputs)],
        [_value(last, np.dtype(steps[-1].op.output_dtype()), None)],
        [numpy_helper.from_array(weights[name], _parameter(name)) for step in steps for name in step.weights],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _parameter(name: str) -> str:
    """What a parameter is called in the model, whatever the layer's name is: no tensor and no constant is called so."""
    return f"parameter {name}"


def _value(name: str, dtype: np.dtype[Any], shape: Sequence[str | int] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(dtype), shape)


def session(proto: onnx.ModelProto, threads: int = 1, *, blocked: bool = True) -> ort.InferenceSession:
    """A model, ready to run on so many threads; with the blocked layout of channels or without."""
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    if not blocked:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return ort.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _blocked(steps: Steps) -> bool:
    """Whether any convolution has channels enough to gain by the blocked layout, which fills them up to its blocks."""
    return any(isinstance(step.op, Conv2d) and step.op.channels >= FEWEST for step in steps)
