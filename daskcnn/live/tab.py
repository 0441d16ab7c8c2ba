"""The tab in a scheduler's dashboard, and what counts for it."""

from __future__ import annotations

from logging import getLogger
from typing import Any

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin

from daskcnn.live.announcement import Announcement
from daskcnn.live.blamer import Blamer
from daskcnn.live.counts import Counts

log = getLogger(__name__)
NAME = "daskcnn"
"""Of the tab, and of the plugin that counts."""
BESIDE = "status"


class Live(SchedulerPlugin):
    """Counts what the tasks of a scheduler do."""

    name = NAME
    idempotent = True

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.counts = Counts()
        self.blamer = Blamer(scheduler, self.counts)
        self.client = ""
        """Of the run that was announced last."""

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        """Count a task that is sent, or done: this runs some five times a task."""
        if finish == "processing":
            self.counts.sent(self.scheduler.tasks[key])
        elif start == "processing":
            if finish == "memory":
                self.counts.made(self.scheduler.tasks[key], kwargs)
            elif finish == "erred":
                self.counts.failed(self.scheduler.tasks[key])

    def remove_worker(self, scheduler: Scheduler, worker: str, **kwargs: Any) -> None:
        """Keep no count of a worker that is gone, but for what was planned for it."""
        self.counts.others.workers.pop(worker, None)

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """A run is over when its client goes."""
        if client == self.client:
            self.counts.end()

    async def close(self) -> None:
        """Stop with the scheduler."""
        self.blamer.close()


def dask_setup(scheduler: Scheduler) -> None:
    """Give a scheduler the tab, as its preload."""
    if live(scheduler) is None:
        log.warning("no dashboard here, so no tab in it: daskcnn.live has nothing to show")


def tell(announced: Announcement, client: str, dask_scheduler: Scheduler) -> None:
    """Show what a client is about to run; runs on the scheduler."""
    if found := live(dask_scheduler):
        found.client = client
        found.blamer.forget()
        found.counts.announce(announced, {own.address: str(own.name) for own in dask_scheduler.workers.values()})


def live(scheduler: Scheduler) -> Live | None:
    """What counts on a scheduler, which has the tab from the first call on; none where there is no dashboard."""
    if NAME in scheduler.plugins:
        found = scheduler.plugins[NAME]
        assert isinstance(found, Live)
        return found
    # Bokeh is imported where there is a dashboard, and by no client.
    try:
        from daskcnn.live.page import add
    except ImportError:
        return None
    if not add(scheduler, NAME, BESIDE):
        return None
    found = Live(scheduler)
    scheduler.add_plugin(found, name=NAME, idempotent=True)
    return found
