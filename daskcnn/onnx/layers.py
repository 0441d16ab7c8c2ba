"""The layers that are made of the nodes of an ONNX graph, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from daskcnn.errors import UsageError
from daskcnn.layers import Op
from daskcnn.network import Layer
from daskcnn.onnx.external import Array
from daskcnn.onnx.tensor import Names, Tensor, layer_name
from daskcnn.region import Shape


class Layers:
    """Layers with their parameters, and how tensors of the graph are called among them."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.parameters: dict[str, Array] = {}
        self.inputs: dict[str, Shape] = {}
        """Shapes of images by the names of the network's inputs."""
        self.names: dict[str, str] = {}
        """For each tensor of the graph the layer, or the input of the network, that makes it."""
        self._names = Names()

    def input(self, name: str, shape: Shape) -> Tensor:
        """A tensor of images that the network is given."""
        own = self.names[name] = self._names.own(layer_name(name))
        self.inputs[own] = shape[1:]
        return Tensor(own, shape)

    def add(
        self, op: Op, tensors: Sequence[Tensor], parameters: Mapping[str, Array], name: str, *, own: bool = False
    ) -> Tensor:
        """A layer that makes the tensor of that name in the graph, or one of its own.

        Raises
        ------
        UsageError
            Tensors or parameters that do not fit the op.
        """
        shapes = [tensor.shape for tensor in tensors]
        shape = op.output_shape(*shapes)
        layer = self._names.own(layer_name(name))
        for parameter, expected in op.weight_shapes(*shapes).items():
            found = parameters[parameter]
            if found.shape != expected:
                raise UsageError(f"{parameter} of shape {found.shape} does not suit {shapes[0]}; use {expected}")
            self.parameters[f"{layer}.{parameter}"] = _floats(parameter, found)
        self.layers.append(Layer(layer, op, tuple(tensor.layer for tensor in tensors)))
        if not own:
            self.names[name] = layer
        return Tensor(layer, shape, op.output_dtype())

    def keep(self, outputs: Iterable[str]) -> None:
        """Forget the layers that these do not depend on, as those of which only the shape was asked."""
        needed = set(outputs)
        for layer in reversed(self.layers):
            needed |= set(layer.inputs) if layer.name in needed else set()
        self.layers = [layer for layer in self.layers if layer.name in needed]
        kept = needed | self.inputs.keys()
        self.names = {name: layer for name, layer in self.names.items() if layer in kept}
        self.parameters = {name: own for name, own in self.parameters.items() if name.rpartition(".")[0] in needed}


def _floats(name: str, array: Array) -> Array:
    """The array as float32; UsageError where it holds no numbers."""
    if array.dtype.kind not in "fiuV":
        raise UsageError(f"{name} is of type {array.dtype}; use floats")
    return np.ascontiguousarray(array, np.float32)
