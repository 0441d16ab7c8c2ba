"""Padding of images."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.border import Border
from daskcnn.layers.place import Place
from daskcnn.layers.taps import image_needs
from daskcnn.layers.window import Padding
from daskcnn.region import Region, Shape, cut

MODES = ("constant", "reflect", "edge", "wrap")


@dataclass(frozen=True)
class Pad2d(Op):
    """Rows and columns put around images, as ONNX Pad does it on height and width.

    Parameters
    ----------
    padding : (int, int, int, int)
        At top, left, bottom and right; negative ones crop, before anything is put around what is left.
    mode : str
        `constant`, `reflect` (without the edge itself), `edge` or `wrap`.
    value : float
        The constant.
    rows, columns : Place, optional
        Where a block lies that is made of inputs in another order than theirs.

    Examples
    --------
    >>> Pad2d((1, 1, 1, 1), "reflect").needs(((0, 1), (0, 3), (0, 1), (4, 8)), (1, 3, 6, 6))
    (((0, 1), (0, 3), (1, 2), (3, 6)),)
    """

    padding: Padding
    mode: str = "constant"
    value: float = 0.0
    rows: Place | None = None
    columns: Place | None = None

    cuts = frozenset(AXES)
    keeps = frozenset({"channel"})

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise UsageError(f"unknown padding mode {self.mode!r}; use one of {', '.join(MODES)}")

    @property
    def borders(self) -> tuple[Border, Border]:
        """What is put around the rows and around the columns."""
        top, left, bottom, right = self.padding
        return Border(top, bottom, self.mode), Border(left, right, self.mode)

    @property
    def places(self) -> tuple[Place | None, Place | None]:
        """Of the rows and of the columns."""
        return self.rows, self.columns

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = image_shape(self, inputs[0])
        height, width = (
            border.output_size(size) if place is None else place.output[1] - place.output[0]
            for border, place, size in zip(self.borders, self.places, image, strict=True)
        )
        return batch, channels, height, width

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """None: elements are copied."""
        return 0

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The same channels, and the rows and columns that it is made of."""
        batch, channel, *image = output
        rows, columns = image_needs(self.borders, tuple(image), inputs[0][2:])
        return ((batch, channel, rows, columns),)

    def local(self, output: Region, *inputs: Shape) -> Pad2d:
        """What is to be put around this block, or its place where that is not enough."""
        [(_, _, *needs)] = self.needs(output, *inputs)
        own = [
            border.padding_left(interval, size)
            for border, interval, size in zip(self.borders, output[2:], inputs[0][2:], strict=True)
        ]
        rows, columns = (
            Place(interval, need[0], size) if padding is None else None
            for padding, interval, need, size in zip(own, output[2:], needs, inputs[0][2:], strict=True)
        )
        top, left, bottom, right = self.padding
        (top, bottom), (left, right) = own[0] or (top, bottom), own[1] or (left, right)
        return replace(self, padding=(top, left, bottom, right), rows=rows, columns=columns)

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Rows and columns are cut where blocks of the input are."""
        return self.borders[axis - 2].bounds(parts, inputs[0][axis]) if axis > 1 else cut(output[axis], parts)
