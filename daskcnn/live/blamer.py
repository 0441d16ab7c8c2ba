"""Blame worked out again and again while somebody looks, beside the scheduler's own work and seldom enough."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from time import localtime, strftime, thread_time

from distributed import Scheduler

from daskcnn.live.blamed import Blamed, blamed
from daskcnn.live.counts import Counts
from daskcnn.recorder.scheduler import SchedulerLog, SchedulerRecorder

NAME = "daskcnn-live-recorder"
EVERY = 1.0
"""Seconds between two answers at least."""
SPARE = 20
"""As many times as long as an answer took nothing is worked out."""
MOST = 1_000_000
"""States of tasks that are looked through."""


class Blamer:
    """The blame so far of what runs on a scheduler."""

    def __init__(self, scheduler: Scheduler, counts: Counts) -> None:
        self.found: Blamed | None = None
        self.problem = ""
        """Why there is none."""
        self._scheduler, self._counts = scheduler, counts
        self._readers = 0
        self._seen: tuple[SchedulerRecorder, int] | None = None
        self._latest: SchedulerRecorder | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def since(self) -> str:
        """The time of day from which on tasks are followed, nothing before that begins."""
        return strftime("%X", localtime(self._seen[0].started)) if self._seen else ""

    def enter(self) -> None:
        """Somebody looks."""
        self._readers += 1
        if self._work is None:
            self._work = asyncio.ensure_future(self._follow())

    def leave(self) -> None:
        """Somebody looks no longer."""
        self._readers -= 1
        if not self._readers:
            self.close()

    def forget(self) -> None:
        """Another run begins."""
        self.found = self._latest = None

    def close(self) -> None:
        """Stop."""
        if self._work:
            self._work.cancel()
            self._work = self._seen = None

    async def _follow(self) -> None:
        try:
            while True:
                took = 0.0
                try:
                    took = await self._look()
                except Exception as error:  # what cannot be blamed is said, and tried again
                    self.problem = f"{type(error).__name__}: {error}"
                await asyncio.sleep(max(EVERY, SPARE * took))
        finally:
            self._stop()

    async def _look(self) -> float:
        """Work it out anew if anything has happened; how many seconds of computing it took."""
        phase = self._counts.current.phase
        recorder = await self._recorder(phase is not None)
        state = (recorder, len(recorder.states.keys))
        if state == self._seen:
            return 0.0
        self._seen = state
        if state[1] > MOST:
            self.problem = f"more than {MOST:,} states of tasks: too many to look through while tasks run"
            return 0.0
        workers = frozenset(own.name for own in phase.workers) if phase else ()
        of = (phase.name, phase.tag) if phase else (f"since {self.since}", "")
        found, took = await asyncio.to_thread(_timed, recorder.log({}), *of, workers)
        self.found, self.problem = found or self.found, ""
        return took

    async def _recorder(self, planned: bool) -> SchedulerRecorder:
        """That of the client which runs, or ran what was planned; else one from now on."""
        recorders = [own for own in self._scheduler.plugins.values() if isinstance(own, SchedulerRecorder)]
        theirs = [own for own in recorders if own.name != NAME]
        # When it is no plugin any longer, it still knows the end of its run.
        self._latest = theirs[-1] if theirs else self._latest if planned else None
        if self._latest:
            self._stop()
            return self._latest
        if recorders:
            return recorders[0]
        own = SchedulerRecorder(NAME, "")
        await own.start(self._scheduler)
        self._scheduler.add_plugin(own, name=NAME)
        return own

    def _stop(self) -> None:
        if NAME in self._scheduler.plugins:
            self._scheduler.remove_plugin(NAME)


def _timed(seen: SchedulerLog, of: str, tag: str, workers: Collection[str]) -> tuple[Blamed | None, float]:
    """The blame, and the seconds of computing that it took."""
    started = thread_time()
    return blamed(seen, of, tag, workers), thread_time() - started
