"""A worker that is killed is made up for: others compute again what it had, and predictions are the serial ones."""

import os
from collections.abc import Iterator

import pytest
from distributed import Client

from daskcnn import networks
from daskcnn.blocks.layer import Key
from daskcnn.cluster import connect, owners
from daskcnn.forward import Forward, forward
from daskcnn.placement import Losses, placement
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from tests.faults.held import PATIENCE, alone, computing, kill, predictions, whole_again
from tests.foreign import foreign

IMAGES = 24
WORKERS = 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with connect("processes", workers=WORKERS) as client:
        yield client


@pytest.fixture
def client(cluster: Client) -> Client:
    """Of a cluster that is whole."""
    whole_again(cluster, WORKERS)
    return cluster


def work_of(chunks: str, workers: int, tag: str) -> Forward:
    plan = Plan.of(networks.mnist().classifier(), chunks, images=IMAGES, workers=workers)
    return forward(plan, MnistTest(IMAGES), engine="numpy", tag=tag)


def key_at(work: Forward, share: float) -> Key:
    """A task of the work, that share of the way through."""
    keys = [key for layer in work.work for key in layer.tasks]
    return keys[round(share * (len(keys) - 1))]


@pytest.mark.parametrize(
    ("chunks", "workers", "share"),
    [("batch=3", 3, 1.0), ("channel=2", 2, 0.4), ("spatial=2x2", 3, 0.3), ("filter=2", 2, 0.6), ("pipeline", 2, 0.9)],
)
def test_what_a_killed_worker_had_is_computed_again(client: Client, chunks: str, workers: int, share: float) -> None:
    work = work_of(chunks, workers, f"{chunks}-{share}")
    with (
        placement(client, owners(client, workers)) as pins,
        computing(pins, work, key_at(work, share), work.work[0].tag) as (held, found),
    ):
        kill(client, held.where())
        held.let_go()
        assert predictions(found.result(PATIENCE)) == alone(work)
        losses = pins.state().losses
    assert losses.workers_lost == 1 and losses.tasks_recomputed >= 1


def test_several_may_be_lost_one_after_the_other_and_while_images_are_placed(client: Client) -> None:
    work = work_of("spatial=3", 3, "several")
    first = next(key for layer in work.setup if layer.label.endswith("images") for key in layer.tasks)
    with (
        placement(client, owners(client, 3)) as pins,
        computing(pins, work, first, "several") as (held, found),
    ):
        for _ in range(3):
            kill(client, held.where())
        held.let_go()
        assert predictions(found.result(PATIENCE)) == alone(work)
        assert pins.state().losses.workers_lost == 3


def test_a_worker_that_is_started_anew_has_its_tasks_again(client: Client) -> None:
    addresses = owners(client)
    with placement(client, addresses) as pins:
        kill(client, addresses[1])
        again = whole_again(client, WORKERS)
        state = pins.state()
        assert (again[0], again[2]) == (addresses[0], addresses[2]) and again[1] != addresses[1]
        assert state.losses == Losses(1, 1, 0) and state.addresses == (*addresses, again[1])
        work = work_of("batch=3", 3, "anew")
        last = list(work.work[-1].tasks)
        with computing(pins, work, last[1], "anew") as (held, found):
            assert held.where() == again[1]
            held.let_go()
            found.result(PATIENCE)


def test_a_spare_worker_of_a_foreign_scheduler_takes_over(tmp_path_factory: pytest.TempPathFactory) -> None:
    with foreign(tmp_path_factory.mktemp("spare"), workers=3) as (address, _), connect(address, 3) as client:
        *used, spare = owners(client)
        work = work_of("channel=2", 2, "spare")
        with (
            placement(client, used) as pins,
            computing(pins, work, key_at(work, 0.5), "spare") as (held, found),
        ):
            kill(client, held.where())
            assert held.where() == spare
            held.let_go()
            assert predictions(found.result(PATIENCE)) == alone(work)
            assert pins.state().losses.workers_lost == 1
        # No nanny: it is gone for good.
        assert len(client.run(os.getpid)) == 2
