"""Rectified linear unit with a trained slope."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.broadcast import broadcast, check_constant, part
from daskcnn.layers.elementwise import Elementwise
from daskcnn.region import Region, Shape, shape_of


@dataclass(frozen=True)
class PRelu(Elementwise):
    """y = x where x ≥ 0, slope·x elsewhere; He et al. (2015).

    Parameters
    ----------
    slope : tuple of int
        Shape of the parameter `slope`, aligned with the last axes of x: (1,) for one slope,
        (channels, 1, 1) for one a channel of an image, (channels, height, width) for one an element.

    Examples
    --------
    >>> PRelu((16, 1, 1)).weights(((0, 5), (4, 8), (0, 3), (0, 8)), (10, 16, 8, 8))
    {'slope': ((4, 8), (0, 1), (0, 1))}
    """

    slope: Shape = (1,)

    per_element = 2

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape."""
        check_constant("slope", self.slope, inputs[0])
        if broadcast(inputs[0], self.slope) != inputs[0]:
            raise UsageError(f"slope of shape {self.slope} is larger than {inputs[0]}; use 1 where that has 1")
        return inputs[0]

    def local(self, output: Region, *inputs: Shape) -> PRelu:
        """The same with its own slopes."""
        return replace(self, slope=shape_of(part(output, self.slope)))

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """The slope."""
        return {"slope": self.slope}

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The slopes of its own elements."""
        return {"slope": part(output, self.slope)}
