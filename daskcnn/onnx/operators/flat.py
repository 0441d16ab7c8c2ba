"""Images of one or three axes as images of two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers import Op, Reshape
from daskcnn.layers.window import Padding, Pair
from daskcnn.onnx.external import Array
from daskcnn.onnx.node import Node
from daskcnn.onnx.operators.padding import Ends
from daskcnn.onnx.tensor import Tensor
from daskcnn.region import Shape


@dataclass(frozen=True)
class Flat:
    """Which axes of an image are its rows and columns: those before count as channels, those behind as one."""

    image: Shape
    """Channels, and the sizes of the axes."""
    rows: int
    columns: int | None
    """None where none of the axes behind the rows is moved along."""

    @classmethod
    def of(cls, image: Shape, moved: Sequence[bool]) -> Flat:
        """For a kernel that moves along these axes; UsageError where they are too many, or not side by side.

        >>> Flat.of((8, 5, 28, 28), (True, False, False)).shape
        (8, 5, 784)
        """
        axes = [axis for axis, along in enumerate(moved) if along] or [0]
        last = len(moved) - 1
        if len(moved) == 2:
            return cls(image, 0, 1)
        if len(axes) == 1:
            return cls(image, axes[0], None)
        if axes == [last - 1, last]:
            return cls(image, last - 1, last)
        raise UsageError(
            f"a kernel along {len(axes)} axes of images of {image} is not supported; use two-dimensional ones"
        )

    @property
    def shape(self) -> Shape:
        """Channels, rows and columns."""
        channels = math.prod(self.image[: self.rows + 1])
        return channels, self.image[self.rows + 1], math.prod(self.image[self.rows + 2 :])

    def pair(self, values: Sequence[int], other: int = 1) -> Pair:
        """Of values for each axis those along rows and columns; another value along axes that are none's."""
        return values[self.rows], other if self.columns is None else values[self.columns]

    def padding(self, ends: Ends) -> Padding:
        """The padding of rows and columns."""
        (top, bottom), (left, right) = ends[self.rows], (0, 0) if self.columns is None else ends[self.columns]
        return top, left, bottom, right

    def layer(self, node: Node, tensor: Tensor, op: Op, **parameters: Array) -> Tensor:
        """A layer of images of two axes, on those of any number."""
        if len(self.image) == 3:
            return node.layer(op, tensor, **parameters)
        _, channels, *image = op.output_shape((1, *self.shape))
        sizes = [*self.image]
        sizes[0] = channels if self.rows == 0 else self.image[0]
        sizes[self.rows + 1] = image[0]
        if self.columns is not None:
            sizes[self.columns + 1] = image[1]
        return node.chain(tensor, Reshape(self.shape), op, Reshape(tuple(sizes)), **parameters)
