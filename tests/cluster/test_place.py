"""Places for work, as far as nothing has to be started to know them."""

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest
from distributed import Worker

from daskcnn.cluster import Place, present
from daskcnn.cluster.interface import address_of, default_interface
from daskcnn.cluster.launch import Here
from daskcnn.cluster.mpi import Job
from daskcnn.errors import UsageError


def job(*nodes: str, cores: int = 4) -> Job:
    """The job of a rank on each of some nodes."""
    return Job("tcp://10.0.0.1:8786", tuple(Here(f"{node}.site", node, 1 << 34, cores, "") for node in nodes), 1 << 30)


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        ("aaa", "1 scheduler, 1 client, 1 worker on 1 node, each"),
        ("aaabbb", "1 scheduler, 1 client, 4 workers on 2 nodes, each"),
    ],
)
def test_a_job_says_who_is_who(nodes: str, told: str) -> None:
    place = Place("mpi", job=job(*nodes))
    assert place.notes == [f"mpi: {told} with one thread and at most 1.00 GiB"]
    assert (place.workers(), place.warnings) == (len(nodes) - 2, [])


def test_workers_that_share_cores_are_spoken_of() -> None:
    (told,) = Place("mpi", job=job(*"aaabbb", cores=2)).warnings
    assert told.startswith("3 workers share 2 cores of b.site: ")


def test_more_workers_than_ranks_are_refused_at_once() -> None:
    with pytest.raises(UsageError, match=r"5 workers asked for, 2 of 4 ranks are: start 7 ranks \(mpirun -n 7\)"):
        Place("mpi", job=job(*"aaaa")).connect(5)


def test_processes_listen_where_they_are_asked_to() -> None:
    try:
        name = default_interface(within=False)
    except UsageError:
        pytest.skip("this machine has no network but loopback")

    def listening(dask_worker: Worker) -> set[str]:
        every = psutil.Process().net_connections()
        return {connection.laddr.ip for connection in every if connection.status == psutil.CONN_LISTEN}

    with Place.of("processes", interface=name).connect(1) as client:
        assert f"//{address_of(name)}:" in client.dashboard_link
        assert all(f"//{address_of(name)}:" in address for address in present(client))
        assert list(client.run(listening).values()) == [{address_of(name)}]
