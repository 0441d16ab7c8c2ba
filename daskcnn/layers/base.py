"""What every kind of layer says of itself, so that a plan can cut it without knowing its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape, cut

AXES = ("batch", "channel", "height", "width")


def axes_of(ndim: int) -> tuple[str, ...]:
    """Names of a tensor's axes: a matrix has batch and channel (its features), an image stack all four.

    Further axes have no name that a partition knows: nothing is cut along them.
    """
    return *AXES[:ndim], *(f"axis{number}" for number in range(len(AXES), ndim))


class Op(ABC):
    """One kind of layer with its attributes; shapes count the batch axis.

    An op is cut by asking three things of a region of its output: which region of each input it needs
    (`needs`), which region of each parameter (`weights`), and which op turns just those into just that
    (`local`). Together they are the layer's access function, and every exchange follows from them.
    """

    cuts: ClassVar[frozenset[str]]
    """Axes along which the output can be cut with blocks that do not compute the same thing twice."""
    keeps: ClassVar[frozenset[str]] = frozenset()
    """Axes along which an element depends on those of its inputs with the same index alone."""
    leaves_rest: ClassVar[bool] = False
    """Whether rows behind those that it needs change nothing, as a window's that does not reach them."""

    def axes(self, ndim: int) -> tuple[str, ...]:
        """Names of the axes of an output of so many axes."""
        return axes_of(ndim)

    @abstractmethod
    def output_shape(self, *inputs: Shape) -> Shape:
        """Shape of the output from those of the inputs; UsageError where they do not fit."""

    @abstractmethod
    def operations(self, output: Shape, *inputs: Shape) -> int:
        """Floating-point operations for an output of that shape; a multiply-add counts as two."""

    @abstractmethod
    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """For each input the smallest region that holds all that this region of the output depends on."""

    def local(self, output: Region, *inputs: Shape) -> Op:
        """The op that computes this region of the output from the regions it needs."""
        return self

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Where to cut an axis of the output into so many blocks: evenly, but where the op has seams at those."""
        return cut(output[axis], parts)

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The region of each parameter that this region of the output depends on."""
        return {}

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Shape of each parameter."""
        return {}

    def output_dtype(self) -> str:
        """Name of the output's dtype."""
        return "float32"


def image_shape(op: Op, shape: Shape) -> Shape:
    """The shape of an op's input, where it is one of images; UsageError for any other."""
    if len(shape) != len(AXES):
        raise UsageError(f"{type(op).__name__} takes (batch, channel, height, width), not {shape}; reshape to 4 axes")
    return shape
