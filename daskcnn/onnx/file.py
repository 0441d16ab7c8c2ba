"""An ONNX file, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, ValueInfoProto, helper, inliner, numpy_helper

from daskcnn.errors import UsageError, reason, telling
from daskcnn.onnx.external import Array, array
from daskcnn.onnx.fold import FOLDED, READ
from daskcnn.onnx.operators import OPERATORS

OPSETS = (7, 28)
"""The first and the last version of the operators that is known here."""
DOMAINS = ("", "ai.onnx")
MOST_NODES = 100_000
"""Once the functions of a file are put where they are called."""
Dims = tuple[int | str, ...]
"""Sizes of a tensor: known ones as numbers, others by name or as `?`."""


@dataclass(frozen=True)
class OnnxFile:
    """What a file says, without its arrays' bytes."""

    name: str
    opset: int
    inputs: dict[str, ValueInfoProto]
    """Those that are not arrays of the file, and that the outputs depend on."""
    outputs: tuple[str, ...]
    nodes: tuple[NodeProto, ...] = field(repr=False)
    """In order, those that the outputs depend on."""
    constants: dict[str, Array] = field(repr=False)


def read(source: str | Path | bytes) -> OnnxFile:
    """Read a file from a path, or from the bytes of one.

    Raises
    ------
    UsageError
        What cannot be read, is malformed, or has an operator that is not supported.
    """
    path = None if isinstance(source, bytes) else Path(source)
    name = path.stem if path and path.stem.isprintable() else "model"
    content = source if isinstance(source, bytes) else _content(Path(source))
    with telling(UsageError, f"{name}: no whole ONNX model", "give an .onnx file"):
        model = onnx.load_model_from_string(content)
        model = _inlined(name, model) if model.functions else model
        return _checked(name, model, path.parent if path else None)


def _inlined(name: str, model: ModelProto) -> ModelProto:
    """The model with its own functions put where they are called: few may come to more nodes than memory holds."""
    bodies = {(function.domain, function.name): function.node for function in model.functions}
    sizes: dict[tuple[str, str], int] = {}

    def size(node: NodeProto) -> int:
        key = node.domain, node.op_type
        if key in bodies and key not in sizes:
            # One that calls itself is told by the inliner.
            sizes[key] = 1
            sizes[key] = sum(map(size, bodies[key]))
        return sizes.get(key, 1)

    if sum(map(size, model.graph.node)) > MOST_NODES:
        raise UsageError(f"{name} has more than {MOST_NODES:,} nodes with its functions in their place; simplify it")
    return inliner.inline_local_functions(model)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({reason(error)}); give the path of an .onnx file") from error


def _checked(name: str, model: ModelProto, folder: Path | None) -> OnnxFile:
    graph = model.graph
    opset = next((own.version for own in model.opset_import if own.domain in DOMAINS), 0)
    if not OPSETS[0] <= opset <= OPSETS[1]:
        raise UsageError(
            f"{name} has version {opset} of the operators; convert it to one from {OPSETS[0]} to {OPSETS[1]} with "
            "onnx.version_converter"
        )
    if graph.sparse_initializer:
        raise UsageError(f"{name} has sparse tensors; store them dense")
    outputs = tuple(dict.fromkeys(output.name for output in graph.output))
    nodes, needed = _needed(graph, outputs)
    for node in nodes:
        _check_known(node)
    for attribute in (own for node in nodes for own in node.attribute if own.type == AttributeProto.TENSOR):
        attribute.t.CopyFrom(numpy_helper.from_array(array(attribute.t, folder), attribute.t.name))
    constants = {tensor.name: array(tensor, folder) for tensor in graph.initializer if tensor.name in needed}
    _check_form(model, constants)
    inputs = {value.name: value for value in graph.input if value.name in needed and value.name not in constants}
    return OnnxFile(name, opset, inputs, outputs, nodes, constants)


def _needed(graph: GraphProto, outputs: Sequence[str]) -> tuple[tuple[NodeProto, ...], set[str]]:
    """The nodes that some tensors depend on, in order, and all the tensors that they read."""
    needed = set(outputs)
    nodes: list[NodeProto] = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(node.input)
    return tuple(reversed(nodes)), needed


def _check_known(node: NodeProto) -> None:
    """UsageError for an operator that is not supported, before anything else is looked at."""
    kind = node.op_type if node.domain in DOMAINS else f"{node.domain}.{node.op_type}"
    if kind not in OPERATORS and kind not in FOLDED and kind not in READ:
        raise UsageError(f"{kind} {node.name or node.output[0]!r} is not supported; docs/onnx.md lists what is")


def _check_form(model: ModelProto, constants: dict[str, Array]) -> None:
    """UsageError where the file is not well-formed; its arrays, which are read already, are taken for inputs."""
    named = {value.name for value in model.graph.input}
    model.graph.input.extend(
        helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
        for tensor in model.graph.initializer
        if tensor.name not in named
    )
    model.graph.ClearField("initializer")
    for output in model.graph.output:
        # An output's shape follows from the images; a file need not say it.
        output.type.tensor_type.shape.SetInParent()
    onnx.checker.check_model(model)
