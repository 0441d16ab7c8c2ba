"""Into how many blocks a layer's work is cut along each axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

from daskcnn.errors import UsageError


@dataclass(frozen=True)
class Partition:
    """Numbers of blocks along the axes of a layer.

    Examples
    --------
    >>> cut = Partition(batch=2, channel=3)
    >>> cut.degree, str(cut)
    (6, 'batch=2,channel=3')
    """

    batch: int = 1
    channel: int = 1
    """Output channels, or features."""
    height: int = 1
    width: int = 1
    filter: int = 1
    """Input channels: blocks give partial sums."""

    def __post_init__(self) -> None:
        for axis, parts in self.items():
            if parts < 1:
                raise UsageError(f"{axis}={parts} is no number of blocks; use {axis}=1 or more")

    def items(self) -> list[tuple[str, int]]:
        """Axes and numbers of blocks."""
        return [(axis.name, getattr(self, axis.name)) for axis in fields(self)]

    @property
    def degree(self) -> int:
        """How many blocks there are in all."""
        return math.prod(parts for _, parts in self.items())

    def only(self, axes: Iterable[str]) -> Partition:
        """The same along these axes, uncut along the others."""
        kept = set(axes)
        return Partition(**{axis: parts for axis, parts in self.items() if axis in kept})

    def __str__(self) -> str:
        cuts = [f"{axis}={parts}" for axis, parts in self.items() if parts > 1]
        return ",".join(cuts) or "serial"
