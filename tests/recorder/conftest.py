"""Clusters to record on, all of which forget nearly everything themselves."""

from collections.abc import Iterator

import dask
import pytest
from distributed import Client

from daskcnn.cluster import connect
from tests.foreign import foreign

SHORT = {
    "distributed.admin.low-level-log-length": 5,
    "distributed.scheduler.dashboard.status.task-stream-length": 5,
    "distributed.scheduler.dashboard.tasks.task-stream-length": 5,
}


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    """Two workers of one thread, each a process."""
    with dask.config.set(SHORT), connect("processes", workers=2) as client:
        yield client


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A scheduler and two workers that were started from the shell."""
    with foreign(tmp_path_factory.mktemp("foreign")) as (address, _), connect(address, workers=2) as client:
        yield client


@pytest.fixture
def threads() -> Iterator[Client]:
    """Two workers of one thread, in this process."""
    with dask.config.set(SHORT), connect("threads", workers=2) as client:
        yield client


@pytest.fixture(params=["processes", "threads", "elsewhere"])
def client(request: pytest.FixtureRequest) -> Client:
    """Each of them."""
    client = request.getfixturevalue(request.param)
    assert isinstance(client, Client)
    return client
