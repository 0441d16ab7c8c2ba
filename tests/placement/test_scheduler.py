"""The plugin on a real scheduler: it goes with its run and with its client, and heeds its own tasks alone."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from dask._task_spec import Task
from distributed import Client, Scheduler, Worker, get_worker

from daskcnn.blocks.layer import BlockLayer
from daskcnn.cluster import connect, owners
from daskcnn.placement import Pins, placement
from tests.faults.held import PATIENCE, remove


@pytest.fixture
def client() -> Iterator[Client]:
    with connect("threads", workers=3) as client:
        yield client


def plugins(dask_scheduler: Scheduler) -> list[str]:
    return [name for name in dask_scheduler.plugins if name.startswith("daskcnn-placement")]


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        sleep(0.01)


def where() -> str:
    return str(get_worker().address)


def run(pins: Pins, tag: str, count: int = 3) -> list[str]:
    """The addresses at which tasks of each owner ran."""
    layer = BlockLayer("where", tag)
    for owner in range(count):
        layer.add(Task((layer.name, owner), where), owner, 0, 0)
    with pins.of([layer]):
        found: list[str] = pins.client.get(layer.tasks, list(layer.tasks))
    return found


def test_it_goes_with_its_block(client: Client) -> None:
    with placement(client, owners(client)):
        assert len(client.run_on_scheduler(plugins)) == 1
    assert client.run_on_scheduler(plugins) == []


def test_it_goes_with_its_client(client: Client) -> None:
    assert client.scheduler
    with Client(client.scheduler.address, set_as_default=False) as other, placement(other, owners(other)):
        assert len(client.run_on_scheduler(plugins)) == 1
        other.close()
        until(lambda: client.run_on_scheduler(plugins) == [])


def test_tasks_of_owners_run_where_they_should_while_workers_come_and_go(client: Client) -> None:
    addresses = owners(client)
    with placement(client, addresses[::-1]) as pins:
        assert run(pins, "all") == addresses[::-1]
        client.run_on_scheduler(remove, addresses[1])
        assert run(pins, "two") == [addresses[2], addresses[0], addresses[0]]
        assert pins.state().losses.workers_lost == 1


def test_two_runs_on_one_scheduler_do_not_meet(client: Client) -> None:
    first, second, third = owners(client)
    with placement(client, [first, second]) as pins, placement(client, [second, third, first]) as others:
        client.run_on_scheduler(remove, second)
        assert run(pins, "one", 2) == [first, third]
        assert run(others, "other") == [first, third, first]
        assert pins.state().losses == others.state().losses == (1, 0, 0)
        assert pins.state().addresses == (first, second, third)
    assert client.run_on_scheduler(plugins) == []


def test_a_worker_that_leaves_gracefully_is_made_up_for(client: Client) -> None:
    first, second, third = owners(client)
    with placement(client, [first, second, third]) as pins:
        client.retire_workers([second])
        assert run(pins, "left") == [first, first, third]
        assert pins.state().losses == (1, 0, 0)


def test_silence_is_not_taken_for_loss_while_a_worker_is_heard(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.placement.scheduler.LISTEN_MILLISECONDS", 100)
    # Half a second between two heartbeats.
    monkeypatch.setattr("daskcnn.placement.scheduler.SILENT", 12)

    def beats(dask_worker: Worker) -> None:
        dask_worker.periodic_callbacks["heartbeat"].stop()

    with placement(client, owners(client)) as pins:
        client.run(beats, workers=owners(client)[:1])
        until(lambda: pins.state().losses.workers_lost == 1)
        assert pins.state().there == 2
