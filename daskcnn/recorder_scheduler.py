"""What the scheduler sees while a block is recorded: tasks that end, workers that come and go, events."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.metrics import time

from daskcnn.cluster import order

Worker = tuple[str, str, str, int, int, int]
"""Name, address, host, pid, threads, memory limit in bytes."""
Finished = tuple[Any, str, int, float, float, int]
"""Key, worker's address, thread, start and stop of computing, bytes of the result."""
Event = tuple[float, str, str, str]
"""Time, kind, worker's address, detail."""


@dataclass(frozen=True)
class SchedulerLog:
    """What a scheduler's recorder brings home; times on the scheduler's clock, in Unix seconds."""

    started: float
    workers: list[Worker]
    tasks: list[Finished]
    events: list[Event]
    unstamped: int
    """Tasks that reached memory without a record of their computing."""


@dataclass(eq=False)
class SchedulerRecorder(SchedulerPlugin):
    """Records on the scheduler until its client is gone, or it is removed."""

    name: str
    client: str
    started: float = 0.0
    workers: dict[str, Worker] = field(default_factory=dict)
    tasks: list[Finished] = field(default_factory=list)
    unstamped: int = 0
    events: list[Event] = field(default_factory=list)

    async def start(self, scheduler: Scheduler) -> None:
        """Note who is there; those who join later come after them."""
        self.started = time()
        for worker in sorted(scheduler.workers.values(), key=lambda w: order(w.name, w.address)):
            self._meet(worker)

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        """Keep when and where a task computed: this runs some five times a task, and must not fail."""
        if finish == "memory":
            # The last stamp counts: a task that is computed again keeps those of before. Plain numbers
            # in a tuple are no work for the garbage collector, however many tasks there are.
            computed = None
            for stamp in kwargs.get("startstops", ()):
                if stamp["action"] == "compute":
                    computed = stamp
            if computed is None:
                self.unstamped += 1
                return
            place = kwargs["worker"], kwargs.get("thread") or 0
            self.tasks.append((key, *place, computed["start"], computed["stop"], kwargs["nbytes"]))
        elif start == "processing":
            if finish == "erred":
                detail = f"{key}: {kwargs.get('exception_text', '')}"
                self.events.append((time(), "erred", kwargs.get("worker") or "", detail))
            elif str(kwargs.get("stimulus_id")).startswith(("task-erred", "reschedule")):
                self.events.append((time(), "retry", "", str(key)))

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        """Note a worker that joins."""
        self._meet(scheduler.workers[worker])
        self.events.append((time(), "worker-joined", worker, worker))

    def remove_worker(self, scheduler: Scheduler, worker: str, **kwargs: Any) -> None:
        """Note a worker that leaves."""
        self.events.append((time(), "worker-lost", worker, worker))

    def log_event(self, topic: str, msg: Any) -> None:
        """Note a task that was taken from one worker for another."""
        if topic == "stealing" and msg[0] == "confirm":
            _, key, _, victim, thief, _ = msg
            self.events.append((time(), "steal", thief, f"{key}: {victim} to {thief}"))

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Do not outlive the client: nobody would ever come for the records."""
        if client == self.client:
            scheduler.remove_plugin(self.name)
            self._farewell = asyncio.ensure_future(scheduler.unregister_worker_plugin(None, self.name))

    def log(self) -> SchedulerLog:
        """What was seen so far."""
        workers = list(self.workers.values())
        return SchedulerLog(self.started, workers, list(self.tasks), list(self.events), self.unstamped)

    def _meet(self, worker: Any) -> None:
        self.workers[worker.address] = (
            str(worker.name),
            worker.address,
            worker.host,
            worker.pid,
            worker.nthreads,
            worker.memory_limit or 0,
        )


def scheduler_log(name: str, dask_scheduler: Scheduler) -> SchedulerLog:
    """What the recorder of that name saw; runs on the scheduler."""
    recorder = dask_scheduler.plugins[name]
    assert isinstance(recorder, SchedulerRecorder)
    return recorder.log()
