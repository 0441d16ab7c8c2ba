"""What a worker sees while a block is recorded: its tasks, its messages, its disk and its memory."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from pickle import dumps
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil  # type: ignore[import-untyped, unused-ignore]
from distributed import Status, Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.metrics import time
from threadpoolctl import threadpool_info
from tornado.ioloop import PeriodicCallback

from daskcnn.cluster import SLURM_NODE
from daskcnn.recorder.records import Event, Key, Log, Message, Records, Sample
from daskcnn.recorder.scheduler import FAREWELL_SECONDS, keep_log
from daskcnn.recorder.taps import leave, listen

STATES = frozenset(("waiting", "ready", "constrained", "executing"))
"""Received; its inputs are there, for `constrained` but for a resource; taken up."""
SAMPLE_MILLISECONDS = 50
SETTLE_SECONDS = 1.0
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class WorkerLog:
    """What a worker's recorder brings home; times on the worker's own clock, in Unix seconds."""

    address: str
    asked: float
    delay: float
    """What Dask thought that the scheduler's clock was ahead when the recorder came."""
    under_way: frozenset[Key]
    """Tasks that it ran already when the recorder came."""
    executed: int
    """Tasks that it has run since, as it counts them itself."""
    states: Log
    runs: npt.NDArray[np.float64]
    """(run, 7) The fields of `Run`."""
    incoming: list[Message]
    outgoing: list[Message]
    spills: list[Event]
    memory: list[Sample]
    peak_memory: int
    blas_threads: int
    node: str
    """What Slurm calls it, "" where it is not Slurm's."""


@dataclass(eq=False)
class WorkerRecorder(WorkerPlugin):
    """Records on a worker until it is removed."""

    name: str
    records: Records = field(default_factory=Records)
    memory: list[Sample] = field(default_factory=list)

    def setup(self, worker: Worker) -> None:
        """Start to listen and to sample."""
        self.worker = worker
        self.process = psutil.Process()
        self.delay = worker.scheduler_delay
        self.executed = worker.state.executed_count
        self.under_way = frozenset(ts.key for ts in worker.state.executing | worker.state.long_running)
        self.high_water = _high_water()
        listen(worker, self.records)
        self.sample()
        self.sampler = PeriodicCallback(self.sample, SAMPLE_MILLISECONDS)
        self.sampler.start()

    async def teardown(self, worker: Worker) -> None:
        """Stop, and leave the worker as it was; where the worker itself ends, save its log."""
        self.sampler.stop()
        leave(worker, self.records)
        if worker.status == Status.closing:
            farewell = dumps((self.name, worker.contact_address, await self.log()))
            with suppress(OSError):
                await asyncio.wait_for(
                    worker.scheduler.run_function(function=dumps(keep_log), args=farewell), FAREWELL_SECONDS
                )

    def transition(self, key: Key, start: str, finish: str, **kwargs: Any) -> None:
        """Note how far a task has come."""
        if finish in STATES:
            self.records.states.note(key, finish)

    def sample(self) -> None:
        """Note the memory of now."""
        spilled = getattr(self.worker.data, "spilled_total", None)
        managed = self.worker.state.nbytes - (spilled.memory if spilled else 0)
        self.memory.append((time(), self.process.memory_info().rss, managed, spilled.disk if spilled else 0))

    async def log(self) -> WorkerLog:
        """What was seen so far."""
        asked, executed = time(), self.worker.state.executed_count - self.executed
        await self._settle()
        self.sample()
        peak = max(rss for _, rss, _, _ in self.memory)
        water = _high_water()
        return WorkerLog(
            self.worker.address,
            asked,
            self.delay,
            self.under_way,
            executed,
            self.records.states.copy(),
            np.array(self.records.runs, np.float64).reshape(-1, 7),
            list(self.records.incoming),
            list(self.records.outgoing),
            list(self.records.spills),
            list(self.memory),
            max(peak, water) if water > self.high_water else peak,
            max((pool["num_threads"] for pool in threadpool_info()), default=0),
            os.getenv(SLURM_NODE, ""),
        )

    async def _settle(self) -> None:
        """Let transfers under way end: a sender notes one a moment after the receiver has gone on."""
        deadline = time() + SETTLE_SECONDS
        while self.worker.transfer_outgoing_count or self.worker.state.transfer_incoming_count:
            if time() > deadline:
                return
            await asyncio.sleep(0.005)


async def worker_log(name: str, dask_worker: Worker) -> WorkerLog:
    """What the recorder of that name saw; runs on a worker. One that is only just coming fails."""
    recorder = dask_worker.plugins[name]
    assert isinstance(recorder, WorkerRecorder)
    return await recorder.log()


def _high_water() -> int:
    """Peak resident bytes of this process since it began, between samples too; 0 where Linux does not say."""
    found = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text()) if STATUS.exists() else None
    return int(found[1]) * 1024 if found else 0
