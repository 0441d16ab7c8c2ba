"""Records of a key found by their order, for all keys at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from daskcnn.recorder.records import NONE, Key, Log

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Table = dict[str, npt.NDArray[Any]]
"""Columns of one length."""


class Keys:
    """A number for every key, in the order in which they are first seen.

    >>> keys = Keys()
    >>> keys.numbers(["a", ("b", 0), "a"]), keys.names()
    (array([0, 1, 0]), ['a', ('b', 0)])
    """

    def __init__(self) -> None:
        self._numbers: defaultdict[Key, int] = defaultdict(count().__next__)

    def numbers(self, keys: Sequence[Key]) -> Ints:
        """The number of each key."""
        return np.fromiter(map(self._numbers.__getitem__, keys), np.int64, len(keys))

    def names(self) -> list[Key]:
        """The key of each number."""
        return list(self._numbers)


def taken(values: npt.NDArray[Any], places: Ints, otherwise: float = NONE) -> npt.NDArray[Any]:
    """The values at places, and `otherwise` where a place is none.

    >>> taken(np.array([0.5, 1.5]), np.array([1, -1]), np.nan)
    array([1.5, nan])
    """
    if not len(values):
        return np.full(len(places), otherwise)
    return np.where(places >= 0, values[places], otherwise)


def latest(group: Ints, order: Ints | Floats, at_group: Ints, at_order: Ints | Floats) -> Ints:
    """For each of several moments the last record of its group that is not later, -1 where there is none.

    Parameters
    ----------
    group, order : (record,) int and any number
    at_group, at_order : (moment,) int and any number

    Returns
    -------
    (moment,) int
        Places in the records.

    Examples
    --------
    >>> latest(np.array([7, 7, 8]), np.array([1, 3, 2]), np.array([7, 7, 7, 8, 9]), np.array([0, 2, 3, 5, 5]))
    array([-1,  0,  1,  2, -1])
    """
    groups = np.concatenate([group, at_group])
    moment = np.arange(len(groups)) >= len(group)
    by = np.lexsort((moment, np.concatenate([order, at_order]), groups))
    last = np.maximum.accumulate(np.where(moment[by], NONE, np.arange(len(by))))
    found = np.empty(len(groups), np.int64)
    found[by] = np.where(last < 0, NONE, by[last])
    found = found[len(group) :]
    return np.where(taken(group, found) == at_group, found, NONE)


@dataclass(frozen=True)
class States:
    """A log whose keys are numbers; a place in it is an order in time, too."""

    key: Ints
    state: npt.NDArray[np.str_]
    time: Floats

    @classmethod
    def of(cls, log: Log, keys: Keys, zero: float) -> States:
        """A log, with times that count from `zero`."""
        return cls(keys.numbers(log.keys), np.array(log.states, np.str_), np.array(log.times, np.float64) - zero)

    def places(self, *states: str) -> Ints:
        """Where keys came to one of these states."""
        return np.flatnonzero(np.isin(self.state, states))

    def last(self, states: Sequence[str], key: Ints, place: Ints) -> Ints:
        """Where each key last came to one of these states at or before a place, -1 if never."""
        some = self.places(*states)
        return taken(some, latest(self.key[some], some, key, place))

    def next(self, states: Sequence[str], key: Ints, place: Ints) -> Ints:
        """Where each key next came to one of these states at or after a place, -1 if never or the place is none."""
        some = self.places(*states)
        found = taken(some, latest(self.key[some], -some, key, -place))
        return np.where(place < 0, NONE, found)

    def when(self, place: Ints) -> Floats:
        """The time of each place, NaN of none."""
        return taken(self.time, place, np.nan)
