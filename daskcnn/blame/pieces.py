"""Pieces of time, each with its cause."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from daskcnn.blame.lanes import Floats, Ints


@dataclass(frozen=True, eq=False)
class Pieces:
    """Arrays (piece,), in any order."""

    owner: Ints
    """Whose time it is: a lane, a task, as the maker of the pieces says."""
    worker: Ints
    """Where it passed."""
    start: Floats
    stop: Floats
    cause: Ints
    """Place in `CAUSES`."""
    task: Ints
    """Place in the work, -1 for none."""

    @classmethod
    def of(
        cls,
        owner: Ints,
        worker: Ints,
        start: npt.ArrayLike,
        stop: npt.ArrayLike,
        cause: npt.ArrayLike,
        task: npt.ArrayLike = -1,
    ) -> Self:
        """Those that last, out of arrays or single values; the others are left out."""
        columns = np.broadcast_arrays(owner, worker, start, stop, cause, task)
        lasting = columns[2] < columns[3]
        return cls(*(column[lasting] for column in columns))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """All of several, at least one."""
        every = list(parts)
        return cls(*(np.concatenate([getattr(part, name.name) for part in every]) for name in fields(cls)))

    def take(self, places: npt.ArrayLike) -> Self:
        """Some of them, by number or by flag."""
        index = np.asarray(places)
        return type(self)(*(getattr(self, name.name)[index] for name in fields(self)))

    def together(self) -> Self:
        """Those that follow one on the other and differ in nothing else as one."""
        first = np.ones(self.owner.size, bool)
        first[1:] = self.start[1:] != self.stop[:-1]
        for values in (self.owner, self.cause, self.task):
            first[1:] |= values[1:] != values[:-1]
        return replace(self.take(first), stop=self.stop[np.roll(first, -1)])

    @property
    def seconds(self) -> Floats:
        """(piece,) How long each lasts."""
        return self.stop - self.start


def added(place: Ints, seconds: Floats, count: int) -> Floats:
    """(count,) The seconds of each place, added up."""
    return np.asarray(np.bincount(place, seconds, count), float)


def runs(lengths: Ints) -> tuple[Ints, Ints]:
    """For runs of these lengths, end to end: which run each place is in, and which place of it.

    >>> runs(np.array([2, 0, 1]))
    (array([0, 0, 2]), array([0, 1, 0]))
    """
    which = np.repeat(np.arange(lengths.size), lengths)
    return which, np.arange(which.size) - (lengths.cumsum() - lengths)[which]
