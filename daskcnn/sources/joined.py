"""Several files as one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape, overlaps
from daskcnn.sources.base import Labels, Stored


@dataclass(frozen=True)
class Joined:
    """Arrays that are alike but for their number of images, one after the other."""

    path: Path
    """The folder they are in."""
    parts: tuple[Stored, ...]

    @classmethod
    def of(cls, path: Path, parts: Sequence[Stored]) -> Joined:
        """Parts in order; UsageError where two are not alike."""
        first = parts[0]
        for part in parts:
            if (part.shape[1:], part.dtype) != (first.shape[1:], first.dtype):
                raise UsageError(
                    f"{part.path}: images {part.shape[1:]} of {part.dtype}, but {first.path.name} has "
                    f"{first.shape[1:]} of {first.dtype}; keep only files that are alike in a folder"
                )
        return cls(path, tuple(parts))

    @property
    def shape(self) -> Shape:
        """All images of one part's shape."""
        return sum(part.shape[0] for part in self.parts), *self.parts[0].shape[1:]

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of every part."""
        return self.parts[0].dtype

    def read(self, region: Region) -> NDArray[Any]:
        """A region, of the parts that it touches."""
        images, *rest = region
        starts = tuple(accumulate((part.shape[0] for part in self.parts), initial=0))
        found = [
            self.parts[number].read(((start - starts[number], stop - starts[number]), *rest))
            for number, (start, stop) in overlaps(starts, images)
        ]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def labels(self) -> Labels | None:
        """Those of all parts, if all know theirs."""
        found = [part.labels() for part in self.parts]
        known = [labels for labels in found if labels is not None]
        return np.concatenate(known) if len(known) == len(found) else None
