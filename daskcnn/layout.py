"""How a tensor lies on the workers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from daskcnn.region import Grid, Interval, Region, Shape, blocks_of, counts


@dataclass(frozen=True)
class Layout:
    """Blocks of images, times tiles of each image, each block on its worker.

    No layer mixes images, so what holds for the tiles of one block of images holds for those of all.
    """

    grid: Grid
    """Boundaries along every axis; the first are those of the blocks of images."""
    owners: tuple[tuple[int, ...], ...]
    """For each block of images, and in it for each tile, the worker that has it."""

    @cached_property
    def batches(self) -> tuple[Interval, ...]:
        """The blocks of images."""
        return tuple(pairwise(self.grid[0]))

    @cached_property
    def tiles(self) -> tuple[Region, ...]:
        """The tiles of an image, last axis fastest."""
        return tuple(blocks_of(self.grid[1:]))

    @cached_property
    def tile_indices(self) -> tuple[Shape, ...]:
        """Where each tile stands in the grid."""
        return tuple(product(*map(range, counts(self.grid[1:]))))

    @cached_property
    def rows(self) -> tuple[NDArray[np.int64], tuple[tuple[int, ...], ...]]:
        """For each block of images the number of its row of owners, and the rows that there are."""
        known: dict[tuple[int, ...], int] = {}
        numbers = [known.setdefault(own, len(known)) for own in self.owners]
        return np.array(numbers, dtype=np.int64), tuple(known)

    @property
    def blocks(self) -> list[tuple[Region, int]]:
        """Every block with its owner, tiles fastest."""
        return [
            ((batch, *tile), owner)
            for batch, own in zip(self.batches, self.owners, strict=True)
            for tile, owner in zip(self.tiles, own, strict=True)
        ]
