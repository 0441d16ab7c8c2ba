"""Each cluster is started when it is asked for, and they end in the order that undoes their settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from daskcnn.study.clusters import Clusters


def test_the_last_one_started_ends_first() -> None:
    happened: list[str] = []

    @contextmanager
    def start(workers: int) -> Iterator[Any]:
        happened.append(f"start {workers}")
        yield SimpleNamespace(dashboard_link=f"dashboard {workers}")
        happened.append(f"end {workers}")

    clusters = Clusters(start, lambda client: happened.append(client.dashboard_link))
    for workers in (2, 1, 2, 3):
        assert clusters.client(workers).dashboard_link == f"dashboard {workers}"
    clusters.close()
    clusters.client(2)
    clusters.close()
    clusters.close()
    rounds = [["start 2", "dashboard 2", "start 1", "dashboard 1", "start 3", "dashboard 3", "end 3", "end 1", "end 2"]]
    rounds.append(["start 2", "dashboard 2", "end 2"])
    assert happened == [*rounds[0], *rounds[1]]


def test_a_cluster_that_is_there_already_is_told_of_once() -> None:
    told: list[str] = []

    @contextmanager
    def start(workers: int) -> Iterator[Any]:
        yield SimpleNamespace(dashboard_link="the same")

    clusters = Clusters(start, lambda client: told.append(client.dashboard_link))
    for workers in (1, 2):
        clusters.client(workers)
    clusters.close()
    assert told == ["the same"]
