"""From the nodes of an ONNX graph to a network, for images of a known shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from daskcnn.errors import UsageError, telling
from daskcnn.layers import Identity
from daskcnn.model import Model
from daskcnn.onnx.file import OnnxFile
from daskcnn.onnx.fold import FOLDED, READ, fold, shape_read
from daskcnn.onnx.layers import Layers
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators import OPERATORS
from daskcnn.onnx.tensor import Tensor, Value
from daskcnn.region import Shape


@dataclass(frozen=True)
class Traced:
    """A network, and how the tensors of the graph are called in it."""

    model: Model
    names: Mapping[str, str]
    """For each tensor the layer, or the input of the network, that makes it."""

    def same(self, other: Traced) -> bool:
        """Whether both are one network with the same parameters."""
        one, two = self.model.parameters, other.model.parameters
        return self.model == other.model and all(
            one[name] is two[name] or np.array_equal(one[name], two[name], equal_nan=True) for name in one
        )


def trace(file: OnnxFile, shapes: Mapping[str, Shape]) -> Traced:
    """Walk the nodes with tensors of these shapes.

    Parameters
    ----------
    file : OnnxFile
    shapes : mapping of str to Shape
        Of all its inputs, images counted.

    Raises
    ------
    UsageError
        What cannot be a network here, named by node, operator and attribute.
    """
    layers = Layers()
    values: dict[str, Value | None] = {"": None, **file.constants}
    values |= {name: layers.input(name, shape) for name, shape in shapes.items()}
    used = {name for node in file.nodes for name in node.input} | {*file.outputs}
    for proto in file.nodes:
        inputs = tuple(values[name] for name in proto.input)
        made = _evaluated(Node(proto, file.opset, inputs, tuple(name in used for name in proto.output), layers))
        values.update(zip(proto.output, made, strict=False))
    outputs = tuple(_output(name, values[name], layers) for name in file.outputs)
    layers.keep(outputs)
    return Traced(Model(file.name, layers.inputs, tuple(layers.layers), layers.parameters, outputs), layers.names)


def _evaluated(node: Node) -> tuple[Value | None, ...]:
    """What a node makes: arrays of what is known, or tensors of new layers."""
    first = node.inputs[0] if node.inputs else None
    if node.kind in READ and isinstance(first, Tensor):
        return (shape_read(node.proto, first.shape),)
    known = [value for value in node.inputs if not isinstance(value, Tensor)]
    if node.kind in FOLDED | READ and len(known) == len(node.inputs):
        return tuple(fold(node.proto, node.opset, known))
    if node.kind not in OPERATORS:
        raise UsageError(f"{node} is not supported on tensors computed from images; docs/onnx.md lists what is")
    try:
        with telling(UsageError, "it is malformed", "check the file with onnx.checker"):
            made = OPERATORS[node.kind](node)
    except UsageError as error:
        raise UsageError(f"{node}: {error}") from error
    return made if isinstance(made, tuple) else (made,)


def _output(name: str, value: Value | None, layers: Layers) -> str:
    """The layer of an output; one more where it is an input of the network as it is."""
    if not isinstance(value, Tensor):
        raise UsageError(f"output {name!r} is not computed from the images; leave it out")
    if value.layer in layers.inputs:
        return layers.add(Identity(), [value], {}, name, own=True).layer
    return value.layer
