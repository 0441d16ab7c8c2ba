"""Clients that a program makes are recorded from when they connect until they, or their clusters, close."""

import asyncio
from typing import Any

import dask
import pytest
import xarray as xr
from distributed import Client, LocalCluster, worker_client

from daskcnn.tracing import Recorded, recorded_clients
from daskcnn.tracing.clients import PRELOAD, dask_setup


def cluster(**options: Any) -> LocalCluster:
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}
    return LocalCluster(**settings | options)


def work(client: Client, count: int) -> int:
    return sum(client.gather(client.map(abs, range(count), pure=False)))


def counts(found: list[Recorded]) -> list[int]:
    """Tasks of each client, of which none may lack any."""
    traces = [recorded.trace for recorded in found if isinstance(recorded.trace, xr.DataTree)]
    assert [trace.attrs["records_dropped"] for trace in traces] == [0] * len(found)
    return [trace["tasks"].sizes["task"] for trace in traces]


def test_one_client_after_the_other_on_one_cluster() -> None:
    with recorded_clients() as found, cluster() as there:
        for count in (3, 5):
            with Client(there) as client:
                work(client, count)
            assert len(found) == (1 if count == 3 else 2)
    assert counts(found) == [3, 5]
    assert [recorded.cluster for recorded in found] == ["threads", "threads"]


def test_two_at_once_see_the_same_cluster() -> None:
    with recorded_clients() as found, cluster() as there, Client(there) as one, Client(there) as other:
        work(one, 3)
        work(other, 5)
    assert counts(found) == [8, 8]


def test_a_client_that_is_never_closed() -> None:
    there = cluster()
    client = Client(there)  # made before: it is not recorded
    with recorded_clients() as found:
        late = Client(there)
        work(late, 4)
    assert counts(found) == [4]
    work(late, 1)
    for each in (late, client, there):
        each.close()
    assert counts(found) == [4]


@pytest.mark.parametrize("by_address", [False, True])
def test_a_cluster_that_closes_before_its_client(by_address: bool) -> None:
    with recorded_clients() as found:
        there = cluster()
        client = Client(there.scheduler_address if by_address else there)
        work(client, 4)
        there.close()
        client.close()
    assert counts(found) == [4]


def test_a_client_that_shuts_all_down() -> None:
    with recorded_clients() as found:
        client = Client(cluster())
        work(client, 4)
        client.shutdown()
    assert counts(found) == [4]


def test_a_scheduler_that_was_there_is_known_by_its_address(scheduler: str) -> None:
    with recorded_clients() as found, Client(scheduler) as client:
        work(client, 4)
    assert counts(found) == [4]
    assert found[0].cluster == scheduler


def test_an_asynchronous_client() -> None:
    async def main() -> None:
        async with cluster(asynchronous=True) as there, Client(there, asynchronous=True) as client:
            await client.gather(client.map(abs, range(4), pure=False))

    with recorded_clients() as found:
        asyncio.run(main())
    assert counts(found) == [4]


def test_an_event_loop_that_ends_before_its_client() -> None:
    loop = asyncio.new_event_loop()

    async def main() -> tuple[LocalCluster, Client]:
        there = await cluster(asynchronous=True)
        client = await Client(there, asynchronous=True)
        await client.gather(client.map(abs, range(4)))
        return there, client

    async def close(*opened: Any) -> None:
        for each in reversed(opened):
            await each.close()

    with recorded_clients() as found:
        opened = loop.run_until_complete(main())
    assert found[0].trace is None
    assert "event loop had ended" in found[0].problem
    loop.run_until_complete(close(*opened))
    loop.close()


def test_clients_of_tasks_are_part_of_their_cluster_s_work() -> None:
    def nested(count: int) -> int:
        with worker_client() as client:
            return work(client, count)

    with recorded_clients() as found, cluster() as there, Client(there) as client:
        assert client.submit(nested, 4).result() == 6
    assert counts(found) == [5]


def test_a_client_that_cannot_be_recorded_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError("no module named daskcnn")

    monkeypatch.setattr("daskcnn.recorder.recording.WorkerRecorder", refuse)
    with recorded_clients() as found, cluster() as there, Client(there) as client:
        assert work(client, 4) == 6
    assert [recorded.trace for recorded in found] == [None]
    assert "install daskcnn there too" in found[0].problem


def test_each_is_told_of_once_it_is_recorded() -> None:
    told: list[str] = []
    with recorded_clients(lambda client: told.append(client.id)), cluster() as there, Client(there) as client:
        assert told == [client.id]


@pytest.mark.parametrize("own", ["dask.array", ["dask.array"], []])
def test_other_preloads_stay(own: str | list[str]) -> None:
    with dask.config.set({PRELOAD: own}):
        with recorded_clients() as found, cluster() as there, Client(there) as client:
            work(client, 2)
            assert len(dask.config.get(PRELOAD)) == 1 + bool(own)
        assert dask.config.get(PRELOAD) == own
    assert counts(found) == [2]


def test_blocks_within_blocks_record_their_own() -> None:
    with cluster() as there, recorded_clients() as outer:
        with recorded_clients() as inner, Client(there) as client:
            work(client, 2)
        with Client(there) as client:
            work(client, 3)
    assert (counts(inner), counts(outer)) == ([2], [3])


def test_nobody_listens_outside_the_block() -> None:
    with cluster() as there, Client(there) as client:
        asyncio.run(dask_setup(client))
        assert work(client, 2) == 1
