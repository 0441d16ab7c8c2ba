"""Counts of tasks made by hand: each falls to its phase and layer, and little is kept of the work of others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dask.utils import key_split

from daskcnn.live import counts as counting
from daskcnn.live.announcement import Announcement, Phase, Planned
from daskcnn.live.counts import Counts

LAYERS = (Planned("conv1", 2, 8), Planned("conv1.halo", 1, 0))
PHASES = (
    Phase("images and parameters", "run", LAYERS[:1], ()),
    Phase("warm-up", "run-0-w", LAYERS, ()),
    Phase("repeat 0", "run-0", LAYERS, ()),
)
TOLD = {
    "worker": "tcp://h:1",
    "startstops": [{"action": "transfer", "start": 0.0, "stop": 0.5}, {"action": "compute", "start": 1.0, "stop": 3.0}],
}


@dataclass(eq=False)
class Group:
    name: str


@dataclass(eq=False)
class Worker:
    address: str = "tcp://h:1"
    needs_what: dict[Any, int] = field(default_factory=dict)


@dataclass(eq=False)
class Task:
    """As much of what a scheduler has of a task as is counted."""

    first: str
    dependencies: Sequence["Task"] = ()
    processing_on: Worker = field(default_factory=Worker)
    size: int = 8

    @property
    def group(self) -> Group:
        return Group(self.first)

    @property
    def prefix(self) -> Group:
        return Group(key_split(self.first))

    def get_nbytes(self) -> int:
        return self.size


def announced() -> Counts:
    counts = Counts()
    counts.announce(Announcement("run", "mnist", (), PHASES), {})
    return counts


def test_each_task_falls_to_its_phase_and_layer() -> None:
    counts = announced()
    for key in ("conv1-run", "conv1-run-0-w", "conv1.halo-run-0", "conv1.halo-run-0", "conv1-run-1"):
        counts.made(Task(key), TOLD)
    found = [{name: own.tasks for name, own in tally.layers.items()} for tally in counts.phases]
    assert found == [{"conv1": 1}, {"conv1": 1}, {"conv1.halo": 2}]
    assert {name: own.tasks for name, own in counts.others.layers.items()} == {"conv1-run": 1}
    assert counts.current is counts.phases[2]
    assert counts.phases[2].layers["conv1.halo"].seconds == 4.0
    assert counts.phases[2].workers["tcp://h:1"].tasks == 2


def test_what_several_tasks_of_a_worker_read_moves_once() -> None:
    counts, read = announced(), Task("conv1-run-0")
    worker = Worker(needs_what={read: 1})
    counts.sent(Task("conv1-run-0", (read,), worker))
    worker.needs_what[read] = 2
    counts.sent(Task("conv1-run-0", (read,), worker))
    assert counts.phases[2].layers["conv1"].bytes == counts.phases[2].workers[worker.address].bytes == 8
    assert counts.awaited([worker])[counts.phases[2].layers["conv1"]] == 8
    assert not counts.awaited([Worker()])


def test_failures_are_counted() -> None:
    counts = announced()
    counts.failed(Task("conv1-run-0"))
    assert (counts.phases[2].layers["conv1"].failed, counts.phases[2].layers["conv1"].tasks) == (1, 0)


def test_a_run_is_kept_until_others_come() -> None:
    counts = announced()
    for key in ("other", "conv1-run-0"):
        counts.made(Task(key), TOLD)
    counts.end()
    counts.made(Task("conv1-run-0"), TOLD)
    assert counts.announced and counts.current.whole.tasks == 2
    counts.made(Task("other"), TOLD)
    assert counts.announced is None
    assert not counts.phases and counts.current is counts.others
    assert counts.others.layers["other"].tasks == 2


def test_names_without_end_do_not_fill_the_memory() -> None:
    counts, most = Counts(), counting.MOST + 5
    for number in range(most):
        counts.made(Task(f"prefix{number}"), TOLD)
    for number in range(counting.REMEMBERED):
        counts.made(Task(f"prefix{most - 1}-{number:032x}"), TOLD)
    assert len(counts.others.layers) == counting.MOST
    assert len(counts._places) <= counting.REMEMBERED
    assert counts.others.layers[f"prefix{most - 1}"].tasks == counting.REMEMBERED + 1


def test_a_phase_that_has_begun_does_not_begin_again() -> None:
    counts = announced()
    for key in ("conv1-run", "conv1-run-0", "conv1.more-run"):
        counts.made(Task(key), TOLD)
    assert counts.current is counts.phases[2]
