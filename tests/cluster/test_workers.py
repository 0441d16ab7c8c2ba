"""The workers of a cluster, in order."""

import dask
import pytest

from daskcnn.cluster import connect, owners, present
from daskcnn.errors import RunError


def test_owners_are_the_workers_by_name() -> None:
    with connect("threads", workers=2) as client:
        workers = present(client)
        assert [workers[address]["name"] for address in owners(client)] == [0, 1]
        assert owners(client, 1) == owners(client)[:1]
        with pytest.raises(RunError, match=r"3 workers asked for, 2 there"):
            owners(client, 3)


def test_no_worker_is_taken_to_be_gone_because_the_client_just_looked() -> None:
    # Dask's client asks for the scheduler's state now and then, without the workers, and keeps it in one place.
    with (
        dask.config.set({"distributed.client.scheduler-info-interval": "1ms"}),
        connect("threads", workers=2) as client,
    ):
        addresses = sorted(present(client))
        for _ in range(300):
            assert sorted(present(client)) == addresses
