"""Work on a cluster gives what it gives without Dask, where the plan says, or fails in one line."""

import weakref
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from time import monotonic

import numpy as np
import pytest
from dask._task_spec import Task
from distributed import Client, Scheduler
from distributed.comm.core import CommClosedError
from numpy.typing import NDArray

from daskcnn import execution, networks
from daskcnn.blocks.layer import Key
from daskcnn.cluster import connect, owners
from daskcnn.errors import RunError
from daskcnn.forward import Forward, forward
from daskcnn.layers import Conv2d, Relu
from daskcnn.network import Layer, Network
from daskcnn.placement import Pins, placement
from daskcnn.plan import Plan
from daskcnn.recorder import record
from daskcnn.sources import MnistTest
from daskcnn.trace import missing

IMAGES = 30
TAGS = (f"t{number}" for number in range(1000))
"""Fresh ones: Dask would answer from memory what it has computed under the same keys."""


def work_of(chunks: str, engine: str = "numpy", batch: int | None = None) -> Forward:
    plan = Plan.of(networks.mnist().classifier(), chunks, images=IMAGES, workers=2, batch=batch)
    return forward(plan, MnistTest(IMAGES), engine=engine, tag=next(TAGS))


def alone(work: Forward) -> list[int]:
    """The predictions without Dask."""
    seconds, found = execution.serial(work, work.work[-1:], execution.held(work))
    assert seconds > 0
    return [int(image) for key in work.work[-1].tasks for image in found[key]]


def failing(work: Forward, error: Exception) -> Forward:
    """The same work, but the first task raises."""

    def fail() -> None:
        raise error

    first, *others = work.work
    key = next(iter(first.tasks))
    return replace(work, work=(replace(first, tasks=first.tasks | {key: Task(key, fail)}), *others))


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    with connect("threads", workers=2) as client:
        yield client


@pytest.fixture
def pins(shared: Client) -> Iterator[Pins]:
    with placement(shared, owners(shared, 2)) as pins:
        yield pins


@pytest.mark.parametrize("chunks", ["serial", "batch=3", "channel=3", "spatial=2x2"])
@pytest.mark.parametrize("engine", ["numpy", "onnxruntime"])
def test_the_cluster_gives_what_serial_work_gives(pins: Pins, chunks: str, engine: str) -> None:
    work = work_of(chunks, engine)
    with execution.placed(pins, work):
        found = execution.compute(pins, work, work.work[-1:])
    assert list(found) == list(work.work[-1].tasks)
    assert np.concatenate(list(found.values())).tolist() == alone(work_of("serial", engine))


def test_serial_work_of_any_plan_is_the_same() -> None:
    works = [work_of(chunks) for chunks in ("serial", "channel=2", "spatial=3x2", "batch=7")]
    first, *others = map(alone, works)
    assert len(first) == IMAGES
    assert all(first == other for other in others)


def test_serial_work_lets_go_of_each_block_of_images_before_the_next() -> None:
    work = work_of("serial", batch=5)
    alive: list[int] = []
    refs: list[weakref.ref[NDArray[np.float32]]] = []
    read, *_ = (layer for layer in work.setup if layer.label.endswith("images"))

    def reading(task: Task) -> NDArray[np.float32]:
        images: NDArray[np.float32] = task({})
        refs.append(weakref.ref(images))
        alive.append(sum(ref() is not None for ref in refs))
        return images

    read.tasks.update({key: Task(key, partial(reading, task)) for key, task in read.tasks.items()})
    alone(work)
    assert alive == [1] * (IMAGES // 5)


def test_images_and_parameters_lie_with_their_owners_and_nowhere_else(shared: Client) -> None:
    work, addresses = work_of("spatial=2x2"), owners(shared, 2)[::-1]
    owned = {
        key: addresses[owner] for layer in work.setup for key, owner in zip(layer.tasks, layer.owners, strict=True)
    }

    def places(dask_scheduler: Scheduler) -> dict[Key, list[str]]:
        tasks = dask_scheduler.tasks
        return {key: [state.address for state in tasks[key].who_has or ()] for key in owned if key in tasks}

    with placement(shared, addresses) as pins, execution.placed(pins, work):
        assert shared.run_on_scheduler(places) == {key: [address] for key, address in owned.items()}
    deadline = monotonic() + 10
    while shared.run_on_scheduler(places):
        assert monotonic() < deadline, "what was placed is still there"


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no\nluck"),
        TimeoutError("too late"),
        OSError(28, "No space left on device"),
        MemoryError("4 GiB"),
        CommClosedError("in <TCP>: closed"),
        ImportError("No module named 'elsewhere'"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_task_that_fails_is_told_in_one_line(pins: Pins, error: Exception) -> None:
    work = failing(work_of("batch"), error)
    with execution.placed(pins, work), pytest.raises(RunError, match=type(error).__name__) as raised:
        execution.compute(pins, work, work.work[-1:])
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 500


def test_workers_that_stay_full_end_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "PATIENCE", 0.1)
    monkeypatch.setattr(execution, "HALTED", 3)
    with (
        connect("threads", workers=2, memory_limit="20MB") as client,
        placement(client, owners(client, 2)) as pins,
    ):
        work = work_of("batch")
        told = r"2 of 2 workers stay paused \(\d.* of 19.07 MiB taken\).*--memory-limit.*--batch"
        with (
            pytest.raises(RunError, match=told) as raised,
            execution.placed(pins, work),
        ):
            for _ in range(1000):
                own = work.retagged(next(TAGS))
                execution.compute(pins, own, own.work[-1:])
    assert "\n" not in str(raised.value)


def test_what_nobody_reads_runs_too_as_it_was_planned(shared: Client, pins: Pins) -> None:
    layers = (
        Layer("first", Relu(), ("images",)),
        Layer("dead", Conv2d(1, (3, 3), padding=(1, 1, 1, 1)), ("first",)),
        Layer("last", Relu(), ("first",)),
    )
    net = Network("dead", {"images": (1, 28, 28)}, layers, outputs=("last",)).initialised()
    plan = Plan.of(net, "height=2", images=IMAGES, workers=2)
    work = forward(plan, MnistTest(IMAGES), tag=next(TAGS))
    with execution.placed(pins, work), record(shared) as trace:
        execution.compute(pins, work, [layer for layer in work.work if layer.label == "last"])
    keys = {key for layer in work.work for key in layer.tasks}
    assert missing(trace, keys) == []
    assert trace["transfers"].dataset["bytes"].sum() == plan.bytes_moved > 0
