"""What is known before any image is: the nodes of a graph that work on arrays of the file, and on shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TypeProto, defs, helper, numpy_helper, shape_inference
from onnx.reference import ReferenceEvaluator

from daskcnn.errors import UsageError, telling
from daskcnn.onnx.external import Array
from daskcnn.region import Shape

READ = frozenset({"Shape", "Size"})
"""Operators that ask for no more of a tensor than its shape."""
FOLDED = frozenset(
    {
        *("Constant", "ConstantOfShape", "Range", "Expand", "Identity", "Cast", "CastLike"),
        *("Gather", "Slice", "Split", "Concat", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Tile"),
        *("Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max", "Sum", "Mean", "Clip"),
        *("Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Sqrt", "Exp", "Log", "Reciprocal"),
        *("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Not", "Where"),
        *("ReduceProd", "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2"),
    }
)
"""Operators that are worked out where all that they read is known."""
LIMIT = 1 << 27
"""Elements of what is worked out: a small file may ask for more than any memory holds."""


def fold(node: NodeProto, opset: int, inputs: Sequence[Array | None]) -> list[Array]:
    """The outputs of a node of known inputs, by the evaluator of the onnx package.

    Raises
    ------
    UsageError
        The node makes no sense, or more than `LIMIT` elements.
    """
    what = f"{node.op_type} {node.name or node.output[0]!r} of known arrays"
    with (
        telling(UsageError, f"{what} cannot be worked out", "check the file with onnx.checker"),
        np.errstate(all="ignore"),
    ):
        named = {name: array for name, array in zip(node.input, inputs, strict=True) if array is not None}
        sizes = _sizes(node, opset, named)
        if sizes is None or sum(map(math.prod, sizes)) > LIMIT:
            raise UsageError(f"{what} is larger than {LIMIT:,} elements; simplify the file first, as with onnxsim")
        return [np.asarray(array) for array in _evaluate(node, opset, named)]


def shape_read(node: NodeProto, shape: Shape) -> Array:
    """What Shape or Size says of a tensor.

    >>> shape_read(helper.make_node("Shape", ["x"], ["y"], start=1), (10, 3, 28, 28))
    array([ 3, 28, 28])
    """
    if node.op_type == "Size":
        return np.array(math.prod(shape), np.int64)
    ends = {attribute.name: attribute.i for attribute in node.attribute}
    return np.array(shape[ends.get("start", 0) : ends.get("end", len(shape))], np.int64)


def _sizes(node: NodeProto, opset: int, named: dict[str, Array]) -> list[Shape] | None:
    """Shapes of the outputs by inference, without any value of them; None where they cannot be told."""
    schema = defs.get_schema(node.op_type, opset, "")
    types = {name: helper.make_tensor_type_proto(_kind(array), array.shape) for name, array in named.items()}
    data = {name: numpy_helper.from_array(array, name) for name, array in named.items() if array.ndim < 2}
    found: dict[str, TypeProto] = shape_inference.infer_node_outputs(
        schema, node, types, data, opset_imports=[helper.make_opsetid("", opset)]
    )
    shapes = [found[name].tensor_type.shape.dim for name in node.output if name]
    if not all(dim.HasField("dim_value") for dims in shapes for dim in dims):
        return None
    return [tuple(dim.dim_value for dim in dims) for dims in shapes]


def _evaluate(node: NodeProto, opset: int, named: dict[str, Array]) -> list[Any]:
    graph = helper.make_graph(
        [node],
        "known",
        [helper.make_tensor_value_info(name, _kind(array), array.shape) for name, array in named.items()],
        [helper.make_empty_tensor_value_info(name) for name in node.output if name],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    return list(ReferenceEvaluator(model).run(None, named))


def _kind(array: Array) -> int:
    return int(helper.np_dtype_to_tensor_dtype(array.dtype))
