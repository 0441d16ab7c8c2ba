"""The clusters of a sweep: one for each number of workers, up as long as they are needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from distributed import Client


@dataclass
class Clusters:
    """Clusters, each started when it is first asked for."""

    start: Callable[[int], AbstractContextManager[Client]]
    """For a number of workers."""
    told: Callable[[Client], None]
    """Of a client of each cluster; those of one that is there already share it."""
    _clients: dict[int, Client] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _stack: ExitStack = field(default_factory=ExitStack)

    def client(self, workers: int) -> Client:
        """Of the cluster with so many workers."""
        if workers not in self._clients:
            self._clients[workers] = self._stack.enter_context(self.start(workers))
            if (address := self._clients[workers].dashboard_link) not in self._told:
                self._told.add(address)
                self.told(self._clients[workers])
        return self._clients[workers]

    def close(self) -> None:
        """End them all: each puts back settings that it found, so that the last one started has to end first."""
        self._clients.clear()
        self._told.clear()
        self._stack.close()
