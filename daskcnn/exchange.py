"""What blocks send each other so that each has what it needs: worked out from boxes alone.

A consumer's block needs a box of the producer's tensor. Whatever of that box lies in a block of its own worker
is read in place; whatever lies elsewhere is sent, once to each worker, as the block itself or a slice of it.
Halo, all-gather and relayout are the same thing seen from three sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from daskcnn.region import Grid, Region, contains, counts, overlaps, size_of


@dataclass(frozen=True)
class Layout:
    """How a tensor lies on the workers."""

    grid: Grid
    blocks: tuple[Region, ...]
    """The grid's blocks, last axis fastest."""
    owners: tuple[int, ...]
    """The worker of each block."""


@dataclass(frozen=True)
class Send:
    """A region of one of the producer's blocks that goes to one other worker."""

    source: int
    """Number of the producer's block."""
    region: Region
    destination: int
    """The worker it goes to."""


@dataclass(frozen=True)
class Read:
    """A part of what a block needs, and where it is taken from."""

    source: int
    """Number of the producer's block."""
    region: Region
    carrier: Region
    """The region it arrives in: the whole block, or the slice that was sent."""


@dataclass(frozen=True)
class Exchange:
    """What a layer's blocks read, and what is sent for it."""

    reads: tuple[tuple[Read, ...], ...]
    """For each of the consumer's blocks; together they tile what it needs."""
    sends: tuple[Send, ...]

    def elements(self) -> int:
        """Elements sent from worker to worker."""
        return sum(size_of(send.region) for send in self.sends)


def exchange(producer: Layout, needs: Sequence[Region], owners: Sequence[int]) -> Exchange:
    """The reads and sends that bring each block what it needs.

    Parameters
    ----------
    producer : Layout
        Where the tensor is.
    needs : sequence of Region
        For each of the consumer's blocks the box it reads.
    owners : sequence of int
        The worker of each of the consumer's blocks.

    Examples
    --------
    Two workers hold four rows each; the second needs a row of the first.

    >>> rows = Layout(((0, 4, 8),), (((0, 4),), ((4, 8),)), (0, 1))
    >>> exchange(rows, [((0, 4),), ((3, 8),)], [0, 1]).sends
    (Send(source=0, region=((3, 4),), destination=1),)
    """
    parts = [list(_parts(producer.grid, need)) for need in needs]
    wanted: dict[tuple[int, int], list[Region]] = {}
    for owner, own in zip(owners, parts, strict=True):
        for source, region in own:
            if producer.owners[source] != owner:
                wanted.setdefault((source, owner), []).append(region)
    carriers = {route: _largest(regions) for route, regions in wanted.items()}
    reads = tuple(
        tuple(
            Read(source, region, _carrier(carriers.get((source, owner)), region, producer.blocks[source]))
            for source, region in own
        )
        for owner, own in zip(owners, parts, strict=True)
    )
    sends = (Send(source, region, to) for (source, to), regions in carriers.items() for region in regions)
    return Exchange(reads, tuple(sends))


def _parts(grid: Grid, need: Region) -> Iterator[tuple[int, Region]]:
    shape = counts(grid)
    for parts in product(*(overlaps(bounds, interval) for bounds, interval in zip(grid, need, strict=True))):
        number = 0
        for (index, _), size in zip(parts, shape, strict=True):
            number = number * size + index
        yield number, tuple(interval for _, interval in parts)


def _largest(regions: list[Region]) -> list[Region]:
    """Those that lie in no other: what one of a worker's blocks gets, the others read too."""
    distinct = sorted(set(regions), key=size_of, reverse=True)
    kept: list[Region] = []
    for region in distinct:
        if not any(contains(larger, region) for larger in kept):
            kept.append(region)
    return kept


def _carrier(sent: list[Region] | None, region: Region, block: Region) -> Region:
    """A block of the same worker is read in place; of what was sent, the first that holds the region."""
    return block if sent is None else next(carrier for carrier in sent if contains(carrier, region))
