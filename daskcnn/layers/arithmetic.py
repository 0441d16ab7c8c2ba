"""Sums, products and the like of several tensors, or of tensors with a constant."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.layers.broadcast import broadcast, check_constant, part
from daskcnn.region import Region, Shape, shape_of


@dataclass(frozen=True)
class Arithmetic(Op):
    """An operation between elements in the same place; an operand with one element along an axis serves all.

    All inputs hold the same images, and have as many axes.

    Parameters
    ----------
    constant : tuple of int, optional
        Shape of the parameter `constant`, one more operand, the same for every image. Its axes are the last
        ones of the inputs: (1,) for a number, (channels, 1, 1) for a number a channel of an image.
    constant_first : bool
        Whether the constant stands before the inputs, as in 1 − x.
    """

    constant: Shape | None = None
    constant_first: bool = False

    cuts = frozenset(AXES)
    keeps = frozenset(AXES)
    operands: ClassVar[int | None] = 2
    """How many it takes; None for one or more."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """The inputs' shape, and along each axis the longest."""
        name, shapes = type(self).__name__.lower(), [*inputs, *self.weight_shapes().values()]
        if len(shapes) != (self.operands or len(shapes)) or not inputs:
            raise UsageError(f"{name} takes {self.operands or 'some'} operands, not {len(shapes)}; connect as many")
        if len({(len(shape), shape[0]) for shape in inputs}) > 1:
            listed = " and ".join(map(str, inputs))
            raise UsageError(f"{name} takes tensors of the same images with as many axes, not {listed}; reshape one")
        if self.constant is not None:
            check_constant("constant", self.constant, inputs[0])
        return broadcast(*shapes)

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """One an element between each operand and the next."""
        return math.prod(output) * (len(inputs) + len(self.weight_shapes()) - 1)

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same elements, of an axis of size 1 the one."""
        return tuple(part(output, shape) for shape in inputs)

    def local(self, output: Region, *inputs: Shape) -> Arithmetic:
        """The same with its own part of the constant."""
        return self if self.constant is None else replace(self, constant=shape_of(part(output, self.constant)))

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """The constant, if there is one."""
        return {} if self.constant is None else {"constant": self.constant}

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The constants of its own elements."""
        return {} if self.constant is None else {"constant": part(output, self.constant)}


@dataclass(frozen=True)
class Add(Arithmetic):
    """y = a + b."""


@dataclass(frozen=True)
class Sub(Arithmetic):
    """y = a − b."""


@dataclass(frozen=True)
class Mul(Arithmetic):
    """y = a·b."""


@dataclass(frozen=True)
class Div(Arithmetic):
    """y = a / b."""


@dataclass(frozen=True)
class Pow(Arithmetic):
    """y = a to the power of b."""


@dataclass(frozen=True)
class Sum(Arithmetic):
    """The sum of one or more operands."""

    operands = None


@dataclass(frozen=True)
class Max(Arithmetic):
    """The largest of one or more operands."""

    operands = None


@dataclass(frozen=True)
class Min(Arithmetic):
    """The smallest of one or more operands."""

    operands = None


@dataclass(frozen=True)
class Mean(Arithmetic):
    """The mean of one or more operands."""

    operands = None

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """The sum, and a division an element."""
        return super().operations(output, *inputs) + math.prod(output)
