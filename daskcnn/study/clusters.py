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
    """Of each one's client."""
    _clients: dict[int, Client] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def client(self, workers: int) -> Client:
        """Of the cluster with so many workers."""
        if workers not in self._clients:
            self._clients[workers] = self._stack.enter_context(self.start(workers))
            self.told(self._clients[workers])
        return self._clients[workers]

    def close(self) -> None:
        """End them all: each puts back settings that it found, so that the last one started has to end first."""
        self._clients.clear()
        self._stack.close()
