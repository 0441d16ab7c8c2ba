"""What a worker sees while a block is recorded: what it receives and sends, and its memory."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped, unused-ignore]
from distributed import Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.metrics import time
from threadpoolctl import threadpool_info
from tornado.ioloop import PeriodicCallback

SAMPLE_MILLISECONDS = 50
SETTLE_SECONDS = 1.0
STATUS = Path("/proc/self/status")

Gather = tuple[str, float, float, dict[Any, int]]
"""The other end's address, start and stop, bytes of each key."""


@dataclass(frozen=True)
class WorkerLog:
    """What a worker's recorder brings home; times on the scheduler's clock, in Unix seconds."""

    asked: float
    executed: int
    incoming: list[Gather]
    outgoing: list[Gather]
    memory: list[tuple[float, int, int]]
    """Time, resident and managed bytes."""
    peak_memory: int
    blas_threads: int


class Tap(deque[dict[str, Any]]):
    """One of a worker's ring logs, which also hands each record to the recordings under way."""

    listeners: list[list[dict[str, Any]]]

    def append(self, record: dict[str, Any]) -> None:
        """Keep a record as the ring would, and pass it on: a ring forgets, a recording does not."""
        super().append(record)
        for listener in self.listeners:
            listener.append(record)


@dataclass(eq=False)
class WorkerRecorder(WorkerPlugin):
    """Records on a worker until it is removed."""

    name: str
    incoming: list[dict[str, Any]] = field(default_factory=list)
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    memory: list[tuple[float, int, int]] = field(default_factory=list)

    def setup(self, worker: Worker) -> None:
        """Start to listen and to sample."""
        self.worker = worker
        self.process = psutil.Process()
        self.executed = worker.state.executed_count
        self.high_water = _high_water()
        _listen(worker, "transfer_incoming_log", self.incoming)
        _listen(worker, "transfer_outgoing_log", self.outgoing)
        self.sample()
        self.sampler = PeriodicCallback(self.sample, SAMPLE_MILLISECONDS)
        self.sampler.start()

    def teardown(self, worker: Worker) -> None:
        """Stop, and leave the worker's logs as they were."""
        self.sampler.stop()
        _leave(worker, "transfer_incoming_log", self.incoming)
        _leave(worker, "transfer_outgoing_log", self.outgoing)

    def sample(self) -> None:
        """Note the memory of now."""
        spilled = getattr(self.worker.data, "spilled_total", None)
        managed = self.worker.state.nbytes - (spilled.memory if spilled else 0)
        self.memory.append((self.now(), self.process.memory_info().rss, managed))

    def now(self) -> float:
        """The scheduler's clock, as Dask estimates it."""
        return time() + self.worker.scheduler_delay

    async def log(self) -> WorkerLog:
        """What was seen so far."""
        asked, executed = self.now(), self.worker.state.executed_count - self.executed
        await self._settle()
        self.sample()
        peak = max(rss for _, rss, _ in self.memory)
        water = _high_water()
        return WorkerLog(
            asked,
            executed,
            [_gather(record) for record in self.incoming],
            [_gather(record) for record in self.outgoing],
            list(self.memory),
            max(peak, water) if water > self.high_water else peak,
            max((pool["num_threads"] for pool in threadpool_info()), default=0),
        )

    async def _settle(self) -> None:
        """Let transfers under way end: a sender notes one a moment after the receiver has gone on."""
        deadline = time() + SETTLE_SECONDS
        while True:
            await asyncio.sleep(0.005)
            busy = self.worker.transfer_outgoing_count or self.worker.state.transfer_incoming_count
            if not busy or time() > deadline:
                return


async def worker_log(name: str, dask_worker: Worker) -> WorkerLog:
    """What the recorder of that name saw; runs on a worker."""
    recorder = dask_worker.plugins[name]
    assert isinstance(recorder, WorkerRecorder)
    return await recorder.log()


def _listen(worker: Worker, log: str, listener: list[dict[str, Any]]) -> None:
    ring = getattr(worker, log)
    if not isinstance(ring, Tap):
        tap = Tap(ring, ring.maxlen)
        tap.listeners = []
        setattr(worker, log, tap)
    getattr(worker, log).listeners.append(listener)


def _leave(worker: Worker, log: str, listener: list[dict[str, Any]]) -> None:
    tap = getattr(worker, log)
    tap.listeners = [other for other in tap.listeners if other is not listener]
    if not tap.listeners:
        setattr(worker, log, deque(tap, tap.maxlen))


def _gather(record: dict[str, Any]) -> Gather:
    return record["who"], record["start"], record["stop"], record["keys"]


def _high_water() -> int:
    """Peak resident bytes of this process since it began, between samples too; 0 where Linux does not say."""
    found = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text()) if STATUS.exists() else None
    return int(found[1]) * 1024 if found else 0
