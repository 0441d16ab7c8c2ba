"""Work that waits at one of its tasks, so that a test knows what is under way when it ends a worker."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic, sleep
from typing import Any

from dask._task_spec import Task
from distributed import Client, Event, Queue, Scheduler, get_worker

from daskcnn import execution
from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.cluster import owners
from daskcnn.forward import Forward
from daskcnn.placement import Pins

PATIENCE = 30
"""Seconds after which what should have happened is taken to hang."""


def hold(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Compute a task once it is let go, and tell where it waits until then."""
    Queue(name).put(get_worker().address)
    assert Event(name).wait(PATIENCE)
    return function(*args, **kwargs)


def holding(work: Forward, key: Key, name: str) -> Forward:
    """The same work, whose task waits under that name."""

    def held(layer: BlockLayer) -> BlockLayer:
        task = layer.tasks.get(key)
        if not isinstance(task, Task):
            return layer
        waiting = Task(key, hold, name, task.func, *task.args, **task.kwargs)
        return replace(layer, tasks=layer.tasks | {key: waiting})

    return replace(work, setup=tuple(map(held, work.setup)), work=tuple(map(held, work.work)))


@dataclass(frozen=True)
class Held:
    """A task under way."""

    client: Client
    name: str

    def where(self) -> str:
        """Address of the worker that has begun it, each once."""
        return str(Queue(self.name, client=self.client).get(timeout=PATIENCE))

    def let_go(self) -> None:
        """Let it be computed, wherever it is."""
        Event(self.name, client=self.client).set()


@contextmanager
def computing(pins: Pins, work: Forward, key: Key, name: str) -> Iterator[tuple[Held, "Future[dict[Key, Any]]"]]:
    """Work under way that waits at a task, and what will come of it; images and parameters may be what waits."""

    def compute() -> dict[Key, Any]:
        with execution.placed(pins, own):
            return execution.compute(pins, own, ends(own))

    own, held = holding(work, key, name), Held(pins.client, name)
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(compute)
        try:
            yield held, found
        finally:
            held.let_go()


def kill(client: Client, address: str) -> None:
    """End a worker's process at once."""
    os.kill(client.run(os.getpid, workers=[address])[address], signal.SIGKILL)


def whole_again(client: Client, workers: int) -> list[str]:
    """The workers, once there are so many again."""
    deadline = monotonic() + PATIENCE
    while len(client.run(os.getpid, on_error="ignore")) != workers:
        assert monotonic() < deadline, "workers are not started anew"
        sleep(0.05)
    return owners(client)


async def remove(address: str, dask_scheduler: Scheduler) -> None:
    """Lose a worker as if it had died; runs on the scheduler."""
    await dask_scheduler.remove_worker(address, stimulus_id="test")


def ends(work: Forward) -> list[BlockLayer]:
    """The tasks whose results are the network's outputs."""
    return [layer for layer in work.work if layer.name in work.names.values()]


def alone(work: Forward) -> list[int]:
    """The predictions without Dask."""
    return predictions(execution.serial(work, ends(work), execution.held(work))[1])


def predictions(found: dict[Key, Any]) -> list[int]:
    """The classes of all images, in order."""
    return [int(image) for block in found.values() for image in block]
