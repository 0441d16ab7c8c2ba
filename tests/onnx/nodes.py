"""The node tests of the onnx package, as models that read images."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, numpy_helper
from onnx.backend.test.case.test_case import TestCase
from onnx.backend.test.loader import load_node_model_tests

from daskcnn.onnx.operators import OPERATORS
from tests.onnx.left_out import FIRST_OUTPUT, matches

Array = NDArray[Any]
PREFIX = "test_"
KNOWN = {"Constant", "ConstantOfShape"}
"""Operators that only make arrays, which nodes of others may read."""
OF_IMAGES = {
    **dict.fromkeys(("Add", "Concat", "Div", "Max", "Mean", "Min", "Mul", "Pow", "Sub", "Sum", "Swish"), "*"),
    "Gemm": "a c",
}
"""Inputs that are computed from images, where it is not the first alone; the others are constants."""


@dataclass(frozen=True)
class NodeTest:
    """A node test: a model, what it is given and what it must give."""

    name: str
    kind: str
    """The operator."""
    model: ModelProto
    images: Mapping[str, Array]
    expected: tuple[Array, ...]
    rtol: float


@cache
def node_tests() -> dict[str, NodeTest]:
    """Those of which every operator is supported, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = load_node_model_tests()
    known = OPERATORS.keys() | KNOWN
    of_ours = (case for case in cases if case.model and {node.op_type for node in case.model.graph.node} <= known)
    found = [_node_test(case) for case in of_ours]
    return {test.name: test for test in found}


def _node_test(case: TestCase) -> NodeTest:
    """The case with all but its images as constants of the model."""
    assert case.model is not None and case.data_sets is not None
    name, (inputs, outputs) = case.name.removeprefix(PREFIX), case.data_sets[0]
    model = ModelProto()
    model.CopyFrom(case.model)
    kind = next((node.op_type for node in model.graph.node if node.op_type not in KNOWN), "Constant")
    given = {value.name: _array(data) for value, data in zip(model.graph.input, inputs, strict=True)}
    images = {own: value for own, value in given.items() if _is_images(kind, own, value, given)}
    constants = [numpy_helper.from_array(value, own) for own, value in given.items() if own not in images]
    model.graph.initializer.extend(constants)
    if matches(name, FIRST_OUTPUT):
        del model.graph.output[1:]
    expected = tuple(map(_array, outputs[: len(model.graph.output)]))
    return NodeTest(name, kind, model, images, expected, case.rtol)


def _array(data: Any) -> Any:
    """What a test is given or must give, as an array if it can be one."""
    if isinstance(data, TensorProto):
        return numpy_helper.to_array(data)
    return np.asarray(data) if isinstance(data, np.generic) else data


def _is_images(kind: str, name: str, value: Any, given: Mapping[str, Any]) -> bool:
    """Whether an input is computed from images: the first, and others of as many axes in the place of images."""
    first_name, first = next(iter(given.items()))
    if name == first_name or not isinstance(value, np.ndarray):
        return True
    of_images = OF_IMAGES.get(kind, "")
    alike = value.dtype.kind == "f" and (value.ndim, value.shape[:1]) == (first.ndim, first.shape[:1])
    return alike and (of_images == "*" or name in of_images.split())
