"""Images made larger or smaller."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.place import Place
from daskcnn.layers.scaling import Scaling
from daskcnn.layers.taps import image_needs
from daskcnn.layers.window import Pair
from daskcnn.region import Region, Shape, cut, shape_of

WORDS = {
    "mode": ("nearest", "linear"),
    "coordinate_transformation_mode": (
        "half_pixel",
        "half_pixel_symmetric",
        "pytorch_half_pixel",
        "align_corners",
        "asymmetric",
    ),
    "nearest_mode": ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
}


@dataclass(frozen=True)
class Resize2d(Op):
    """Height and width resampled, as ONNX Resize does it; Upsample is Resize with `asymmetric` and `floor`.

    Parameters
    ----------
    scales : (float, float), optional
        Along height and width; the sizes are rounded down. Either these or `sizes`.
    sizes : (int, int), optional
        Height and width of the output.
    mode : str
        `nearest`, or `linear` between the two next elements along each axis.
    coordinate_transformation_mode, nearest_mode : str
        As ONNX has them, but for `tf_crop_and_resize`.
    rows, columns : Place, optional
        Where a block lies that resampled alone would be made of other inputs, or in other shares.

    Examples
    --------
    >>> Resize2d((2, 2), mode="linear").needs(((0, 1), (0, 3), (0, 8), (8, 12)), (1, 3, 8, 8))
    (((0, 1), (0, 3), (0, 5), (3, 7)),)
    """

    scales: tuple[float, float] | None = None
    sizes: Pair | None = None
    mode: str = "nearest"
    coordinate_transformation_mode: str = "half_pixel"
    nearest_mode: str = "round_prefer_floor"
    rows: Place | None = None
    columns: Place | None = None

    cuts = frozenset(AXES)
    keeps = frozenset({"channel"})

    def __post_init__(self) -> None:
        if (self.scales is None) == (self.sizes is None) or min(self.scales or self.sizes or ()) <= 0:
            raise UsageError(f"scales {self.scales}, sizes {self.sizes}: pass one of them, above 0")
        for name, words in WORDS.items():
            if getattr(self, name) not in words:
                raise UsageError(f"unknown {name} {getattr(self, name)!r}; use one of {', '.join(words)}")

    @property
    def scalings(self) -> tuple[Scaling, Scaling]:
        """How the rows and how the columns are resampled."""
        words = self.mode, self.coordinate_transformation_mode, self.nearest_mode
        scales, sizes = self.scales or (None, None), self.sizes or (None, None)
        return Scaling(scales[0], sizes[0], *words), Scaling(scales[1], sizes[1], *words)

    @property
    def places(self) -> tuple[Place | None, Place | None]:
        """Of the rows and of the columns."""
        return self.rows, self.columns

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = image_shape(self, inputs[0])
        height, width = (
            scaling.output_size(size) if place is None else place.output[1] - place.output[0]
            for scaling, place, size in zip(self.scalings, self.places, image, strict=True)
        )
        return batch, channels, height, width

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None for the nearest; two products and a sum for each element along each axis for a mean."""
        return 6 * math.prod(output) if self.mode == "linear" else 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same channels, and the rows and columns that it is made of."""
        batch, channel, *image = output
        rows, columns = image_needs(self.scalings, tuple(image), inputs[0][2:])
        return ((batch, channel, rows, columns),)

    def local(self, output: Region, *inputs: Shape) -> Resize2d:
        """The same where a block alone is resampled as it is in the whole, and its place where it is not."""
        rows, columns = (
            scaling.place(interval, size)
            for scaling, interval, size in zip(self.scalings, output[2:], inputs[0][2:], strict=True)
        )
        if self.sizes is None:
            return replace(self, rows=rows, columns=columns)
        height, width = shape_of(output[2:])
        sizes = self.sizes[0] if rows else height, self.sizes[1] if columns else width
        return replace(self, sizes=sizes, rows=rows, columns=columns)

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Rows and columns are cut where blocks of the input are."""
        return self.scalings[axis - 2].bounds(parts, inputs[0][axis]) if axis > 1 else cut(output[axis], parts)
