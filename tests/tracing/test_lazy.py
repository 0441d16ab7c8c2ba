"""Work without a client goes to a cluster that starts when it is needed, once."""

import json
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import dask
import dask.array as da
import dask.bag as db
import pytest
from dask.base import compute
from dask.delayed import delayed
from distributed import Client, get_client

from daskcnn.cluster import connect
from daskcnn.tracing import by_default
from daskcnn.tracing.lazy import LazyClient


@contextmanager
def counted(entered: list[Client]) -> Iterator[Client]:
    with connect("threads", workers=1) as client:
        entered.append(client)
        yield client


def test_a_cluster_that_nobody_needs_does_not_start() -> None:
    entered: list[Client] = []
    with by_default(counted(entered)):
        da.ones(4, chunks=2).sum()
        assert da.ones(4, chunks=2).sum().compute(scheduler="threads") == 4
    assert entered == []


def test_all_that_has_no_client_goes_to_it() -> None:
    entered: list[Client] = []
    with by_default(counted(entered)):
        kept = da.ones(4, chunks=2).persist()
        assert entered
        # Persisted on its workers, not fetched.
        assert all(hasattr(value, "key") for value in kept.dask.values())
        assert kept.sum().compute() == 4
        assert compute(delayed(abs)(-1), da.ones(4, chunks=2).sum()) == (1, 4)
        assert db.range(10, npartitions=2).sum().compute() == 45
        assert get_client() is entered[0]
    assert len(entered) == 1
    assert entered[0].status == "closed"


def test_a_task_computes_within_its_worker() -> None:
    def nested(size: int) -> int:
        return int(da.ones(size, chunks=2).sum().compute())

    with by_default(counted([])):
        assert delayed(nested)(6).compute() == 6


def test_threads_that_need_it_at_once_start_it_once() -> None:
    entered: list[Client] = []
    with by_default(counted(entered)), ThreadPoolExecutor(3) as pool:
        found = pool.map(lambda number: delayed(abs)(-number).compute(), range(6))
        assert list(found) == [0, 1, 2, 3, 4, 5]
    assert len(entered) == 1


def test_a_client_of_the_program_s_own_comes_first_and_settings_are_put_back() -> None:
    before = dask.config.get("scheduler", None)
    entered: list[Client] = []
    with by_default(counted(entered)):
        with Client(processes=False, dashboard_address="127.0.0.1:0"):
            assert da.ones(4, chunks=2).sum().compute() == 4
        assert entered == []
        assert da.ones(4, chunks=2).sum().compute() == 4
        assert entered
    assert dask.config.get("scheduler", None) == before


def test_other_processes_are_sent_nothing() -> None:
    client = LazyClient.of(lambda: pytest.fail("started"))
    assert client
    assert not pickle.loads(pickle.dumps({"scheduler": client}))["scheduler"]
    assert json.dumps({"scheduler": client}) == '{"scheduler": ""}'


def test_a_cluster_that_does_not_start_is_told_where_it_was_needed() -> None:
    @contextmanager
    def broken() -> Iterator[Client]:
        raise OSError("no memory")
        yield

    with by_default(broken()), pytest.raises(OSError, match="no memory"):
        da.ones(4, chunks=2).sum().compute()


def test_main_is_itself_again() -> None:
    spec = sys.modules["__main__"].__spec__
    with by_default(counted([])):
        delayed(abs)(-1).compute()
        assert sys.modules["__main__"].__spec__ is spec
