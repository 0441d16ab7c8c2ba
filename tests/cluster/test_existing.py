"""Clusters that are there already, and what is there in their stead."""

import socket
import time
from collections.abc import Iterator

import pytest

from daskcnn.cluster import connect, existing, owners, present
from daskcnn.errors import NoClusterError, RunError
from tests.foreign import foreign


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with foreign(tmp_path_factory.mktemp("foreign")) as (address, _):
        yield address


def test_a_cluster_at_an_address_is_used_and_left_running(address: str) -> None:
    for _ in range(2):
        with connect(address, workers=2) as client:
            names = [present(client)[owner]["name"] for owner in owners(client)]
            assert (names, client.submit(sum, [1, 2]).result()) == (["w-0", "w-1"], 3)


def test_too_few_workers_at_an_address(address: str) -> None:
    _fails(address, rf"3 workers asked for, 2 at {address} after 0.5 s", workers=3)


def test_nobody_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    _fails(f"tcp://127.0.0.1:{port}", rf"no Dask scheduler at tcp://127.0.0.1:{port}: no answer in 0.5 s; start one")


def test_somebody_else_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        _fails(f"tcp://127.0.0.1:{mute.getsockname()[1]}", r"no answer in 0.5 s")


def test_a_worker_at_the_address(address: str) -> None:
    with connect(address, workers=2) as client:
        worker = owners(client)[0]
    _fails(worker, r"that is a Worker; start one")


def _fails(address: str, told: str, workers: int = 1) -> None:
    since = time.monotonic()
    with pytest.raises(RunError, match=told) as failed, connect(address, workers, timeout=0.5):
        pytest.fail("nobody is there")
    assert time.monotonic() - since < 10
    assert "\n" not in str(failed.value)


def test_a_scheduler_that_had_been_there_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(existing, "ANSWER", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        pytest.raises(NoClusterError, match=r"no answer in 0\.3 s; start the job again"),
        existing.existing(f"tcp://127.0.0.1:{mute.getsockname()[1]}", 1, 50, if_lost="start the job again"),
    ):
        pytest.fail("nobody is there")
