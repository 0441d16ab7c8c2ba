"""Real jobs on a real Slurm of four virtual nodes: how they end, what they keep, what they leave."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from daskcnn.cluster.allocation import share
from daskcnn.store import Store
from tests.slurm.lab import NODES, Lab, lacking, slurm, until

pytestmark = pytest.mark.skipif(lacking() is not None, reason=str(lacking()))

EXAMPLES = Path(__file__).parents[2] / "examples" / "slurm"
WORKERS = NODES - 1
PATIENCE = 120
"""Seconds after which a job that should have ended is taken to hang."""
FAILING = "raise ValueError('no such luck')\n"
WAITING = """
import time, dask.array as da
from pathlib import Path
print("first", da.ones(30, chunks=1).sum().compute(), flush=True)
while not Path("go on").exists():
    time.sleep(0.1)
print("then", da.ones(60, chunks=1).sum().compute(), flush=True)
while not Path("end").exists():
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with slurm() as up:
        yield up


@dataclass(frozen=True)
class Desk:
    """A user's folder, with the names that users give, and a store."""

    lab: Lab
    folder: Path

    @property
    def store(self) -> Store:
        """The runs of the jobs."""
        return Store(self.folder / "runs")

    @property
    def scratch(self) -> Path:
        """What stands for the nodes' own disks."""
        return self.folder / "scratch"

    def submit(self, *words: str, nodes: int = NODES, each: int = 1, mpi: str = "pmi2") -> str:
        """Submit a job with so many ranks on each node; its number."""
        job = ["--nodes", str(nodes), "--tasks-per-node", str(each), "--mem", "2000M", "--time", "5", "--mpi", mpi]
        places = ["--scratch", str(self.scratch), "--output", "said", "--store", "runs"]
        done = subprocess.run(
            [sys.executable, "-m", "daskcnn", "sbatch", *job, *places, "--submit", "--", *words],
            cwd=self.folder,
            env=self.lab.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def said(self) -> str:
        """What the job has printed so far."""
        file = self.folder / "said"
        return file.read_text() if file.exists() else ""

    def until_said(self, text: str) -> None:
        """Wait for a word of the job."""
        until(lambda: text in self.said(), PATIENCE, text)

    def rank(self, job: str, number: int) -> psutil.Process:
        """The process that serves a rank of a job."""
        (found,) = (process for process in self.lab.processes(f"daskcnn-{job}-0") if _serves(process, number))
        return found

    def assert_left_clean(self, job: str) -> None:
        """No process, no scratch and no scheduler's file is left of a job."""
        until(lambda: not self.lab.processes(f"daskcnn-{job}-0"), 10, "the end of the job's processes")
        assert not self.scratch.exists() or not list(self.scratch.iterdir())
        assert not list(self.folder.glob("daskcnn-*.json"))


def _serves(process: psutil.Process, rank: int) -> bool:
    """Whether a process of a job is that rank's; others come and go."""
    try:
        above = process.parent()
        asked = "-m" in process.cmdline() and process.environ().get("SLURM_PROCID") == str(rank)
        return asked and above is not None and "bash" in above.name()
    except psutil.Error:
        return False


@pytest.fixture
def desk(lab: Lab, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / """it's a "desk" for $HOME #1"""
    folder.mkdir()
    yield Desk(lab, folder)
    # A job that a failed test leaves would keep the next one's from starting.
    lab.cancel()


def test_a_job_completes_with_its_run_in_the_store(desk: Desk) -> None:
    job = desk.submit("run", "--chunks", "channel", "--images", "1000", "--repeat", "2")
    assert desk.lab.end(job, PATIENCE) == "COMPLETED", desk.said()
    (run,) = desk.store.ids()
    tree = desk.store.open(run)
    assert tree["same_as_serial"].item() == 1 and tree["workers"].item() == WORKERS
    assert tree["records_dropped"].item() == 0
    assert tree["trace/workers"].dataset["threads"].values.tolist() == [1] * WORKERS
    assert tree["trace/workers"].dataset["blas_threads"].values.tolist() == [1] * WORKERS
    # Of 2000 MiB, which the one rank of a node has.
    assert tree["trace/workers"].dataset["memory_limit"].values.tolist() == [share(2000 << 20, ranks=1)] * WORKERS
    assert f"{run}: mnist, channel={WORKERS}" in desk.said()
    desk.assert_left_clean(job)


def test_a_failing_client_fails_the_job_in_seconds(desk: Desk) -> None:
    (desk.folder / "failing.py").write_text(FAILING)
    job = desk.submit("trace", "failing.py", nodes=2)
    assert desk.lab.end(job, 30) == "FAILED"
    assert desk.lab.fact(job, "ExitCode") == "1:0" and "ValueError: no such luck" in desk.said()
    desk.assert_left_clean(job)


def test_a_lost_rank_is_survived_and_a_requeued_job_begins_anew(desk: Desk) -> None:
    (desk.folder / "waiting.py").write_text(WAITING)
    job = desk.submit("trace", "waiting.py", nodes=2, each=2)
    desk.until_said("first 30.0")
    desk.rank(job, 2).kill()
    (desk.folder / "go on").touch()
    desk.until_said("then 60.0")
    # The same number on the same nodes, where a killed rank could leave what MPICH stumbles over.
    desk.lab.call("scontrol", "requeue", job)
    until(lambda: desk.lab.fact(job, "JobState") == "PENDING", 30, "the job in the queue again")
    desk.assert_left_clean(job)
    desk.lab.call("scontrol", "update", f"JobId={job}", "StartTime=now")
    (desk.folder / "end").touch()
    assert desk.lab.end(job, PATIENCE) == "COMPLETED", desk.said()
    assert desk.said().count("then 60.0") == 2
    desk.assert_left_clean(job)


def test_a_cancelled_job_leaves_nothing_and_needs_no_mpi(desk: Desk) -> None:
    (desk.folder / "waiting.py").write_text(WAITING)
    job = desk.submit("trace", "waiting.py", nodes=2, mpi="none")
    desk.until_said("first 30.0")
    assert {path.name for path in desk.scratch.glob(f"daskcnn-{job}-0/*")} == {"0", "1", "client"}
    desk.lab.call("scancel", job)
    assert desk.lab.end(job, 30) == "CANCELLED"
    desk.assert_left_clean(job)


def test_the_example_without_mpi(desk: Desk) -> None:
    for name in ("runner.sbatch", "runner.py"):
        shutil.copy(EXAMPLES / name, desk.folder)
    # What stands for the virtual environment.
    (desk.folder / ".venv").symlink_to(sys.prefix)
    words = ["sbatch", "--parsable", "--nodes=3", "--ntasks-per-node=1", "--time=5", "--output=said", "runner.sbatch"]
    job = desk.lab.call(*words, folder=desk.folder).strip()
    assert desk.lab.end(job, PATIENCE) == "COMPLETED", desk.said()
    (run,) = Store(desk.folder / "daskcnn-runs").ids()
    assert f"{run}: " in desk.said() and desk.said().count("\n") == 2
