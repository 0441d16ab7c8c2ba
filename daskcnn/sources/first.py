"""The first images of a source."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape
from daskcnn.sources.base import Images, Labels, Source


@dataclass(frozen=True)
class First:
    """So many images of a source, from its beginning."""

    source: Source
    images: int

    def __post_init__(self) -> None:
        known = self.source.shape[0]
        if not 1 <= self.images <= known:
            raise UsageError(f"images={self.images}: the input has {known}; pass 1 to {known}")

    @property
    def shape(self) -> Shape:
        """The source's, with fewer images."""
        return self.images, *self.source.shape[1:]

    def read(self, region: Region) -> Images:
        """The source's region."""
        return self.source.read(region)

    def labels(self) -> Labels | None:
        """The first of the source's."""
        labels = self.source.labels()
        return None if labels is None else labels[: self.images]
