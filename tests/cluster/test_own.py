"""Real clusters, started and ended: what they hold to, and what they leave behind (nothing)."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest
from distributed import Client, Scheduler, Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.diagnostics.task_stream import TaskStreamPlugin
from threadpoolctl import threadpool_info

from daskcnn.cluster import connect, show_from_now_on
from daskcnn.cluster.own import DASHBOARD_PORT
from tests.foreign import ROOT

SPENT = {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"}
"""What a user's shell may hold, and workers must not get."""


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SPENT.items():
            patch.setenv(name, value)
        with connect("processes", workers=2) as client:
            yield client


@pytest.fixture(scope="module")
def threads() -> Iterator[Client]:
    with connect("threads", workers=2) as client:
        yield client


@pytest.fixture(params=["processes", "threads"])
def client(request: pytest.FixtureRequest) -> Client:
    client = request.getfixturevalue(request.param)
    assert isinstance(client, Client)
    return client


def test_each_worker_has_one_thread_for_tasks_and_one_for_blas(client: Client) -> None:
    def pools(dask_worker: Worker) -> tuple[int, int]:
        import numpy  # noqa: F401

        return dask_worker.state.nthreads, max(pool["num_threads"] for pool in threadpool_info())

    assert list(client.run(pools).values()) == [(1, 1)] * 2


def test_the_users_environment_is_back_as_soon_as_workers_run(processes: Client) -> None:
    assert {name: os.environ[name] for name in SPENT} == SPENT


def test_partitions_compare_fairly(client: Client) -> None:
    def policy(dask_scheduler: Scheduler) -> tuple[float, bool]:
        return dask_scheduler.WORKER_SATURATION, "stealing" in dask_scheduler.extensions

    def length(dask_worker: Worker) -> int | None:
        return dask_worker.transfer_incoming_log.maxlen

    assert client.run_on_scheduler(policy) == (float("inf"), False)
    assert set(client.run(length).values()) == {200_000}


def test_nothing_listens_beyond_loopback(client: Client) -> None:
    me = psutil.Process()
    listening = [
        connection.laddr.ip
        for process in [me, *me.children(recursive=True)]
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_the_printed_address_is_that_of_a_dashboard(client: Client) -> None:
    with urllib.request.urlopen(client.dashboard_link, timeout=30) as answer:
        assert b"Dask" in answer.read()


def test_a_taken_dashboard_port_is_no_matter() -> None:
    with socket.socket() as taken:
        # Another process may hold it already, which serves as well.
        if taken.connect_ex(("127.0.0.1", DASHBOARD_PORT)):
            taken.close()
            taken = socket.create_server(("127.0.0.1", DASHBOARD_PORT))
        with taken, connect("threads", workers=1) as client:
            assert f":{DASHBOARD_PORT}/" not in client.dashboard_link


class Impatient(WorkerPlugin):
    """Presses Ctrl-C again while the cluster closes."""

    def __init__(self, main: int) -> None:
        self.main = main

    def teardown(self, worker: Worker) -> None:
        os.kill(self.main, signal.SIGINT)


@pytest.mark.parametrize("failure", [None, KeyboardInterrupt])
def test_nothing_is_left_behind(failure: type[BaseException] | None, leftovers: Path) -> None:
    before = _surroundings()
    try:
        with connect("processes", workers=2) as client:
            assert len(client.run(os.getpid)) == 2
            assert list(leftovers.glob("daskcnn-*"))
            if failure:
                client.submit(time.sleep, 3600)
                client.register_plugin(Impatient(os.getpid()))
                raise failure
    except (ValueError, KeyboardInterrupt) as raised:
        assert failure and isinstance(raised, failure)
    assert _surroundings() == before
    assert not list(leftovers.iterdir())


def test_an_interrupt_while_workers_start_leaves_nothing(leftovers: Path) -> None:
    before = _surroundings()
    interrupt = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT)"
    with (
        dask.config.set({"distributed.worker.preload": [interrupt]}),
        pytest.raises(KeyboardInterrupt),
        connect("processes", workers=1),
    ):
        pytest.fail("the worker interrupts before it is there")
    assert _surroundings() == before
    assert not list(leftovers.iterdir())


def test_workers_leave_interrupts_to_this_process(processes: Client) -> None:
    workers = processes.run(os.getpid)
    for process in workers.values():
        os.kill(process, signal.SIGINT)
    assert processes.run(signal.sigpending) == {worker: {signal.SIGINT} for worker in workers}


def test_ctrl_c_ends_all_without_a_word(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED)
    ended = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
        capture_output=True,
        timeout=120,
    )
    assert (ended.stdout, ended.stderr) == (b"ended\n", b"")


INTERRUPTED = """
import os, signal, time
from daskcnn.cluster import connect

if __name__ == "__main__":
    try:
        with connect("processes", workers=2) as client:
            interrupt = client.submit(os.killpg, os.getpgid(0), signal.SIGINT)
            client.gather([interrupt, client.submit(time.sleep, 3600)])
    except KeyboardInterrupt:
        print("ended")
"""


def test_a_script_without_its_main_guard_is_told_of_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from daskcnn.cluster import connect\nwith connect('processes', 1):\n    print('begun')\n")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert "a script starts them below `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]


def test_each_worker_is_held_to_its_memory(processes: Client) -> None:
    def limit(dask_worker: Worker) -> int | None:
        return dask_worker.memory_manager.memory_limit

    (total,) = set(processes.run(limit).values())
    assert total and total * 2 <= psutil.virtual_memory().total
    with connect("threads", workers=2, memory_limit="123 MB") as client:
        assert list(client.run(limit).values()) == [123_000_000] * 2


@pytest.fixture
def leftovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that temporary files go to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _surroundings() -> tuple[dict[str, str], Any, list[int]]:
    """Environment, Dask's settings, processes started from here but Python's own helper, which stays."""
    started = [
        process.pid
        for process in psutil.Process().children(recursive=True)
        if "resource_tracker" not in " ".join(process.cmdline())
    ]
    return dict(os.environ), repr(dask.config.config), sorted(started)


def test_the_task_stream_can_begin_before_anybody_looks(client: Client) -> None:
    show_from_now_on(client)
    client.submit(sum, [1, 2], key="before-the-page-was-opened").result()

    def seen(dask_scheduler: Scheduler) -> list[object]:
        stream = dask_scheduler.plugins["task-stream"]
        assert isinstance(stream, TaskStreamPlugin)
        return [record["key"] for record in stream.buffer]

    assert "before-the-page-was-opened" in client.run_on_scheduler(seen)
