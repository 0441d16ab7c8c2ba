"""One node of an ONNX graph, as the functions that turn it into layers see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onnx import NodeProto, defs, helper

from daskcnn.errors import UsageError
from daskcnn.layers import Identity, Op
from daskcnn.onnx.external import Array
from daskcnn.onnx.layers import Layers
from daskcnn.onnx.tensor import Tensor, Value
from daskcnn.region import Shape


@dataclass(frozen=True)
class Node:
    """A node with what it reads."""

    proto: NodeProto
    opset: int
    """Version of the operators."""
    inputs: tuple[Value | None, ...]
    """None for those that are left out."""
    used: tuple[bool, ...]
    """For each output whether anything reads it."""
    layers: Layers
    """Where its layers go."""

    @property
    def kind(self) -> str:
        """Name of the operator."""
        return self.proto.op_type

    def __str__(self) -> str:
        return f"{self.kind} {self.proto.name or self.proto.output[0]!r}"

    @cached_property
    def attributes(self) -> Mapping[str, Any]:
        """Those that are given, and the defaults of others; texts as str."""
        schema = defs.get_schema(self.kind, self.opset, "")
        own = [*(one.default_value for one in schema.attributes.values() if one.default_value.name)]
        return {one.name: _plain(helper.get_attribute_value(one)) for one in [*own, *self.proto.attribute]}

    def __getitem__(self, attribute: str) -> Any:
        return self.attributes[attribute]

    def ints(self, attribute: str, default: Sequence[int]) -> tuple[int, ...]:
        """An attribute of as many numbers as the default has; UsageError for another count."""
        found = tuple(self.attributes.get(attribute, default))
        if len(found) != len(default):
            raise UsageError(f"attribute {attribute}={found} has not {len(default)} numbers; use images of two axes")
        return found

    def only(self, attribute: str, *allowed: Any) -> None:
        """UsageError for an attribute with another value."""
        value = self.attributes.get(attribute, allowed[0])
        if value not in allowed:
            raise UsageError(f"attribute {attribute}={value} is not supported; use {' or '.join(map(str, allowed))}")

    def no_output(self, number: int, name: str) -> None:
        """UsageError where something reads an output that is not made."""
        if number < len(self.used) and self.used[number]:
            raise UsageError(f"output {name} is not supported; use the first output alone")

    @property
    def tensors(self) -> list[Tensor]:
        """All inputs, where all are tensors of floats."""
        return [self.tensor(number) for number in range(len(self.inputs))]

    def tensor(self, number: int = 0) -> Tensor:
        """An input that is computed from the images; UsageError for an array of the file, or one of integers."""
        value = self.inputs[number]
        if not isinstance(value, Tensor):
            raise UsageError(f"input {number} is not computed from the images; that is not supported")
        if value.dtype != "float32":
            raise UsageError(f"input {number} is of type {value.dtype}; use floats")
        return value

    def images(self, number: int = 0) -> Tensor:
        """An input of shape (batch, channels, height, width)."""
        tensor = self.tensor(number)
        if len(tensor.shape) != 4:
            raise UsageError(f"input {number} has shape {tensor.shape}; use (batch, channels, height, width)")
        return tensor

    def has(self, number: int) -> bool:
        """Whether an input is given."""
        return number < len(self.inputs) and self.inputs[number] is not None

    def array(self, number: int) -> Array:
        """An input that is known before any image; UsageError for one that is computed from them."""
        value = self.inputs[number]
        if isinstance(value, Tensor) or value is None:
            raise UsageError(f"input {number} is not a constant; only that is supported")
        return value

    def numbers(self, number: int, attribute: str) -> tuple[Any, ...] | None:
        """A list that is an input in newer versions and an attribute in older ones; None where it is neither."""
        if self.has(number):
            return tuple(self.array(number).ravel().tolist())
        value = self.attributes.get(attribute)
        return None if value is None else tuple(value)

    def layer(self, op: Op, *tensors: Tensor, **parameters: Array) -> Tensor:
        """The layer that makes the first output."""
        return self.layers.add(op, tensors, parameters, self.proto.output[0])

    def output(self, number: int, op: Op, *tensors: Tensor) -> Tensor:
        """The layer that makes another output."""
        return self.layers.add(op, tensors, {}, self.proto.output[number])

    def step(self, op: Op, *tensors: Tensor, **parameters: Array) -> Tensor:
        """A layer on the way to the first output."""
        return self.layers.add(op, tensors, parameters, f"{self.proto.output[0]}_{type(op).__name__.lower()}", own=True)

    def chain(self, tensor: Tensor, *ops: Op | None, **parameters: Array) -> Tensor:
        """Layers one after the other, the last of which makes the first output; parameters go to that which has any."""
        *before, last = [op for op in ops if op is not None] or [Identity()]
        for op in before:
            tensor = self.step(op, tensor, **_of(op, tensor.shape, parameters))
        return self.layer(last, tensor, **_of(last, tensor.shape, parameters))


def axis_of(axis: int, ndim: int) -> int:
    """An axis counted from the first; UsageError for that of the images, or none of the tensor.

    >>> axis_of(-1, 4)
    3
    """
    found = axis + ndim if axis < 0 else axis
    if not 0 < found < ndim:
        raise UsageError(f"axis {axis} of {ndim} is that of images, or none; only those behind the first are supported")
    return found


def _of(op: Op, shape: Shape, parameters: Mapping[str, Array]) -> dict[str, Array]:
    return {name: parameters[name] for name in op.weight_shapes(shape) if name in parameters}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    return tuple(value) if isinstance(value, list) else value
