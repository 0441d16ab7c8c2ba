"""What blocks send each other so that each has what it needs: worked out from boxes alone.

A consumer's block needs a box of the producer's tensor. Whatever of that box lies in a block of its own worker
is read in place; whatever lies elsewhere is sent, once to each worker, as the block itself or a slice of it.
Halo, all-gather and relayout are the same thing seen from three sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from daskcnn.layout import Layout
from daskcnn.region import Grid, Interval, Region, counts, overlap, overlaps, size_of, without

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Send:
    """A region of one of the producer's tiles that goes to another worker."""

    tile: int
    region: Region
    destination: int


@dataclass(frozen=True)
class Read:
    """A part of what a tile needs, and where it is taken from."""

    tile: int
    """The producer's."""
    region: Region
    carrier: Region
    """The region it arrives in: the whole tile, or the slice of it that was sent."""
    sent: bool
    """Whether it comes from another worker."""


@dataclass(frozen=True)
class Pattern:
    """What the tiles of one block of images read, and what is sent for it."""

    reads: tuple[tuple[Read, ...], ...]
    """For each of the consumer's tiles; together they tile what it needs."""
    sends: tuple[Send, ...]

    @cached_property
    def elements(self) -> int:
        """Elements sent for each image."""
        return sum(size_of(send.region) for send in self.sends)


@dataclass(frozen=True)
class Join:
    """Images that a consumer's block of images has from one of the producer's."""

    batch: int
    """The consumer's block of images."""
    source: int
    """The producer's."""
    images: Interval
    pattern: Pattern


@dataclass(frozen=True, eq=False)
class Exchange:
    """What a layer's blocks read of one input, and what is sent for it, for one run of images after the other."""

    bounds: Ints
    """(runs + 1,) Where runs of images begin and end."""
    batches: Ints
    """(runs,) The consumer's block of images that each is in."""
    sources: Ints
    """(runs,) The producer's."""
    kinds: Ints
    """(runs,) The number of its pattern."""
    patterns: tuple[Pattern, ...]

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """The runs, in order of the consumer's blocks of images."""
        runs = zip(
            self.batches.tolist(),
            self.sources.tolist(),
            pairwise(self.bounds.tolist()),
            self.kinds.tolist(),
            strict=True,
        )
        return tuple(Join(batch, source, images, self.patterns[kind]) for batch, source, images, kind in runs)

    @property
    def distant(self) -> bool:
        """Whether anything is read that comes from another worker, be it sent for this reader or for another."""
        return any(read.sent for pattern in self.patterns for reads in pattern.reads for read in reads)

    @cached_property
    def elements(self) -> int:
        """Elements sent from worker to worker."""
        each = np.array([pattern.elements for pattern in self.patterns])
        return int((np.diff(self.bounds) * each[self.kinds]).sum())

    def traffic(self, producer: Layout, workers: int) -> Ints:
        """(source, destination) Elements sent from worker to worker.

        >>> rows = Layout(((0, 10), (0, 4, 8)), ((0, 1),))
        >>> exchange(rows, rows, [((0, 4),), ((3, 8),)]).traffic(rows, 2)
        array([[ 0, 10],
               [ 0,  0]])
        """
        found = np.zeros((workers, workers), np.int64)
        images = np.diff(self.bounds)
        kinds, first = np.unique(self.kinds, return_index=True)
        for kind, run in zip(kinds.tolist(), first.tolist(), strict=True):
            sends, owners = self.patterns[kind].sends, producer.owners[self.sources[run]]
            ends = [owners[send.tile] for send in sends], [send.destination for send in sends]
            sizes = [size_of(send.region) for send in sends]
            np.add.at(found, ends, np.array(sizes, np.int64) * images[self.kinds == kind].sum())
        return found


def exchange(producer: Layout, consumer: Layout, needs: Sequence[Region]) -> Exchange:
    """The reads and sends that bring each block what it needs.

    Parameters
    ----------
    producer, consumer : Layout
        Of the tensor that is read, and of the one computed from it.
    needs : sequence of Region
        For each of the consumer's tiles the box of each image that it reads.

    Examples
    --------
    Two workers hold four rows each; the second needs a row of the first.

    >>> rows = Layout(((0, 10), (0, 4, 8)), ((0, 1),))
    >>> exchange(rows, rows, [((0, 4),), ((3, 8),)]).joins[0].pattern.sends
    (Send(tile=0, region=((3, 4),), destination=1),)
    """
    return exchanges(producer, [(consumer, needs)])[0]


def exchanges(producer: Layout, readers: Sequence[Reader]) -> list[Exchange]:
    """The same for all that read a tensor: what one of a worker's layers is sent, the others read too.

    Examples
    --------
    >>> rows = Layout(((0, 10), (0, 4, 8)), ((0, 1),))
    >>> near, wide = (rows, [((0, 4),), ((3, 8),)]), (rows, [((0, 4),), ((2, 8),)])
    >>> [found.elements for found in exchanges(rows, [near, wide])]
    [20, 0]
    """
    parts = [[list(_parts(producer.grid[1:], need)) for need in needs] for _, needs in readers]
    layouts = [producer, *(layout for layout, _ in readers)]
    bounds = np.unique(np.concatenate([layout.grid[0] for layout in layouts]))
    blocks = [np.searchsorted(layout.grid[0], bounds[:-1], side="right") - 1 for layout in layouts]
    # Runs whose blocks lie alike exchange alike: a number for each way that they lie.
    ways = np.zeros(len(bounds) - 1, dtype=np.int64)
    for layout, block in zip(layouts, blocks, strict=True):
        numbers, rows = layout.rows
        ways = ways * len(rows) + numbers[block]
    _, first, kinds = np.unique(ways, return_index=True, return_inverse=True)
    patterns = [
        list(_patterns(parts, producer.tiles, have, wants))
        for run in first.tolist()
        for have, *wants in [[layout.owners[block[run]] for layout, block in zip(layouts, blocks, strict=True)]]
    ]
    source, *others = blocks
    return [
        Exchange(bounds, batch, source, kinds, tuple(own))
        for batch, own in zip(others, zip(*patterns, strict=True), strict=True)
    ]


Reader = tuple[Layout, Sequence[Region]]
"""Of the tensor that is computed, and for each of its tiles the box that it reads."""
Parts = list[tuple[int, Region]]


def _parts(grid: Grid, need: Region) -> Iterator[tuple[int, Region]]:
    """The tiles that a box touches, each with the part it touches."""
    shape = counts(grid)
    for parts in product(*(overlaps(bounds, interval) for bounds, interval in zip(grid, need, strict=True))):
        number = 0
        for (index, _), size in zip(parts, shape, strict=True):
            number = number * size + index
        yield number, tuple(interval for _, interval in parts)


def _patterns(
    parts: Sequence[Sequence[Parts]], tiles: Sequence[Region], have: Sequence[int], wants: Sequence[Sequence[int]]
) -> Iterator[Pattern]:
    """For each reader what its tiles read, and of what is sent for it that which no reader before it has."""
    wanted: dict[tuple[int, int], list[Region]] = {}
    for want, reader in zip(wants, parts, strict=True):
        for owner, own in zip(want, reader, strict=True):
            for tile, region in own:
                if have[tile] != owner:
                    wanted.setdefault((tile, owner), []).append(region)
    sent = {route: _apart(regions) for route, regions in wanted.items()}

    def read(tile: int, region: Region, owner: int) -> Iterator[Read]:
        if have[tile] == owner:
            yield Read(tile, region, tiles[tile], sent=False)
            return
        for carrier in sent[tile, owner]:
            if (part := overlap(carrier, region)) is not None:  # a tensor of nothing but images has the box ()
                yield Read(tile, part, carrier, sent=True)

    known: dict[Send, None] = {}
    for want, reader in zip(wants, parts, strict=True):
        reads = [[r for part in own for r in read(*part, owner)] for owner, own in zip(want, reader, strict=True)]
        sends = [Send(r.tile, r.carrier, owner) for owner, own in zip(want, reads, strict=True) for r in own if r.sent]
        fresh = dict.fromkeys(send for send in sends if send not in known)
        known |= fresh
        yield Pattern(tuple(map(tuple, reads)), tuple(fresh))


def _apart(regions: list[Region]) -> list[Region]:
    """The same elements as boxes that share none: what one of a worker's tiles gets, the others read too."""
    kept: list[Region] = []
    for region in sorted(set(regions), key=lambda region: (-size_of(region), region)):
        fresh = [region]
        for taken in kept:
            fresh = [rest for part in fresh for rest in without(part, taken)]
        kept += fresh
    return kept
