"""The workers of a cluster, in order."""

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
