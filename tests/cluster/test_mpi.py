"""Real jobs under mpirun: what their ranks become, what they hold to, and that all end, whatever happens to which."""

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from daskcnn.store import Store
from tests.commands import PATIENCE, Done
from tests.mpi import command, ended, started

PARTITIONS = ("batch", "channel", "spatial")
SMALL = "--images 30 --repeat 1"

STUDY = """
import json, os, sys
import psutil
from threadpoolctl import threadpool_info
from daskcnn.cluster import connect, present

def pools(dask_worker):
    import numpy
    threads = max(pool["num_threads"] for pool in threadpool_info())
    return dask_worker.state.nthreads, threads, dask_worker.transfer_incoming_log.maxlen, os.environ["OMP_NUM_THREADS"]

def policy(dask_scheduler):
    return dask_scheduler.WORKER_SATURATION, "stealing" in dask_scheduler.extensions

def listening(dask_worker=None):
    found = [it.laddr for it in psutil.Process().net_connections() if it.status == psutil.CONN_LISTEN]
    # Ranks inherit a port of mpirun.
    inherited = [it.laddr for process in psutil.Process().parents()[:2] for it in process.net_connections()]
    return [address.ip for address in found if address not in inherited or address.ip != "0.0.0.0"]

if __name__ == "__main__":
    with connect("mpi", workers=2, memory_limit="600 MB") as client:
        found = {"workers": list(client.run(pools).values()), "policy": client.run_on_scheduler(policy)}
        there = present(client).values()
        found["limits"] = [worker["memory_limit"] for worker in there]
        found["folders"] = [worker["local_directory"] for worker in there]
        each = [*client.run(listening).values(), *client.run(listening, nanny=True).values()]
        found["listening"] = sum(each, [*client.run_on_scheduler(listening), *listening()])

    import daskcnn

    for chunks in sys.argv[1:]:
        run = daskcnn.run(chunks=chunks, cluster="mpi", images=30, repeat=1, store="runs", memory_limit="600 MB")
        found[chunks] = run.summary
    print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a script found that runs three partitions on its ranks, one after the other."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.py").write_text(STUDY)
    done = ended(folder, "study.py", *PARTITIONS)
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found | {"scratch": str(folder)}


@pytest.mark.parametrize("chunks", PARTITIONS)
def test_the_answer_is_that_of_one_thread_and_bytes_are_as_planned(study: dict[str, Any], chunks: str) -> None:
    row = study[chunks]
    assert (row["cluster"], row["workers"], row["same_as_serial"]) == ("mpi", 2, True)
    assert row["bytes_moved"] == row["bytes_planned"]
    assert (row["bytes_moved"] > 0) == (chunks != "batch")


def test_workers_are_like_those_on_one_machine(study: dict[str, Any]) -> None:
    assert study["workers"] == [[1, 1, 200_000, "1"]] * 2
    assert study["policy"] == [float("inf"), False]
    assert study["limits"] == [600_000_000] * 2


def test_within_one_node_nothing_listens_beyond_loopback(study: dict[str, Any]) -> None:
    assert set(study["listening"]) == {"127.0.0.1"}


def test_scratch_lies_in_the_jobs_folder(study: dict[str, Any]) -> None:
    assert len(set(study["folders"])) == 2
    assert all(folder.startswith(study["scratch"]) and "/daskcnn-" in folder for folder in study["folders"])


def test_the_command_says_who_is_who_and_is_quiet(tmp_path: Path) -> None:
    done = command(tmp_path, f"run --cluster mpi --chunks channel {SMALL} --json --output out.zarr")
    assert done.code == 0, done.err
    ranks, dashboard, tunnel = [line for line in done.err.splitlines() if "share" not in line]
    assert re.fullmatch(r"mpi: 1 scheduler, 1 client, 2 workers on 1 node, .* one thread and .* [MG]iB", ranks)
    address = re.fullmatch(r"Dask dashboard: http://127\.0\.0\.1:(\d+)/status", dashboard)
    assert address and f"ssh -N -L 8787:127.0.0.1:{address[1]} " in tunnel
    row = json.loads(done.out)
    assert (row["cluster"], row["workers"], row["same_as_serial"]) == ("mpi", 2, True)
    assert len(Store(tmp_path / "daskcnn-runs").runs()["run"]) == 1 and (tmp_path / "out.zarr").is_dir()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        # Found by each rank for itself, before MPI starts; and by the client alone, when the others serve already.
        (f"run --cluster mpi {SMALL} --images none", r"'none'"),
        ("run --cluster mpi --chunks sideways", r"sideways"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_once(tmp_path: Path, line: str, told: str) -> None:
    done = command(tmp_path, line, ranks=3)
    lines = [text for text in done.err.splitlines() if not text.startswith("mpi: ")]
    assert (done.code, done.out, len(lines)) == (2, "", 1), done.err
    assert re.search(told, lines[0])
    assert not (tmp_path / "daskcnn-runs").exists()


HURT = """
import os, signal, sys, time
from pathlib import Path
from daskcnn.cluster import connect

def work():
    Path("busy").touch()
    time.sleep(3600)

def hurt(dask_worker=None, dask_scheduler=None):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    with connect("mpi", workers=1) as client:
        busy = client.submit(work)
        while not Path("busy").exists():
            time.sleep(0.01)
        print("busy", flush=True)
        match sys.argv[1]:
            case "error":
                raise RuntimeError("the client fails")
            case "worker":
                client.run(hurt, nanny=True, on_error="ignore")
            case "scheduler":
                client.run_on_scheduler(hurt)
        busy.result()
"""


def hurt(folder: Path, who: str) -> Done:
    (folder / "hurt.py").write_text(HURT)
    return ended(folder, "hurt.py", who, ranks=3, patience=PATIENCE)


def test_an_error_of_the_client_ends_all(tmp_path: Path) -> None:
    done = hurt(tmp_path, "error")
    assert (done.code, done.out) == (1, "busy\n")
    assert done.err.splitlines()[-1] == "RuntimeError: the client fails" and done.err.count("Traceback") == 1


@pytest.mark.parametrize("who", ["scheduler", "worker"])
def test_a_killed_rank_ends_the_job(tmp_path: Path, who: str) -> None:
    done = hurt(tmp_path, who)
    # mpirun says so, and of which.
    assert done.code != 0 and "EXIT CODE: 9" in done.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_all_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "hurt.py").write_text(HURT)
    with started(tmp_path, "hurt.py", "none", ranks=3) as job:
        assert job.process.stdout and job.process.stdout.readline() == "busy\n"
        os.killpg(job.process.pid, number)
        done = job.end(PATIENCE)
    assert done.code != 0 and "CommClosedError" not in done.err
