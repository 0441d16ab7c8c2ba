"""What the scheduler sees while a block is recorded: tasks on their way, workers that come and go, events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from math import nan
from typing import Any

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.metrics import time

from daskcnn.cluster import order
from daskcnn.recorder.clocks import Clock, between, clocks
from daskcnn.recorder.records import Event, Key, Log

AWAITED = frozenset(("waiting", "queued", "no-worker", "processing"))
FAREWELL_SECONDS = 2.0
"""What a worker that ends has to save its log."""
Worker = tuple[str, str, str, int, int, int]
"""Name, address, host, pid, threads, memory limit in bytes."""
Finished = tuple[str, int, float, float, int]
"""Worker's address, thread, start and stop of computing as the worker told, NaN if it did not; bytes of the result."""


@dataclass(frozen=True)
class SchedulerLog:
    """What a scheduler's recorder brings home; times on the scheduler's clock, in Unix seconds."""

    started: float
    workers: list[Worker]
    states: Log
    """Every state that a task came to; those of before the recording at unknown times."""
    finished: list[Any]
    """The fields of a `Finished` for each `memory` in `states`, in order, one after the other."""
    readers: list[Key]
    reads: list[Key]
    """For each edge of a graph the task that reads, and the one that is read."""
    events: list[Event]
    clocks: dict[str, Clock]
    logs: dict[str, Any]
    """Of workers that have ended, by address."""


@dataclass(eq=False)
class SchedulerRecorder(SchedulerPlugin):
    """Records on the scheduler until its client is gone, or it is removed."""

    name: str
    client: str
    started: float = 0.0
    workers: dict[str, Worker] = field(default_factory=dict)
    states: Log = field(default_factory=Log)
    finished: list[Any] = field(default_factory=list)
    readers: list[Key] = field(default_factory=list)
    reads: list[Key] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    paused: dict[str, float] = field(default_factory=dict)
    ending: set[str] = field(default_factory=set)
    logs: dict[str, Any] = field(default_factory=dict)

    async def start(self, scheduler: Scheduler) -> None:
        """Note who is there, and what is awaited already; those who join later come after them."""
        self.clocks = await clocks(scheduler, scheduler.workers)
        self.started = time()
        for worker in sorted(scheduler.workers.values(), key=lambda w: order(w.name, w.address)):
            self._meet(worker)
            if worker.status.name == "paused":
                self.paused[worker.address] = self.started
        awaited = [task for task in scheduler.tasks.values() if task.state in AWAITED]
        self.states.note_all([task.key for task in awaited], (task.state for task in awaited), nan)
        self._connect(awaited)

    def update_graph(self, scheduler: Scheduler, *, tasks: list[Key], **kwargs: Any) -> None:
        """Note the tasks of a graph and what they read."""
        self.states.note_all(tasks, repeat("submitted", len(tasks)), time())
        self._connect(scheduler.tasks[key] for key in tasks)

    def transition(self, key: Key, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        """Note how far a task has come: this runs some five times a task, and must not fail."""
        if finish == "memory":
            self.states.note(key, finish)
            self.finished.extend(_finished(kwargs))
        elif start == finish:
            return
        elif finish in AWAITED:
            self.states.note(key, finish)
        elif start == "processing":
            self.states.note(key, finish)
            if finish == "erred":
                detail = f"{key}: {kwargs.get('exception_text', '')}"
                self.events.append((time(), 0.0, "erred", kwargs.get("worker") or "", detail))
            elif str(kwargs.get("stimulus_id")).startswith(("task-erred", "reschedule")):
                self.events.append((time(), 0.0, "retry", "", str(key)))

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        """Note a worker that joins."""
        self._meet(scheduler.workers[worker])
        self.events.append((time(), 0.0, "worker-joined", worker, worker))

    def remove_worker(self, scheduler: Scheduler, worker: str, **kwargs: Any) -> None:
        """Note a worker that leaves."""
        self._resume(worker)
        self.events.append((time(), 0.0, "worker-lost", worker, worker))

    def log_event(self, topic: str, msg: Any) -> None:
        """Note a task that was taken from one worker for another, and a worker that pauses or goes on."""
        match msg:
            case ("confirm", key, _, victim, thief, _) if topic == "stealing":
                self.states.note(key, "processing")
                self.events.append((time(), 0.0, "steal", thief, f"{key}: {victim} to {thief}"))
            case {"action": "worker-status-change", "status": status} if topic in self.workers:
                self._resume(topic)
                if status == "paused":
                    self.paused[topic] = time()
            case {"action": "closing-worker"}:
                self.ending.add(topic)

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Do not outlive the client: nobody would ever come for the records."""
        if client == self.client:
            scheduler.remove_plugin(self.name)
            self._farewell = asyncio.ensure_future(scheduler.unregister_worker_plugin(None, self.name))

    def log(self, last: Mapping[str, Clock]) -> SchedulerLog:
        """What was seen so far; `last` are the clocks as they are now."""
        now = time()
        paused = [_paused(worker, since, now) for worker, since in self.paused.items()]
        return SchedulerLog(
            self.started,
            list(self.workers.values()),
            self.states.copy(),
            list(self.finished),
            list(self.readers),
            list(self.reads),
            self.events + paused,
            between(self.clocks, last),
            dict(self.logs),
        )

    def _meet(self, worker: Any) -> None:
        self.workers[worker.address] = (
            str(worker.name),
            worker.address,
            worker.host,
            worker.pid,
            worker.nthreads,
            worker.memory_limit or 0,
        )

    def _connect(self, tasks: Iterable[Any]) -> None:
        for task in tasks:
            for read in task.dependencies:
                self.readers.append(task.key)
                self.reads.append(read.key)

    def _resume(self, worker: str) -> None:
        """Note the end of a pause, where there is one."""
        if worker in self.paused:
            self.events.append(_paused(worker, self.paused.pop(worker), time()))


async def scheduler_log(name: str, dask_scheduler: Scheduler) -> SchedulerLog:
    """What the recorder of that name saw; runs on the scheduler."""
    recorder = dask_scheduler.plugins[name]
    assert isinstance(recorder, SchedulerRecorder)
    last = await clocks(dask_scheduler, dask_scheduler.workers)
    deadline = time() + FAREWELL_SECONDS
    while recorder.ending and time() < deadline:
        await asyncio.sleep(0.01)
    return recorder.log(last)


def keep_log(name: str, address: str, log: Any, dask_scheduler: Scheduler) -> None:
    """Take the log of a worker that ends, if the recording is still under way; runs on the scheduler."""
    recorder = dask_scheduler.plugins.get(name)
    if isinstance(recorder, SchedulerRecorder):
        recorder.logs[address] = log
        recorder.ending.discard(log.address)


def _finished(told: Mapping[str, Any]) -> Finished:
    # The last stamp counts: a task that is computed again keeps those of before.
    start, stop = nan, nan
    for stamp in told.get("startstops", ()):
        if stamp["action"] == "compute":
            start, stop = stamp["start"], stamp["stop"]
    return told.get("worker", ""), told.get("thread") or 0, start, stop, told.get("nbytes", 0)


def _paused(worker: str, since: float, until: float) -> Event:
    return since, until - since, "paused", worker, worker
