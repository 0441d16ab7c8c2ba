"""What blocks send each other so that each has what it needs: worked out from boxes alone.

A consumer's block needs a box of the producer's tensor. Whatever of that box lies in a block of its own worker
is read in place; whatever lies elsewhere is sent, once to each worker, as the block itself or a slice of it.
Halo, all-gather and relayout are the same thing seen from three sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, product

from daskcnn.layout import Layout
from daskcnn.region import Grid, Interval, Region, counts, overlap, overlaps, size_of, without


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


@dataclass(frozen=True)
class Exchange:
    """What a layer's blocks read of one input, and what is sent for it."""

    joins: tuple[Join, ...]
    """In order of the consumer's blocks of images."""

    @property
    def elements(self) -> int:
        """Elements sent from worker to worker."""
        return sum(join.pattern.elements * (join.images[1] - join.images[0]) for join in self.joins)


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
    parts = [list(_parts(producer.grid[1:], need)) for need in needs]

    @cache
    def pattern(have: tuple[int, ...], want: tuple[int, ...]) -> Pattern:
        return _pattern(parts, producer.tiles, have, want)

    return Exchange(
        tuple(
            Join(batch, source, images, pattern(producer.owners[source], consumer.owners[batch]))
            for batch, interval in enumerate(consumer.batches)
            for source, images in overlaps(producer.grid[0], interval)
        )
    )


Parts = list[tuple[int, Region]]


def _parts(grid: Grid, need: Region) -> Iterator[tuple[int, Region]]:
    """The tiles that a box touches, each with the part it touches."""
    shape = counts(grid)
    for parts in product(*(overlaps(bounds, interval) for bounds, interval in zip(grid, need, strict=True))):
        number = 0
        for (index, _), size in zip(parts, shape, strict=True):
            number = number * size + index
        yield number, tuple(interval for _, interval in parts)


def _pattern(parts: list[Parts], tiles: Sequence[Region], have: Sequence[int], want: Sequence[int]) -> Pattern:
    wanted: dict[tuple[int, int], list[Region]] = {}
    for owner, own in zip(want, parts, strict=True):
        for tile, region in own:
            if have[tile] != owner:
                wanted.setdefault((tile, owner), []).append(region)
    sent = {route: _apart(regions) for route, regions in wanted.items()}

    def read(tile: int, region: Region, owner: int) -> Iterator[Read]:
        if have[tile] == owner:
            yield Read(tile, region, tiles[tile], sent=False)
            return
        for carrier in sent[tile, owner]:
            if part := overlap(carrier, region):
                yield Read(tile, part, carrier, sent=True)

    reads = tuple(
        tuple(chain.from_iterable(read(*part, owner) for part in own)) for owner, own in zip(want, parts, strict=True)
    )
    sends = (Send(tile, region, to) for (tile, to), regions in sent.items() for region in regions)
    return Pattern(reads, tuple(sends))


def _apart(regions: list[Region]) -> list[Region]:
    """The same elements as boxes that share none: what one of a worker's tiles gets, the others read too."""
    kept: list[Region] = []
    for region in sorted(set(regions), key=lambda region: (-size_of(region), region)):
        fresh = [region]
        for taken in kept:
            fresh = [rest for part in fresh for rest in without(part, taken)]
        kept += fresh
    return kept
