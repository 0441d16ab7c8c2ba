"""The clusters of a sweep, up as long as they are needed: one of our own, or a client for each number of workers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial

from distributed import Client

from daskcnn.cluster import Place


@dataclass
class Clusters:
    """Clusters, each started when it is first asked for."""

    start: Callable[[int], AbstractContextManager[Client]]
    """For a number of workers."""
    size: Callable[[int], int]
    """Of the cluster on which so many workers are used."""
    told: Callable[[Client], None]
    """Of a client of each cluster; those of one that is there already share it."""
    _clients: dict[int, Client] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _stack: ExitStack = field(default_factory=ExitStack)

    def client(self, workers: int) -> Client:
        """Of a cluster with so many workers, or more."""
        size = self.size(workers)
        if size not in self._clients:
            self._clients[size] = self._stack.enter_context(self.start(size))
            if (address := self._clients[size].dashboard_link) not in self._told:
                self._told.add(address)
                self.told(self._clients[size])
        return self._clients[size]

    def close(self) -> None:
        """End them all: each puts back settings that it found, so that the last one started has to end first."""
        self._clients.clear()
        self._told.clear()
        self._stack.close()


def clusters(place: Place, counts: Collection[int], told: Callable[[Client], None], *, grows: bool) -> Clusters:
    """Clusters for those numbers of workers: of our own one, the largest, of which fewer may be used.

    The others are idle then and hold next to nothing, so each has the memory that it would have among the fewest. Where
    the work grows with the workers it has its share among the most: they all hold the same.

    Parameters
    ----------
    place : Place
    counts : collection of int
    told : callable
        As of `Clusters`.
    grows : bool
        Whether the work grows with the workers.
    """
    if not place.is_own or not counts:
        return Clusters(place.connect, int, told)
    sharing = max(counts) if grows else min(counts)
    return Clusters(partial(place.connect, sharing=sharing), lambda workers: max(counts), told)
