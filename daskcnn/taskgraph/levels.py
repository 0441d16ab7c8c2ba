"""Levels of a graph: how deep each task lies, and passes over all edges in an order that respects them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from daskcnn.taskgraph.columns import Floats, Ints

WIDE = 12
"""Tasks or edges of a level from which NumPy is faster than a plain loop."""


def readers_of(starts: Ints, reads: Ints) -> tuple[Ints, Ints]:
    """Who reads each task, in compressed sparse rows: the transposed graph."""
    count = len(starts) - 1
    ones = np.ones(len(reads), dtype=np.int8)
    turned = sparse.csr_array((ones, reads, starts), shape=(count, count)).tocsc()
    return turned.indptr.astype(np.int64), turned.indices.astype(np.int64)


def rows(starts: Ints, chosen: Ints) -> Ints:
    """Places of the entries of some compressed rows.

    >>> rows(np.array([0, 2, 3, 6]), np.array([0, 2]))
    array([0, 1, 3, 4, 5])
    """
    lengths = starts[chosen + 1] - starts[chosen]
    ends = np.cumsum(lengths)
    first: Ints = np.repeat(starts[chosen] - ends + lengths, lengths)
    return np.arange(len(first)) + first


def depths(starts: Ints, reads: Ints) -> Ints:
    """Tasks on the longest chain that ends with each task; 0 in a cycle and for all that wait for one.

    Kahn's topological sort (1962), a whole level at a time: a task is as deep as the level that frees it.

    >>> depths(np.array([0, 0, 1, 3]), np.array([0, 0, 1]))
    array([1, 2, 3])
    """
    first, readers = readers_of(starts, reads)
    needed, depth = np.diff(starts), np.zeros(len(starts) - 1, dtype=np.int64)
    level, frontier = 0, np.flatnonzero(needed == 0)
    while len(frontier):
        level += 1
        if len(frontier) > WIDE:
            depth[frontier] = level
            freed, times = np.unique(readers[rows(first, np.asarray(frontier))], return_counts=True)
            needed[freed] -= times
            frontier = freed[needed[freed] == 0]
        else:
            frontier = _freed(frontier, level, depth.data, first.data, readers.data, needed.data)
    return depth


def _freed(tasks: Iterable[int], level: int, depth: Any, first: Any, readers: Any, needed: Any) -> Any:
    """The readers that wait for nothing once these tasks are done; `needed` is counted down, one by one."""
    freed = []
    for task in map(int, tasks):
        depth[task] = level
        for reader in readers[first[task] : first[task + 1]]:
            needed[reader] -= 1
            if not needed[reader]:
                freed.append(reader)
    return freed


def cycle(starts: Ints, reads: Ints) -> Ints:
    """Tasks that wait for each other: one strongly connected component with a cycle; empty where there is none."""
    count = len(starts) - 1
    reader = np.repeat(np.arange(count), np.diff(starts))
    selfish = reader[reader == reads]
    matrix = sparse.csr_array((np.ones(len(reads), dtype=np.int8), reads, starts), shape=(count, count))
    _, part = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(part, minlength=1)
    return np.flatnonzero(part == sizes.argmax()) if sizes.max() > 1 else selfish[:1]


@dataclass(frozen=True, eq=False)
class Levels:
    """Edges by the depth of the task that reads, in blocks to be gone through one after the other."""

    tasks: int
    reader: Ints
    read: Ints
    blocks: list[tuple[int, int, bool]]
    """First and last edge of a wide level, or (False) of several narrow ones."""

    @classmethod
    def of(cls, reader: Ints, read: Ints, depth: Ints) -> Levels:
        """Sort the edges and cut them into blocks."""
        deep = depth[reader]
        order = np.argsort(deep, kind="stable")
        bounds = np.flatnonzero(np.diff(deep[order], prepend=0, append=0))
        wide = np.diff(bounds) > WIDE
        # A bound between two narrow levels is none.
        kept = np.concatenate([[True], wide[1:] | wide[:-1], [True]])[: len(bounds)]
        cuts = bounds[kept]
        sizes = wide[np.searchsorted(bounds, cuts[:-1])]
        blocks = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), sizes.tolist(), strict=True))
        return cls(len(depth), reader[order], read[order], blocks)

    def starts(self, cost: Floats) -> Floats:
        """When each task can start at the earliest: the longest path to it, without its own cost."""
        return _swept(MAXIMUM, np.zeros(self.tasks), self.read, self.reader, self.blocks, cost)

    def tails(self, cost: Floats) -> Floats:
        """What must follow each task: the longest path from it, without its own cost."""
        edges = len(self.read)
        blocks = [(edges - stop, edges - start, wide) for start, stop, wide in reversed(self.blocks)]
        return _swept(MAXIMUM, np.zeros(self.tasks), self.reader[::-1], self.read[::-1], blocks, cost)

    def ancestry(self) -> Floats:
        """How many chains lead to each task, counting those that begin anywhere: inf where they are too many."""
        with np.errstate(over="ignore"):
            return _swept(SUM, np.ones(self.tasks), self.read, self.reader, self.blocks, np.zeros(self.tasks))


Join = tuple[np.ufunc, Callable[[float, float], float]]
"""The same operation for arrays and for two numbers."""
MAXIMUM: Join = (np.maximum, max)
SUM: Join = (np.add, operator.add)


def _swept(
    join: Join, value: Floats, source: Ints, target: Ints, blocks: Sequence[tuple[int, int, bool]], cost: Floats
) -> Floats:
    """Join the value and cost of each edge's source to the value of its target, block by block."""
    many, two = join
    # Numbers of a memoryview are plain floats, several times as fast as NumPy's.
    values: Any = value.data
    costs: Any = cost.data
    for start, stop, wide in blocks:
        one, other = source[start:stop], target[start:stop]
        if wide:
            many.at(value, other, value[one] + cost[one])
            continue
        for i, j in zip(one.tolist(), other.tolist(), strict=True):
            values[j] = two(values[j], values[i] + costs[i])
    return value
