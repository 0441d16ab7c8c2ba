"""Each cluster is started when it is asked for, and they end in the order that undoes their settings."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import Client
from distributed.system import MEMORY_LIMIT

from daskcnn.cluster import Place
from daskcnn.errors import RunError
from daskcnn.study.clusters import Clusters, clusters


def test_the_last_one_started_ends_first() -> None:
    happened: list[str] = []

    @contextmanager
    def start(workers: int) -> Iterator[Any]:
        happened.append(f"start {workers}")
        yield SimpleNamespace(dashboard_link=f"dashboard {workers}")
        happened.append(f"end {workers}")

    up = Clusters(start, int, lambda client: happened.append(client.dashboard_link))
    for workers in (2, 1, 2, 3):
        assert up.client(workers).dashboard_link == f"dashboard {workers}"
    up.close()
    up.client(2)
    up.close()
    up.close()
    rounds = [["start 2", "dashboard 2", "start 1", "dashboard 1", "start 3", "dashboard 3", "end 3", "end 1", "end 2"]]
    rounds.append(["start 2", "dashboard 2", "end 2"])
    assert happened == [*rounds[0], *rounds[1]]


def test_a_cluster_that_is_there_already_is_told_of_once() -> None:
    told: list[str] = []

    @contextmanager
    def start(workers: int) -> Iterator[Any]:
        yield SimpleNamespace(dashboard_link="the same")

    up = Clusters(start, int, lambda client: told.append(client.dashboard_link))
    for workers in (1, 2):
        up.client(workers)
    up.close()
    assert told == ["the same"]


def limit(client: Client) -> tuple[int, int]:
    """How many workers a cluster has, and the least memory of one."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return len(workers), min(worker["memory_limit"] for worker in workers)


@pytest.mark.parametrize(("grows", "sharing"), [(False, 1), (True, 3)])
def test_one_cluster_of_our_own_serves_all(grows: bool, sharing: int) -> None:
    told: list[str] = []
    with closing(clusters(Place.of("threads"), {3, 1}, lambda client: told.append(client.id), grows=grows)) as up:
        assert up.client(1) is up.client(3)
        assert limit(up.client(1)) == (3, MEMORY_LIMIT // sharing) and told == [up.client(1).id]


def test_a_limit_that_is_asked_for_holds() -> None:
    with closing(clusters(Place.of("threads", memory_limit="1GB"), {2}, print, grows=False)) as up:
        assert limit(up.client(1)) == (2, 10**9)


def test_a_cluster_elsewhere_is_asked_for_as_many_as_are_used(scheduler: str) -> None:
    """It may have too few for the largest configuration, and enough for others."""
    with closing(clusters(Place.of(scheduler), {1, 2, 9}, lambda client: None, grows=False)) as up:
        assert limit(up.client(1))[0] == 2
        with pytest.raises(RunError, match="9 workers"):
            up.client(9)
        assert limit(up.client(2))[0] == 2
