"""A kernel along one axis, and what each kind of axis says of a block: the part of its input that it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from daskcnn.errors import UsageError
from daskcnn.region import Interval, Region, Shape


@dataclass(frozen=True)
class Taps:
    """A kernel of `size` taps, `dilation` apart, moved by `stride`, with padding or crops at both ends."""

    size: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        for name in ("size", "stride", "dilation"):
            if getattr(self, name) < 1:
                raise UsageError(f"a kernel's {name} is {getattr(self, name)}; use 1 or more")

    @property
    def extent(self) -> int:
        """Elements from the first to the last tap."""
        return (self.size - 1) * self.dilation + 1


class Axis(Protocol):
    """How outputs depend on inputs along one axis."""

    def needs(self, output: Interval, size: int) -> Interval:
        """The inputs that an interval of outputs depends on, of an axis of so many."""


def image_needs(pair: Iterable[Axis], image: Region, sizes: Shape) -> Region:
    """The rows and columns that rows and columns of the output depend on."""
    return tuple(axis.needs(interval, size) for axis, interval, size in zip(pair, image, sizes, strict=True))
