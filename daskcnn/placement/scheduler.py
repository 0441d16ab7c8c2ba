"""The table of owners and their workers, where it is always true: on the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.metrics import time
from tornado.ioloop import PeriodicCallback

from daskcnn.cluster import order
from daskcnn.placement.assigned import Worker, assigned

LISTEN_MILLISECONDS = 1000
SILENT = 25
"""Looks in a row after which a worker that nobody has heard of is taken to be lost: frozen, or cut off."""
ENDING_SECONDS = 10.0
"""What the nanny of such a worker has to end it."""


class Losses(NamedTuple):
    """What happened to the workers while a run went on."""

    workers_lost: int = 0
    """That had tasks of the run."""
    workers_joined: int = 0
    """That came for them."""
    tasks_recomputed: int = 0
    """That were sent to a worker again, for the first one, or what it had made, was lost."""


class Full(NamedTuple):
    """A worker that is paused."""

    address: str
    memory: int
    limit: int


class State(NamedTuple):
    """How a run's workers are."""

    losses: Losses
    addresses: tuple[str, ...]
    """Of all workers that had tasks: those of the plan in its order, and those that came for them."""
    owners: int
    there: int
    """How many workers have tasks now; 0 where all are lost."""
    paused: tuple[Full, ...]
    """Of these."""
    busy: bool
    """Whether one of these computes."""
    waiting: int
    """Tasks that no worker may run now."""


@dataclass(eq=False)
class Placement(SchedulerPlugin):
    """Pins each task to the worker of its owner, and to another one when that is lost.

    All tasks of an owner share one set of restrictions, so that to change it moves them all.
    """

    name: str
    client: str
    addresses: list[str]
    """(owner,) At first; then of all workers that ever had tasks."""
    homes: list[Worker] = field(default_factory=list)
    pins: list[set[str]] = field(default_factory=list)
    """(owner,) The address of its worker, by itself: Dask's restriction of its tasks."""
    sent: dict[Any, bool] = field(default_factory=dict)
    """By key whether each task was sent to a worker."""
    lost: int = 0
    joined: int = 0
    again: int = 0
    silent: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By address when it was heard of last, and at how many looks that was so."""

    async def start(self, scheduler: Scheduler) -> None:
        """Meet the workers; called before the plugin is among the others."""
        self.scheduler = scheduler
        there = {worker.address: worker for worker in _workers(scheduler)}
        self.homes = [there.get(address, Worker(address, "", "", "")) for address in self.addresses]
        self.pins = [{address} for address in self.addresses]
        self.lost = len({*self.addresses} - there.keys())
        self._assign()
        self.listener = PeriodicCallback(self._listen, LISTEN_MILLISECONDS)
        self.listener.start()

    def update_graph(self, scheduler: Scheduler, *, annotations: Mapping[str, Any], **kwargs: Any) -> None:
        """Pin new tasks, before any of them is sent."""
        owners: Mapping[Any, int] = annotations.get(self.name, {})
        self.sent.update(dict.fromkeys(owners, False))
        for key, owner in owners.items():
            scheduler.tasks[key].worker_restrictions = self.pins[owner]

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        """Count what is sent again: this runs some five times a task."""
        if finish == "processing" and (sent := self.sent.get(key)) is not None:
            self.again += sent
            self.sent[key] = True

    def remove_worker(self, scheduler: Scheduler, worker: str, *, stimulus_id: str, **kwargs: Any) -> None:
        """Move what was pinned to a worker that is gone; Dask has released its tasks just before."""
        if {worker} in self.pins:
            self.lost += 1
            self._assign()
            self._go_on(stimulus_id)

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        """Give a worker that comes again its tasks back, and a new one those of lost ones."""
        before = {worker} in self.pins
        self._assign()
        if {worker} in self.pins and not before:
            self.joined += 1
            self._go_on(f"daskcnn-{worker}-joined-{time()}")

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Do not outlive the client."""
        if client == self.client:
            scheduler.remove_plugin(self.name)

    async def close(self) -> None:
        """End with the scheduler."""
        self.listener.stop()

    def state(self) -> State:
        """How the workers are now."""
        workers = [self.scheduler.workers.get(address) for address in {*self._places()}]
        there = [worker for worker in workers if worker]
        paused = [Full(w.address, w.metrics["memory"], w.memory_limit) for w in there if w.status.name == "paused"]
        return State(
            Losses(self.lost, self.joined, self.again),
            tuple(self.addresses),
            len(self.pins),
            len(there),
            tuple(paused),
            any(worker.metrics.get("task_counts", {}).get("executing") for worker in there),
            len(self._unrunnable()),
        )

    def _assign(self) -> None:
        places = assigned(self.homes, _workers(self.scheduler))
        for pin, place in zip(self.pins, places, strict=True):
            # Never empty, which would be no restriction.
            pin.add(place)
            pin.intersection_update({place})
        self.addresses = list(dict.fromkeys([*self.addresses, *places]))

    def _go_on(self, stimulus_id: str) -> None:
        """Send what found no worker, and may have one now."""
        # Dask takes the last one first.
        waiting = sorted(self._unrunnable(), key=attrgetter("priority"), reverse=True)
        self.scheduler.transitions({task.key: "processing" for task in waiting}, stimulus_id)

    def _unrunnable(self) -> list[Any]:
        return [task for task in self.scheduler.unrunnable if task.key in self.sent]

    def _places(self) -> list[str]:
        """(owner,) Where its tasks are."""
        return [place for pin in self.pins for place in pin]

    def _listen(self) -> None:
        """End workers of which nothing is heard: Dask itself waits for minutes."""
        if self.scheduler.plugins.get(self.name) is not self:
            self.listener.stop()
            return
        for address in {*self._places()} & self.scheduler.workers.keys():
            seen, (before, looks) = self.scheduler.workers[address].last_seen, self.silent.get(address, (0.0, 0))
            # By looks, not by the clock, which goes on while this process is stopped.
            self.silent[address] = (seen, looks + 1 if seen == before else 0)
        if lost := [address for address, (_, looks) in self.silent.items() if looks >= SILENT]:
            self.silent = {address: known for address, known in self.silent.items() if address not in lost}
            self.ending = asyncio.ensure_future(
                self.scheduler.restart_workers(
                    lost,
                    timeout=ENDING_SECONDS,
                    wait_for_workers=False,
                    on_error="return",
                    stimulus_id=f"daskcnn-silent-{time()}",
                )
            )


def state(name: str, dask_scheduler: Scheduler) -> State:
    """How the workers of a placement are; runs on the scheduler."""
    plugin = dask_scheduler.plugins[name]
    assert isinstance(plugin, Placement)
    return plugin.state()


def _workers(scheduler: Scheduler) -> list[Worker]:
    """All, in the order of `daskcnn.cluster.owners`."""
    return [
        Worker(worker.address, str(worker.name), worker.nanny or "", worker.host, worker in scheduler.running)
        for worker in sorted(scheduler.workers.values(), key=lambda own: order(own.name, own.address))
    ]
