"""Connections that hold a cluster together: the scheduler ends with its first client, and a nanny with its scheduler.

A connection breaks however a process ends, by itself or killed; nobody has to be there to tell the others.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from threading import Timer
from typing import ClassVar

from distributed import Nanny, Scheduler
from distributed.comm.core import connect
from distributed.core import Status
from distributed.diagnostics.plugin import SchedulerPlugin

PATIENCE = 50.0
"""Seconds that a scheduler waits for its first client."""
GRACE = 2.0
"""Seconds that a worker has for its end before it is killed."""
LAST = 20.0
"""Seconds after which a nanny's process ends, whatever hinders the nanny."""


class EndsWithItsClient(SchedulerPlugin):  # type: ignore[misc, unused-ignore]
    """Ends a scheduler when the first client that it had is gone, or none came."""

    name = "daskcnn-ends-with-its-client"

    def __init__(self, scheduler: Scheduler) -> None:
        self.first: str | None = None
        self._end: asyncio.Task[None] | None = None
        asyncio.get_running_loop().call_later(PATIENCE, self._unless_a_client_came, scheduler)

    def add_client(self, scheduler: Scheduler, client: str) -> None:
        """A client has connected."""
        self.first = self.first or client

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """A client has left, or was lost."""
        if client == self.first:
            self._close(scheduler)

    def _unless_a_client_came(self, scheduler: Scheduler) -> None:
        if self.first is None:
            self._close(scheduler)

    def _close(self, scheduler: Scheduler) -> None:
        self._end = asyncio.create_task(scheduler.close(reason="its client has left"))


class EndsWithItsScheduler(Nanny):  # type: ignore[misc, unused-ignore]
    """A nanny that ends when its scheduler does, with its worker, also where that is busy, or just starts."""

    ended: ClassVar[bool] = False
    """Whether that of this process has."""

    async def start_unsafe(self) -> EndsWithItsScheduler:
        """Start, and hold a connection from before the worker does."""
        self._watching = asyncio.create_task(self._watch())
        await super().start_unsafe()  # type: ignore[no-untyped-call, unused-ignore]
        return self

    async def _watch(self) -> None:
        # Nothing is ever sent on it. CommClosedError is an OSError.
        with suppress(OSError, TimeoutError):
            connection = await connect(self.scheduler.addr, timeout=PATIENCE, **self.connection_args)
            try:
                await connection.read()
            finally:
                connection.abort()
        EndsWithItsScheduler.ended = True
        last = Timer(LAST, os._exit, [1])
        last.daemon = True
        last.start()
        if (worker := self.process) and worker.status == Status.starting and worker.process:
            # Dask would wait until it has started, for which it needs the scheduler.
            await worker.process.kill()
        await self.close(timeout=GRACE, reason="its scheduler has ended")


def dask_setup(scheduler: Scheduler) -> None:
    """What Dask calls in a scheduler that has this module as its preload."""
    scheduler.add_plugin(EndsWithItsClient(scheduler))
